import type { SlackAnswer } from '../../lib/app/slack/deps.ts';
import type { SlackReceived } from '../../lib/app/slack/receive-slack.ts';
import {
  jsonResponse,
  textResponse,
  unauthorizedResponse,
  type HttpResponse,
} from '../../lib/codec/http-response.ts';

const busyText = 'Nothing was done: it cannot be checked just now who you are. Try again.';

/**
 * What Slack gets. It shows an error of its own for any status but 200, so only what is not
 * signed gets another one: people are told in words.
 */
export function respond(received: SlackReceived): HttpResponse {
  switch (received.kind) {
    case 'unauthorized':
      return unauthorizedResponse();
    case 'busy':
      return jsonResponse(200, { response_type: 'ephemeral', text: busyText });
    case 'answered':
      return answered(received.answer);
  }
}

/** https://docs.slack.dev/interactivity/handling-user-interaction */
function answered(answer: SlackAnswer): HttpResponse {
  switch (answer.kind) {
    case 'nothing':
      return textResponse(200, '');
    case 'message':
      return jsonResponse(200, { response_type: 'ephemeral', ...answer.message });
    case 'errors':
      return jsonResponse(200, { response_action: 'errors', errors: answer.errors });
    case 'view':
      return jsonResponse(200, { response_action: 'update', view: answer.view });
  }
}

import { receiveSlack } from '../../lib/app/slack/receive-slack.ts';
import { decodeHttpEvent, headerOf, type HttpApiEvent } from '../../lib/codec/http-event.ts';
import type { HttpResponse } from '../../lib/codec/http-response.ts';
import { wireSlack } from '../../lib/wire/slack.ts';
import { respond } from './respond.ts';

const app = wireSlack();

/** Takes one command or interaction of Slack. */
export async function handler(event: HttpApiEvent): Promise<HttpResponse> {
  const request = decodeHttpEvent(event);
  const { requestId } = request;
  const received = await receiveSlack(app, {
    entry: request.path.endsWith('/interactions') ? 'interactions' : 'commands',
    rawBody: request.bodyBytes,
    timestamp: headerOf(request, 'x-slack-request-timestamp'),
    signature: headerOf(request, 'x-slack-signature'),
    requestId,
  });
  if (received.kind === 'busy') {
    app.log.error('A request of Slack was not taken.', { requestId, why: received.failure });
  }
  return respond(received);
}

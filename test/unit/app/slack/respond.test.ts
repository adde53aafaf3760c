import { expect, it } from 'vitest';
import { respond } from '../../../../functions/slack/respond.ts';
import type { SlackReceived } from '../../../../lib/app/slack/receive-slack.ts';

const failure = { kind: 'unavailable', message: 'The secret store is down.' } as const;

it.each<readonly [string, SlackReceived, number, unknown]>([
  ['a stranger', { kind: 'unauthorized' }, 401, { error: 'unauthorized' }],
  [
    'no way to tell',
    { kind: 'busy', failure },
    200,
    {
      response_type: 'ephemeral',
      text: 'Nothing was done: it cannot be checked just now who you are. Try again.',
    },
  ],
  ['nothing to say', { kind: 'answered', answer: { kind: 'nothing' } }, 200, null],
  [
    'a message',
    { kind: 'answered', answer: { kind: 'message', message: { text: 'a', blocks: [] } } },
    200,
    { response_type: 'ephemeral', text: 'a', blocks: [] },
  ],
  [
    'a form with something wrong in it',
    { kind: 'answered', answer: { kind: 'errors', errors: { text: 'b' } } },
    200,
    { response_action: 'errors', errors: { text: 'b' } },
  ],
  [
    'something in place of a form',
    { kind: 'answered', answer: { kind: 'view', view: { type: 'modal' } } },
    200,
    { response_action: 'update', view: { type: 'modal' } },
  ],
])('%s', (_what, received, statusCode, body) => {
  const response = respond(received);
  expect(response.statusCode).toBe(statusCode);
  expect(response.body === '' ? null : JSON.parse(response.body)).toEqual(body);
});

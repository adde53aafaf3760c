import { createHmac } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Timekeeper } from '../../../shared/timekeeper.ts';
import { readBody } from '../../../shared/read-body.ts';
import { ANSWER_TIMEOUT_MS } from '../settings.ts';

/** What the app made of a command or an interaction. */
export type AppAnswer =
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly contentType: string;
      readonly body: string;
    }
  | { readonly kind: 'timed_out' }
  | { readonly kind: 'unreachable' };

export interface SignedPost {
  readonly url: string;
  readonly form: Readonly<Record<string, string>>;
  readonly signingSecret: string;
  readonly timekeeper: Timekeeper;
}

const MAX_ANSWER_BYTES = 1 << 20;

/**
 * Posts a form as Slack does: signed over its raw bytes, over a connection of its own, with three
 * seconds for the whole answer. Never rejects.
 */
export function postSigned({
  url,
  form,
  signingSecret,
  timekeeper,
}: SignedPost): Promise<AppAnswer> {
  const body = Buffer.from(new URLSearchParams(form).toString(), 'utf8');
  const timestamp = String(Math.floor(timekeeper.nowMs() / 1000));
  return new Promise((resolve) => {
    const send = url.startsWith('https:') ? httpsRequest : httpRequest;
    const outgoing = send(url, {
      method: 'POST',
      agent: false,
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'content-length': String(body.byteLength),
        'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
        'x-slack-request-timestamp': timestamp,
        'x-slack-signature': signatureOf(body, timestamp, signingSecret),
      },
    });
    const cancel = timekeeper.after(ANSWER_TIMEOUT_MS, () => {
      resolve({ kind: 'timed_out' });
      outgoing.destroy();
    });
    const end = (answer: AppAnswer): void => {
      cancel();
      resolve(answer);
    };
    outgoing.on('error', () => end({ kind: 'unreachable' }));
    outgoing.on('response', (incoming) => {
      void readBody(incoming, MAX_ANSWER_BYTES).then((read) =>
        end(
          read.kind === 'ok'
            ? {
                kind: 'answered',
                status: incoming.statusCode ?? 0,
                contentType: incoming.headers['content-type'] ?? '',
                body: read.body.toString('utf8'),
              }
            : { kind: 'unreachable' },
        ),
      );
    });
    outgoing.end(body);
  });
}

/** `X-Slack-Signature` (https://docs.slack.dev/authentication/verifying-requests-from-slack). */
export function signatureOf(body: Uint8Array, timestamp: string, secret: string): string {
  const digest = createHmac('sha256', secret).update(`v0:${timestamp}:`).update(body).digest('hex');
  return `v0=${digest}`;
}

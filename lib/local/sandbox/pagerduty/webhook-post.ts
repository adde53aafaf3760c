import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Timekeeper } from '../../shared/timekeeper.ts';

export interface WebhookRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly timeoutMs: number;
}

/** `failed`: no answer came, in time or at all. */
export type WebhookAnswer =
  | { readonly kind: 'answered'; readonly status: number }
  | { readonly kind: 'failed'; readonly reason: string };

export type WebhookPost = (request: WebhookRequest) => Promise<WebhookAnswer>;

/**
 * Posts over a connection of its own, so that one which the other side has closed is never met. The
 * time counts until the head of the answer; its body is let go by.
 */
export function createWebhookPost(timekeeper: Timekeeper): WebhookPost {
  return ({ url, headers, body, timeoutMs }) =>
    new Promise((resolve) => {
      const send = url.startsWith('https:') ? httpsRequest : httpRequest;
      const outgoing = send(url, {
        method: 'POST',
        agent: false,
        headers: { ...headers, 'content-length': String(body.byteLength) },
      });
      const cancel = timekeeper.after(timeoutMs, () => {
        outgoing.destroy(new Error(`no answer within ${timeoutMs} ms`));
      });
      outgoing.on('response', (answer) => {
        cancel();
        answer.resume();
        answer.on('error', () => undefined);
        resolve({ kind: 'answered', status: answer.statusCode ?? 0 });
      });
      outgoing.on('error', (error) => {
        cancel();
        resolve({ kind: 'failed', reason: error.message });
      });
      outgoing.end(body);
    });
}

import type { ServerResponse } from 'node:http';
import type { JsonObject } from '../../../../domain/shared/json.ts';

/** What becomes of a request: an answer, a stream of them, or one of the two ways of giving none. */
export type Reply =
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly body: JsonObject;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** `open` is given what writes one line, and gives what ends it. */
  | { readonly kind: 'stream'; readonly open: (stream: Stream) => () => void }
  | { readonly kind: 'cut' }
  | { readonly kind: 'silence' };

export interface Stream {
  readonly write: (line: JsonObject) => void;
  readonly end: () => void;
}

export const answer = (status: number, body: JsonObject): Reply => ({
  kind: 'answer',
  status,
  body,
});
export const cut: Reply = { kind: 'cut' };
export const silence: Reply = { kind: 'silence' };

const JSON_TYPE = { 'content-type': 'application/json', 'cache-control': 'no-cache, private' };

export function sendReply(response: ServerResponse, reply: Reply): void {
  switch (reply.kind) {
    case 'answer':
      response.writeHead(reply.status, { ...JSON_TYPE, ...reply.headers });
      response.end(`${JSON.stringify(reply.body)}\n`);
      return;
    case 'stream': {
      response.writeHead(200, JSON_TYPE);
      response.flushHeaders();
      const close = reply.open({
        write: (line) => response.write(`${JSON.stringify(line)}\n`),
        end: () => response.end(),
      });
      response.once('close', close);
      return;
    }
    case 'cut':
      response.destroy();
      return;
    case 'silence':
      return;
  }
}

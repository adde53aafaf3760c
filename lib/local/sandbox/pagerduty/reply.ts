import type { ServerResponse } from 'node:http';

/** What becomes of a request: an answer, or one of the two ways of not giving one. */
export type Reply =
  | {
      readonly kind: 'json';
      readonly status: number;
      readonly body: object;
      readonly headers?: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'text'; readonly status: number; readonly body: string }
  | { readonly kind: 'cut' }
  | { readonly kind: 'silence' };

export const cut: Reply = { kind: 'cut' };
export const silence: Reply = { kind: 'silence' };

export function json(status: number, body: object): Reply {
  return { kind: 'json', status, body };
}

/** An error of the REST API. */
export function restError(
  status: number,
  code: number,
  { message, errors = [] }: { readonly message: string; readonly errors?: readonly string[] },
): Reply {
  return json(status, { error: { message, code, errors } });
}

/** An error of the Events API. */
export function eventError(status: number, errors: readonly string[]): Reply {
  return json(status, { status: 'invalid event', message: 'Event object is invalid', errors });
}

export function sendReply(response: ServerResponse, reply: Reply): void {
  switch (reply.kind) {
    case 'json': {
      const body = Buffer.from(JSON.stringify(reply.body));
      response.writeHead(reply.status, {
        'content-type': 'application/json; charset=utf-8',
        'content-length': body.byteLength,
        ...reply.headers,
      });
      response.end(body);
      return;
    }
    case 'text':
      response.writeHead(reply.status, { 'content-type': 'text/html; charset=utf-8' });
      response.end(reply.body);
      return;
    case 'cut':
      response.destroy();
      return;
    case 'silence':
      return;
  }
}

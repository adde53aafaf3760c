import type { ServerResponse } from 'node:http';
import {
  jsonResponse,
  type ExtraHeaders,
  type HttpResponse,
} from '../../../codec/http-response.ts';

/** What becomes of a request: an answer, or one of the two ways of not giving one. */
export type Reply =
  | { readonly kind: 'answer'; readonly response: HttpResponse }
  | { readonly kind: 'cut' }
  | { readonly kind: 'silence' };

export const cut: Reply = { kind: 'cut' };
export const silence: Reply = { kind: 'silence' };

export const answer = (response: HttpResponse): Reply => ({ kind: 'answer', response });

export const json = (status: number, body: object, headers?: ExtraHeaders): Reply =>
  answer(jsonResponse(status, body, headers));

/** A text for the person or the test that asked. */
export const problem = (status: number, message: string): Reply => json(status, { message });

export function sendReply(response: ServerResponse, reply: Reply): void {
  switch (reply.kind) {
    case 'answer': {
      const { statusCode, headers, body } = reply.response;
      response.writeHead(statusCode, headers);
      response.end(body);
      return;
    }
    case 'cut':
      response.destroy();
      return;
    case 'silence':
      return;
  }
}

import { headerOf, type HttpRequest } from '../../lib/codec/http-event.ts';
import {
  htmlResponse,
  textResponse,
  type HtmlPage,
  type HttpResponse,
} from '../../lib/codec/http-response.ts';

/** The page, or 304 to a reader who shows just this: a phone then loads nothing. */
export const fresh = (request: HttpRequest, tag: string, render: () => HtmlPage): HttpResponse =>
  isShown(request, tag) ? notModified(tag) : htmlResponse(200, render(), { etag: `"${tag}"` });

export const isShown = (request: HttpRequest, tag: string): boolean =>
  headerOf(request, 'if-none-match') === `"${tag}"`;

export const notModified = (tag: string): HttpResponse =>
  textResponse(304, '', { etag: `"${tag}"` });

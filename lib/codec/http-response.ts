/** A response in payload format 2.0. Always with a status: without one the gateway answers 200. */
export interface HttpResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly isBase64Encoded: false;
}

/** Extra headers by lower-case name, for example `retry-after` in seconds with a 503. */
export type ExtraHeaders = Readonly<Record<string, string>>;

/** On every response: nothing is cached, sniffed, framed or told to other sites. */
const baseHeaders: ExtraHeaders = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

const respond = (statusCode: number, body: string, headers: ExtraHeaders): HttpResponse => ({
  statusCode,
  headers: { ...baseHeaders, ...headers },
  body,
  isBase64Encoded: false,
});

/** JSON with a newline at its end, so that a terminal shows it well. */
export const jsonResponse = (
  statusCode: number,
  value: unknown,
  headers: ExtraHeaders = {},
): HttpResponse =>
  respond(statusCode, `${JSON.stringify(value)}\n`, {
    'content-type': 'application/json; charset=utf-8',
    ...headers,
  });

/** Plain text; another `content-type`, such as Markdown's, goes into the headers. */
export const textResponse = (
  statusCode: number,
  text: string,
  headers: ExtraHeaders = {},
): HttpResponse =>
  respond(statusCode, text, { 'content-type': 'text/plain; charset=utf-8', ...headers });

/** A page and what it may run: CSP source expressions such as `'sha256-…'` of inline code. */
export interface HtmlPage {
  readonly html: string;
  readonly scriptSources: readonly string[];
  readonly styleSources: readonly string[];
}

/**
 * A page that can load nothing but what it names, and talk to nobody but its own origin. Links
 * to it may carry a signature, so it sends no referrer anywhere.
 */
export function htmlResponse(
  statusCode: number,
  page: HtmlPage,
  headers: ExtraHeaders = {},
): HttpResponse {
  const sources = (list: readonly string[]): string =>
    list.length === 0 ? "'none'" : list.join(' ');
  const policy = [
    "default-src 'none'",
    `script-src ${sources(page.scriptSources)}`,
    `style-src ${sources(page.styleSources)}`,
    "img-src 'self' data:",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
  return respond(statusCode, page.html, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': policy,
    'cross-origin-opener-policy': 'same-origin',
    ...headers,
  });
}

/** The one answer to whoever does not prove who they are: it never says what was wrong. */
export const unauthorizedResponse = (): HttpResponse =>
  jsonResponse(401, { error: 'unauthorized' }, { 'www-authenticate': 'Bearer' });

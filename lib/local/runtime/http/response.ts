import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { isJsonObject, parseJson, type JsonObject } from '../../shared/json.ts';
import type { InvocationResult } from '../functions/invocation.ts';

/** A response, ready to be written. */
export interface HttpAnswer {
  readonly statusCode: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body: string | Buffer;
}

/** API Gateway's own answers have this shape. */
export function messageAnswer(statusCode: number, message: string): HttpAnswer {
  return {
    statusCode,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ message }),
  };
}

/**
 * What an HTTP API answers for the end of an invocation: the function's own answer; 500 when it
 * failed; 503 when it took too long or there was no room; 413 when the request does not fit into an event.
 */
export function toHttpAnswer(result: InvocationResult): HttpAnswer {
  switch (result.kind) {
    case 'ok':
      return functionAnswer(parseJson(result.payload)) ?? internalError();
    case 'function_error':
      return internalError();
    case 'timed_out':
    case 'throttled':
      return messageAnswer(503, 'Service Unavailable');
    case 'too_large':
      return result.what === 'event'
        ? messageAnswer(413, 'Request Entity Too Large')
        : internalError();
  }
}

/** Writes an answer once; the request id goes along under API Gateway's header. */
export function writeAnswer(response: ServerResponse, answer: HttpAnswer, requestId: string): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(answer.statusCode, {
    ...answer.headers,
    'content-length': Buffer.byteLength(answer.body),
    'apigw-requestid': requestId,
  });
  response.end(answer.body);
}

function internalError(): HttpAnswer {
  return messageAnswer(500, 'Internal Server Error');
}

/** Without `statusCode` any JSON is the body of a 200; with one the object is the response. */
function functionAnswer(value: unknown): HttpAnswer | undefined {
  if (isJsonObject(value) && Object.hasOwn(value, 'statusCode')) return responseOf(value);
  return {
    statusCode: 200,
    headers: { 'content-type': 'application/json' },
    body: typeof value === 'string' ? value : JSON.stringify(value),
  };
}

function responseOf(value: JsonObject): HttpAnswer | undefined {
  const statusCode = Number(value['statusCode']);
  const headers = headersOf(value);
  const body = responseBody(value);
  if (headers === undefined || body === undefined || !isFinalStatus(statusCode)) return undefined;
  return { statusCode, headers, body };
}

function isFinalStatus(statusCode: number): boolean {
  return Number.isInteger(statusCode) && statusCode >= 200 && statusCode <= 599;
}

/** Lengths and connections are the server's own business. */
const SERVER_HEADERS = new Set(['content-length', 'connection', 'transfer-encoding', 'keep-alive']);

function headersOf({ headers, cookies }: JsonObject): OutgoingHttpHeaders | undefined {
  if (headers !== undefined && headers !== null && !isJsonObject(headers)) return undefined;
  const given = Object.entries(headers ?? {})
    .map(([name, value]) => [name.toLowerCase(), value] as const)
    .filter(([name]) => !SERVER_HEADERS.has(name));
  if (given.some(([name, value]) => !isHeaderName(name) || !isHeaderValue(value))) return undefined;
  const own = Object.fromEntries(given.map(([name, value]) => [name, String(value)]));
  return {
    'content-type': 'text/plain;charset=UTF-8',
    ...own,
    ...(Array.isArray(cookies) ? { 'set-cookie': cookies.map(String) } : {}),
  };
}

function isHeaderName(name: string): boolean {
  return /^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(name);
}

/** A line break in a value would be a header of its own: such an answer is refused. */
function isHeaderValue(value: unknown): boolean {
  const isScalar = ['string', 'number', 'boolean'].includes(typeof value);
  return isScalar && /^[\t\x20-\x7e\x80-\xff]*$/.test(String(value));
}

function responseBody({ body, isBase64Encoded }: JsonObject): string | Buffer | undefined {
  if (body === undefined || body === null) return '';
  if (typeof body !== 'string') return undefined;
  return isBase64Encoded === true ? Buffer.from(body, 'base64') : body;
}

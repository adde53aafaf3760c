import { isUtf8 } from 'node:buffer';
import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { ACCOUNT_ID, LOCAL_API_ID } from '../template/local-values.ts';

/** One request as the server has it once its body is read and its route found. */
export interface RoutedRequest {
  readonly request: IncomingMessage;
  readonly routeKey: string;
  /** Percent-decoded, as an HTTP API hands it on. */
  readonly path: string;
  readonly rawQueryString: string;
  readonly pathParameters: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly receivedAtMs: number;
  readonly requestId: string;
  /** The person behind a request to an AWS_IAM route. */
  readonly principalName: string | undefined;
}

/**
 * The event of an HTTP API's Lambda proxy integration, payload format 2.0: header names lower-cased,
 * repeated headers and query values joined by commas, cookies apart, `body` absent when empty, and
 * base64 for a content type that is not text, JSON or XML. A body that calls itself text but is no
 * UTF-8 goes in base64 too, so that no byte that a signature covers is lost.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function toRequestEvent(routed: RoutedRequest): object {
  const { request, routeKey, path, rawQueryString, pathParameters } = routed;
  const sourceIp = plainAddress(request.socket.remoteAddress);
  const headers = joinedHeaders(request);
  const { cookie, ...otherHeaders } = headers;
  const query = queryParameters(rawQueryString);
  return {
    version: '2.0',
    routeKey,
    rawPath: path,
    rawQueryString,
    ...(cookie === undefined ? {} : { cookies: cookie.split(/; ?/) }),
    headers: { ...otherHeaders, ...proxyHeaders(request, routed) },
    ...(query === undefined ? {} : { queryStringParameters: query }),
    requestContext: {
      accountId: ACCOUNT_ID,
      apiId: LOCAL_API_ID,
      ...authorizerOf(routed.principalName),
      domainName: headers['host'] ?? '',
      domainPrefix: LOCAL_API_ID,
      http: {
        method: request.method ?? '',
        path,
        protocol: `HTTP/${request.httpVersion}`,
        sourceIp,
        userAgent: headers['user-agent'] ?? '',
      },
      requestId: routed.requestId,
      routeKey,
      stage: '$default',
      time: commonLogTime(routed.receivedAtMs),
      timeEpoch: routed.receivedAtMs,
    },
    ...(Object.keys(pathParameters).length === 0 ? {} : { pathParameters }),
    ...bodyOf(routed.body, headers),
  };
}

/** A request id of the length and alphabet of API Gateway's own. */
export function newRequestId(): string {
  return randomBytes(11).toString('base64');
}

function joinedHeaders({ rawHeaders }: IncomingMessage): Readonly<Record<string, string>> {
  const joined = new Map<string, string>();
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? '').toLowerCase();
    const value = rawHeaders[index + 1] ?? '';
    const before = joined.get(name);
    // Several cookie headers are one list of cookies, whose separator is a semicolon.
    const separator = name === 'cookie' ? '; ' : ',';
    joined.set(name, before === undefined ? value : `${before}${separator}${value}`);
  }
  return Object.fromEntries(joined);
}

function proxyHeaders(
  request: IncomingMessage,
  { receivedAtMs }: RoutedRequest,
): Readonly<Record<string, string>> {
  const before = request.headers['x-forwarded-for'];
  const own = plainAddress(request.socket.remoteAddress);
  const seconds = Math.floor(receivedAtMs / 1000).toString(16);
  return {
    'x-amzn-trace-id': `Root=1-${seconds}-${randomBytes(12).toString('hex')}`,
    'x-forwarded-for': before === undefined ? own : `${String(before)}, ${own}`,
    'x-forwarded-port': String(request.socket.localPort ?? ''),
    'x-forwarded-proto': 'http',
  };
}

/** Decoded; repeated names joined by commas; `undefined` when there are none. */
function queryParameters(rawQueryString: string): Readonly<Record<string, string>> | undefined {
  if (rawQueryString === '') return undefined;
  const joined = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(rawQueryString)) {
    const before = joined.get(name);
    joined.set(name, before === undefined ? value : `${before},${value}`);
  }
  return Object.fromEntries(joined);
}

/** The shape that API Gateway gives a caller who signed with IAM, for a person of this machine. */
function authorizerOf(principalName: string | undefined): object {
  if (principalName === undefined) return {};
  const iam = {
    accessKey: LOCAL_API_ID,
    accountId: ACCOUNT_ID,
    callerId: principalName,
    cognitoIdentity: null,
    principalOrgId: null,
    userArn: `arn:aws:iam::${ACCOUNT_ID}:user/${principalName}`,
    userId: principalName,
  };
  return { authorizer: { iam } };
}

const TEXT_TYPES = /^(?:text\/|application\/(?:json|javascript|xml)$|[^;]*\+(?:json|xml)$)/;

function bodyOf(body: Buffer, headers: Readonly<Record<string, string>>): object {
  if (body.length === 0) return { isBase64Encoded: false };
  return isTextBody(headers) && isUtf8(body)
    ? { body: body.toString('utf8'), isBase64Encoded: false }
    : { body: body.toString('base64'), isBase64Encoded: true };
}

function isTextBody({
  'content-type': type = 'text/plain',
  'content-encoding': encoding = 'identity',
}: Readonly<Record<string, string>>): boolean {
  return encoding === 'identity' && TEXT_TYPES.test(type.replace(/\s*;.*$/, '').toLowerCase());
}

/** An IPv4 address that came over an IPv6 socket is written plainly. */
function plainAddress(address: string | undefined): string {
  return (address ?? '').replace(/^::ffff:/, '');
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `12/Mar/2020:19:03:58 +0000`, as in access logs. */
function commonLogTime(epochMs: number): string {
  const iso = new Date(epochMs).toISOString();
  const month = MONTHS[Number(iso.slice(5, 7)) - 1] ?? '';
  return `${iso.slice(8, 10)}/${month}/${iso.slice(0, 4)}:${iso.slice(11, 19)} +0000`;
}

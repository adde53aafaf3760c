import { Buffer } from 'node:buffer';

/**
 * What is read of an API Gateway HTTP API event, payload format 2.0 (a Function URL sends the
 * same): https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export interface HttpApiEvent {
  readonly rawPath: string;
  readonly rawQueryString?: string | undefined;
  readonly headers?: Readonly<Record<string, string | undefined>> | undefined;
  readonly body?: string | undefined;
  readonly isBase64Encoded?: boolean | undefined;
  readonly requestContext: {
    readonly requestId?: string | undefined;
    readonly stage?: string | undefined;
    readonly http: { readonly method: string; readonly sourceIp?: string | undefined };
    readonly authorizer?:
      { readonly iam?: { readonly userArn?: string | undefined } | undefined } | undefined;
  };
}

export interface HttpRequest {
  readonly method: string;
  /** Without the name of the gateway's stage; still percent-encoded. */
  readonly path: string;
  /** Names in lower case; read with `headerOf`. Repeated headers are joined with commas. */
  readonly headers: Readonly<Record<string, string>>;
  /** As sent. May hold a token: log only `redactQuery` of it. */
  readonly rawQueryString: string;
  /** The body's own bytes, over which signatures are made; empty when there is none. */
  readonly bodyBytes: Buffer;
  readonly requestId: string;
  readonly sourceIp: string;
  /** ARN of the caller whom IAM verified, or null on routes without IAM. */
  readonly principal: string | null;
}

/** Reads the gateway's event. The event's shape is the gateway's promise; its content is not. */
export function decodeHttpEvent(event: HttpApiEvent): HttpRequest {
  const { requestContext, rawQueryString = '', headers = {} } = event;
  const { http, requestId = '', stage = '$default' } = requestContext;
  return {
    method: http.method.toUpperCase(),
    path: withoutStage(event.rawPath, stage),
    headers: lowerCased(headers),
    rawQueryString,
    bodyBytes: bytesOf(event),
    requestId,
    sourceIp: http.sourceIp ?? '',
    principal: principalOf(requestContext),
  };
}

const principalOf = ({ authorizer }: HttpApiEvent['requestContext']): string | null =>
  authorizer?.iam?.userArn ?? null;

/** A signature is made over these bytes: text that came as base64 is decoded first. */
const bytesOf = ({ body = '', isBase64Encoded = false }: HttpApiEvent): Buffer =>
  Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');

/** A header by its lower-case name; undefined when it was not sent. */
export const headerOf = (
  request: Pick<HttpRequest, 'headers'>,
  name: string,
): string | undefined => (Object.hasOwn(request.headers, name) ? request.headers[name] : undefined);

/** HTTP APIs put the name of a stage that is not `$default` before the path. */
function withoutStage(rawPath: string, stage: string): string {
  if (stage === '$default' || stage === '') return rawPath;
  const prefix = `/${stage}`;
  if (rawPath === prefix) return '/';
  return rawPath.startsWith(`${prefix}/`) ? rawPath.slice(prefix.length) : rawPath;
}

/** Names that differ only in case are one header, joined as the gateway joins repeated ones. */
function lowerCased(
  headers: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  const joined = new Map<string, string>();
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined) continue;
    const lower = name.toLowerCase();
    const before = joined.get(lower);
    joined.set(lower, before === undefined ? value : `${before},${value}`);
  }
  return Object.fromEntries(joined);
}

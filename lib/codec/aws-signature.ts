import { createHash, createHmac } from 'node:crypto';
import type { EpochMs } from '../domain/shared/time.ts';

/** What a caller proves itself with. */
export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Of credentials that expire, as a Lambda function has them. */
  readonly sessionToken?: string;
}

/** A request as it goes over the wire. */
export interface PlainRequest {
  readonly method: string;
  /** Percent-encoded, once. */
  readonly path: string;
  /** Names and values, not encoded; none when absent. */
  readonly query?: Readonly<Record<string, string>>;
  /** Names in lower case; `host` among them. All are signed. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export interface Signing {
  readonly credentials: AwsCredentials;
  readonly region: string;
  readonly service: string;
  readonly atMs: EpochMs;
}

/**
 * AWS Signature Version 4 in the `Authorization` header. Gives all headers to send.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function signed(request: PlainRequest, signing: Signing): Readonly<Record<string, string>> {
  const stamp = stampOf(signing.atMs);
  const { sessionToken } = signing.credentials;
  const headers: Readonly<Record<string, string>> = {
    ...request.headers,
    'x-amz-date': stamp,
    ...(sessionToken === undefined ? {} : { 'x-amz-security-token': sessionToken }),
  };
  const { names, signature } = sign({ ...request, headers }, signing);
  const authorization =
    `AWS4-HMAC-SHA256 Credential=${credentialOf(signing)}, ` +
    `SignedHeaders=${names}, Signature=${signature}`;
  return { ...headers, authorization };
}

/**
 * The same in the query, for whoever is to send the request later: gives the whole query. The
 * headers are signed and not part of it; the payload is the body as it is.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-authentication-methods.html
 */
export function presignedQuery(
  request: PlainRequest,
  signing: Signing,
  expiresSeconds: number,
): string {
  const { sessionToken } = signing.credentials;
  const query: Readonly<Record<string, string>> = {
    ...request.query,
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': credentialOf(signing),
    'X-Amz-Date': stampOf(signing.atMs),
    'X-Amz-Expires': String(expiresSeconds),
    ...(sessionToken === undefined ? {} : { 'X-Amz-Security-Token': sessionToken }),
    'X-Amz-SignedHeaders': signedNames(request.headers),
  };
  const { signature } = sign({ ...request, query }, signing);
  return `${encodeQuery(query)}&X-Amz-Signature=${signature}`;
}

function sign(request: PlainRequest, signing: Signing): { names: string; signature: string } {
  const { credentials, region, service, atMs } = signing;
  const { headers } = request;
  const names = signedNames(headers);
  const canonical = [
    request.method,
    request.path,
    encodeQuery(request.query ?? {}),
    ...names
      .split(';')
      .map((name) => `${name}:${(headers[name] ?? '').trim().replace(/ +/g, ' ')}`),
    '',
    names,
    sha256Hex(request.body),
  ].join('\n');
  const stamp = stampOf(atMs);
  const toSign = `AWS4-HMAC-SHA256\n${stamp}\n${scopeOf(signing)}\n${sha256Hex(canonical)}`;
  const key = [stamp.slice(0, 8), region, service, 'aws4_request'].reduce<string | Buffer>(
    hmac,
    `AWS4${credentials.secretAccessKey}`,
  );
  return { names, signature: hmac(key, toSign).toString('hex') };
}

const signedNames = (headers: Readonly<Record<string, string>>): string =>
  Object.keys(headers).sort().join(';');

const stampOf = (atMs: EpochMs): string =>
  new Date(atMs).toISOString().replace(/[-:]|\.\d{3}/g, '');

const scopeOf = ({ atMs, region, service }: Signing): string =>
  `${stampOf(atMs).slice(0, 8)}/${region}/${service}/aws4_request`;

const credentialOf = (signing: Signing): string =>
  `${signing.credentials.accessKeyId}/${scopeOf(signing)}`;

/** A query as AWS signs it: sorted, and nothing left that could be encoded another way. */
export const encodeQuery = (query: Readonly<Record<string, string>>): string =>
  Object.entries(query)
    .map(([name, value]) => `${encodeStrictly(name)}=${encodeStrictly(value)}`)
    .sort()
    .join('&');

const encodeStrictly = (text: string): string =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );

export const sha256Hex = (data: string | Uint8Array): string =>
  createHash('sha256').update(data).digest('hex');

const hmac = (key: string | Buffer, text: string): Buffer =>
  createHmac('sha256', key).update(text).digest();

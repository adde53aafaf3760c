import { lookup, type LookupAddress, type LookupOptions } from 'node:dns';
import { request as httpRequest, type ClientRequest, type IncomingHttpHeaders } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { BlockList, isIP, isIPv6 } from 'node:net';
import { err, ok, type Result } from '../../domain/shared/result.ts';
import type { DurationMs } from '../../domain/shared/time.ts';
import type { PortFailure } from '../../ports/failure.ts';

export interface Outgoing {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** Sent by POST; null: a GET. */
  readonly form: Readonly<Record<string, string>> | null;
  readonly timeoutMs: DurationMs;
  readonly maxBytes: number;
  /** What lies past `maxBytes` is not read; otherwise it is a failure. */
  readonly isCut?: boolean;
  /** PEM, in place of the public authorities. */
  readonly ca?: string;
}

export interface Incoming {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/**
 * One request on a connection of its own: a kept one would always reach the same instance, and may
 * have died while the function was frozen. Redirects are answers like any other, certificates are
 * always verified, and addresses that belong to the machine's own cloud are never called.
 *
 * Failures: `timeout`, `unavailable`, `too_large`, `rejected` (the address, or a certificate).
 */
export async function exchange(outgoing: Outgoing): Promise<Result<Incoming, PortFailure>> {
  const { url, timeoutMs } = outgoing;
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    return ok(await receive(send(outgoing, signal), outgoing));
  } catch (cause) {
    const { message } = cause instanceof Error ? cause : new Error(String(cause));
    const kind = signal.aborted ? 'timeout' : kindOf(cause);
    const why = signal.aborted ? `gave no whole answer within ${timeoutMs / 1000} s` : message;
    return err({ kind, message: `${url.host}: ${why}.`, cause });
  }
}

function send({ url, headers, form, ca }: Outgoing, signal: AbortSignal): ClientRequest {
  const hostname = url.hostname.replace(/^\[|\]$/g, '');
  if (isForbidden(hostname)) throw new ForbiddenError(hostname);
  const body = form === null ? null : new URLSearchParams(form).toString();
  const sent = (url.protocol === 'https:' ? httpsRequest : httpRequest)({
    hostname,
    port: url.port,
    path: url.pathname + url.search,
    method: body === null ? 'GET' : 'POST',
    agent: false,
    signal,
    lookup: lookupAllowed,
    rejectUnauthorized: true,
    ...(ca === undefined ? {} : { ca }),
    headers: {
      'user-agent': 'tocsin',
      ...headers,
      ...(body === null
        ? {}
        : {
            'content-type': 'application/x-www-form-urlencoded',
            'content-length': String(Buffer.byteLength(body)),
          }),
    },
  });
  sent.end(body ?? undefined);
  return sent;
}

function receive(sent: ClientRequest, of: Outgoing): Promise<Incoming> {
  return new Promise((resolve, reject) => {
    sent.on('error', reject);
    sent.on('response', (incoming) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      const end = (): void => {
        const body = Buffer.concat(chunks).toString('utf8');
        resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body });
      };
      incoming.on('error', reject);
      incoming.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes <= of.maxBytes || of.isCut === true) chunks.push(chunk);
        if (bytes <= of.maxBytes) return;
        if (of.isCut === true) end();
        incoming.destroy(new TooLargeError(of.maxBytes));
      });
      incoming.on('end', end);
    });
  });
}

class TooLargeError extends Error {
  override readonly name = 'TooLargeError';
  constructor(maxBytes: number) {
    super(`the answer is larger than ${maxBytes} bytes`);
  }
}

class ForbiddenError extends Error {
  override readonly name = 'ForbiddenError';
  constructor(address: string) {
    super(`the address ${address} belongs to the machine itself and is never called`);
  }
}

function kindOf(cause: unknown): PortFailure['kind'] {
  if (cause instanceof TooLargeError) return 'too_large';
  if (cause instanceof ForbiddenError) return 'rejected';
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  return /^(CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|ERR_TLS_CERT)/.test(code)
    ? 'rejected'
    : 'unavailable';
}

/** Where machines in a cloud find the credentials of their own role. */
const forbidden = new BlockList();
forbidden.addSubnet('169.254.0.0', 16, 'ipv4');
forbidden.addSubnet('fe80::', 10, 'ipv6');
forbidden.addAddress('fd00:ec2::254', 'ipv6');

/** A mapped IPv4 address counts as what it maps to. */
const isForbidden = (host: string): boolean =>
  isIP(host) !== 0 && forbidden.check(host, isIPv6(host) ? 'ipv6' : 'ipv4');

type Found = (error: Error | null, address: string | LookupAddress[], family?: number) => void;

/** Looks at the address that is really called: a name may mean another one the next time. */
function lookupAllowed(hostname: string, options: LookupOptions, found: Found): void {
  lookup(hostname, options, (error, address, family) => {
    const addresses = Array.isArray(address) ? address.map((one) => one.address) : [address];
    const bad = error === null ? addresses.find(isForbidden) : undefined;
    found(bad === undefined ? error : new ForbiddenError(bad), address, family);
  });
}

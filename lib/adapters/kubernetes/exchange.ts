import { Agent, request, type AgentOptions } from 'node:https';
import type { ClientRequest, IncomingHttpHeaders } from 'node:http';
import { err, ok, type Result } from '../../domain/shared/result.ts';
import type { DurationMs } from '../../domain/shared/time.ts';
import { maxSockets } from './limits.ts';

/** How the other side is known, and how we show who we are. */
export interface Identity {
  /** PEM; null: public authorities. */
  readonly ca: string | null;
  readonly clientCert: string | null;
  readonly clientKey: string | null;
  /** The name on its certificate, where that is not the host of its address. */
  readonly serverName: string | null;
}

/** A place to call, with connections of its own. */
export interface Connection {
  readonly host: string;
  readonly port: string;
  /** Path before every path, without a slash at its end. */
  readonly prefix: string;
  /** Keeps connections. One may have died while the function was frozen: a read can be repeated. */
  readonly reads: Agent;
  /** A new connection for each write, so that none is lost to a dead one. */
  readonly writes: Agent;
}

export const publicIdentity: Identity = {
  ca: null,
  clientCert: null,
  clientKey: null,
  serverName: null,
};

/** Always verifies the certificate; with a `ca`, by it alone. */
export function connectionTo(url: URL, identity: Identity): Connection {
  const { ca, clientCert, clientKey, serverName } = identity;
  const options: AgentOptions = {
    rejectUnauthorized: true,
    minVersion: 'TLSv1.2',
    maxSockets,
    ...(ca === null ? {} : { ca }),
    ...(clientCert === null || clientKey === null ? {} : { cert: clientCert, key: clientKey }),
    ...(serverName === null ? {} : { servername: serverName }),
  };
  return {
    // Node takes an IPv6 address without its brackets.
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port,
    prefix: url.pathname.replace(/\/+$/, ''),
    reads: new Agent({ ...options, keepAlive: true }),
    writes: new Agent({ ...options, keepAlive: false }),
  };
}

export interface Outgoing {
  readonly connection: Connection;
  readonly isWrite: boolean;
  readonly method: string;
  /** Below the connection's prefix, percent-encoded, with its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  readonly timeoutMs: DurationMs;
  readonly maxBytes: number;
}

export interface Incoming {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Why there is no whole answer. Only `untrusted` says that nothing was done. */
export interface NoAnswer {
  readonly kind: 'timeout' | 'unavailable' | 'too_large' | 'untrusted';
  readonly why: string;
  readonly cause: unknown;
}

/** One request. Redirects are answers like any other. */
export async function exchange(outgoing: Outgoing): Promise<Result<Incoming, NoAnswer>> {
  const { connection, isWrite, method, path, headers, body, timeoutMs, maxBytes } = outgoing;
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const sent = request({
      hostname: connection.host,
      port: connection.port,
      agent: isWrite ? connection.writes : connection.reads,
      method,
      path: connection.prefix + path,
      headers: {
        ...headers,
        ...(body === null ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
      },
      signal,
    });
    sent.end(body ?? undefined);
    return ok(await receive(sent, maxBytes));
  } catch (cause) {
    return err(signal.aborted ? timedOut(timeoutMs, cause) : noAnswer(cause));
  }
}

function receive(sent: ClientRequest, maxBytes: number): Promise<Incoming> {
  return new Promise((resolve, reject) => {
    sent.on('error', reject);
    sent.on('response', (incoming) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      incoming.on('error', reject);
      incoming.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes <= maxBytes) chunks.push(chunk);
        else incoming.destroy(new TooLargeError(maxBytes));
      });
      incoming.on('end', () => {
        const body = Buffer.concat(chunks).toString('utf8');
        resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body });
      });
    });
  });
}

class TooLargeError extends Error {
  override readonly name = 'TooLargeError';
  constructor(maxBytes: number) {
    super(`the answer is larger than ${maxBytes} bytes`);
  }
}

const timedOut = (timeoutMs: DurationMs, cause: unknown): NoAnswer => ({
  kind: 'timeout',
  why: `no whole answer came within ${timeoutMs / 1000} s`,
  cause,
});

/** Codes of Node and OpenSSL by which a certificate, theirs or ours, was not accepted. */
const distrust =
  /^(CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_MISMATCH|INVALID_CA|PATH_LENGTH|ERR_TLS_CERT|ERR_SSL_\w*ALERT)/;

function noAnswer(cause: unknown): NoAnswer {
  const { message } = cause instanceof Error ? cause : new Error(String(cause));
  if (cause instanceof TooLargeError) return { kind: 'too_large', why: message, cause };
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  return { kind: distrust.test(code) ? 'untrusted' : 'unavailable', why: message, cause };
}

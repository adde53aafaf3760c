import { Agent as HttpAgent, request as httpRequest, type ClientRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { attemptTimeoutMs, maxObjectBytes } from './limits.ts';

export interface Outgoing {
  /** Scheme, host and port. */
  readonly origin: string;
  readonly method: 'GET' | 'PUT';
  /** Sent as it is: a key may hold segments that an address would resolve away. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export interface Incoming {
  readonly status: number;
  readonly body: Uint8Array;
}

const transports = {
  'http:': { request: httpRequest, agent: new HttpAgent({ keepAlive: true }) },
  'https:': { request: httpsRequest, agent: new HttpsAgent({ keepAlive: true }) },
} as const;

/** One request over a kept connection. Rejects when no whole answer came in time. */
export async function exchange(outgoing: Outgoing): Promise<Incoming> {
  const { protocol, hostname, port } = new URL(outgoing.origin);
  const { request, agent } = transports[protocol === 'http:' ? 'http:' : 'https:'];
  const sent = request({
    // Node takes an IPv6 address without its brackets.
    hostname: hostname.replace(/^\[|\]$/g, ''),
    port,
    agent,
    method: outgoing.method,
    path: outgoing.path,
    headers: outgoing.headers,
    signal: AbortSignal.timeout(attemptTimeoutMs),
  });
  sent.end(outgoing.body);
  return receive(sent);
}

function receive(sent: ClientRequest): Promise<Incoming> {
  return new Promise((resolve, reject) => {
    sent.on('error', reject);
    sent.on('response', (incoming) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      incoming.on('error', reject);
      incoming.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes <= maxObjectBytes) chunks.push(chunk);
        else incoming.destroy(new TooLargeError());
      });
      incoming.on('end', () => {
        resolve({ status: incoming.statusCode ?? 0, body: Buffer.concat(chunks) });
      });
    });
  });
}

class TooLargeError extends Error {
  override readonly name = 'EntityTooLarge';
  constructor() {
    super(`An object of more than ${maxObjectBytes} bytes is not read.`);
  }
}

import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { createServer } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { TLSSocket } from 'node:tls';
import { onTestFinished } from 'vitest';
import { makeCertificate } from '../../lib/local/sandbox/kubernetes/tls/certificate.ts';

/** One request, as it came. */
export interface SeenByTls {
  readonly method: string;
  /** Path alone. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Common name of the client's certificate; null when it showed none. */
  readonly client: string | null;
  /** Counts the connections: requests over the same one have the same number. */
  readonly connection: number;
}

export interface TlsAnswer {
  readonly status: number;
  /** Text goes as it is, all else as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer, or something that is none. */
export type TlsBehaviour = TlsAnswer | 'cut' | 'silent' | 'half';

export interface TlsServer {
  readonly url: string;
  /** PEM of the authority that vouches for it. */
  readonly ca: string;
  readonly seen: readonly SeenByTls[];
  /** Closes kept connections, as a frozen function finds them. */
  readonly forgetConnections: () => void;
}

const dayMs = 86_400_000;

/** A certificate by an authority of the test's own, good for this test alone. */
export function testIdentity(subject = 'test server') {
  const newKey = () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const issuerKey = newKey();
  const subjectKey = newKey();
  const issuer = 'authority of a test';
  const shared = { issuer, issuerKey, fromMs: Date.now() - dayMs, untilMs: Date.now() + dayMs };
  const ips = [Buffer.from([127, 0, 0, 1])];
  const use = { kind: 'server', names: ['cluster.test'], ips } as const;
  const serial = () => randomBytes(15);
  const authority = { subject: issuer, subjectKey: issuerKey, use: { kind: 'authority' } } as const;
  return {
    ca: makeCertificate({ ...shared, ...authority, serial: serial() }),
    cert: makeCertificate({ ...shared, subject, subjectKey, serial: serial(), use }),
    key: subjectKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

/** A TLS server on loopback that answers as told. */
export async function tlsServer(
  answer: (seen: SeenByTls) => TlsBehaviour,
  identity = testIdentity(),
): Promise<TlsServer> {
  const seen: SeenByTls[] = [];
  const connections = new Map<unknown, number>();
  const options = { cert: identity.cert, key: identity.key, requestCert: true };
  const server = createServer({ ...options, rejectUnauthorized: false }, (request, response) => {
    const connection = connections.get(request.socket) ?? connections.size + 1;
    connections.set(request.socket, connection);
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const one = asSeen(request, Buffer.concat(chunks).toString('utf8'), connection);
      seen.push(one);
      behave(response, answer(one));
    });
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A server that listens on a TCP port has an AddressInfo.
  const { port } = server.address() as AddressInfo;
  const forgetConnections = (): void => server.closeAllConnections();
  return { url: `https://127.0.0.1:${port}`, ca: identity.ca, seen, forgetConnections };
}

function asSeen(request: IncomingMessage, body: string, connection: number): SeenByTls {
  const { pathname, searchParams } = new URL(request.url ?? '', 'https://test');
  const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)]);
  const { socket } = request;
  const peer = socket instanceof TLSSocket ? socket.getPeerX509Certificate() : undefined;
  return {
    method: request.method ?? '',
    path: pathname,
    query: searchParams,
    headers: Object.fromEntries(headers) as Record<string, string>,
    body,
    client: peer?.subject.replace(/^CN=/, '') ?? null,
    connection,
  };
}

function behave(response: ServerResponse, behaviour: TlsBehaviour): void {
  if (behaviour === 'silent') return;
  if (behaviour === 'cut') {
    response.destroy();
  } else if (behaviour === 'half') {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
    response.write('{"kind": "Deployment", ');
    response.socket?.end();
  } else {
    const { status, body = '', headers = {} } = behaviour;
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(text);
  }
}

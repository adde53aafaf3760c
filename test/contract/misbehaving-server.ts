import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import { onTestFinished } from 'vitest';
import { listen } from '../../lib/local/shared/listener.ts';

/** One request, as it came. */
export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A status with a text, or something that is no answer. */
export type Behaviour =
  | {
      readonly status: number;
      readonly body?: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** Never answers; cuts the connection; begins an answer and never ends it. */
  | 'silent'
  | 'cut'
  | 'half';

export interface Misbehaving {
  readonly url: string;
  readonly seen: readonly Seen[];
}

/** A server on loopback that behaves as told, request by request; the last behaviour stays. */
export async function misbehaving(...behaviours: readonly Behaviour[]): Promise<Misbehaving> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const behaviour = behaviours[Math.min(seen.length, behaviours.length - 1)] ?? 'silent';
      seen.push({ method, path: url, headers, body: Buffer.concat(chunks).toString('utf8') });
      behave(response, behaviour);
    });
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: await listen(server, { host: '127.0.0.1', port: 0 }), seen };
}

function behave(response: ServerResponse, behaviour: Behaviour): void {
  if (behaviour === 'silent') return;
  if (behaviour === 'cut') {
    response.destroy();
  } else if (behaviour === 'half') {
    response.writeHead(200, { 'content-type': 'application/json' }).write('{"alerts": [');
  } else {
    const { status, body = '', headers = {} } = behaviour;
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
  }
}

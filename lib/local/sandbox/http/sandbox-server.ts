import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createRequestGuard } from '../../runtime/http/request-guard.ts';
import { listen, stopListening, type ListenAddress } from '../../shared/listener.ts';
import { readBody } from '../../shared/read-body.ts';
import type { Timekeeper } from '../../shared/timekeeper.ts';
import type { Call } from '../slack/call.ts';
import { json, problem, sendReply, type Reply } from '../slack/reply.ts';
import type { Fault } from './faults.ts';

/** A provider on one machine, mounted in another server or on its own. */
export interface Sandbox {
  /** Serves everything below its path, for mounting. The other server guards it. */
  readonly handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  /** Listens on its own, and gives the base URL. Web pages of others are kept away. */
  readonly listen: (address: ListenAddress) => Promise<string>;
  /** Replaces the faults; none for health. */
  readonly setFaults: (faults: readonly Fault[]) => void;
  /** Cuts connections. */
  readonly close: () => Promise<void>;
}

export interface SandboxServer {
  /** Where it is on the server that it is mounted in, such as `/sandbox/git`. */
  readonly mount: string;
  readonly timekeeper: Timekeeper;
  readonly setFaults: (faults: readonly Fault[]) => void;
  /** Gets paths below the mount as they came, percent-encoded, with their slash. */
  readonly serve: (call: Call) => Promise<Reply>;
}

const MAX_BODY_BYTES = 4 << 20;

export function createSandboxServer({
  mount,
  timekeeper,
  setFaults,
  serve,
}: SandboxServer): Sandbox {
  const servers: Server[] = [];
  const handle = (request: IncomingMessage, response: ServerResponse): Promise<void> =>
    answerCall({ request, response }, { mount, serve });
  return {
    handle,
    listen: async (address) => {
      const guard = createRequestGuard({ bindHost: address.host, allowedHosts: [] });
      const server = createServer((request, response) => {
        const refusal = guard(request);
        if (refusal === undefined) void handle(request, response);
        else sendReply(response, problem(403, refusal));
      });
      servers.push(server);
      return await listen(server, address);
    },
    setFaults,
    close: async () => {
      await Promise.all(servers.map((server) => stopListening(server, { graceMs: 0, timekeeper })));
    },
  };
}

async function answerCall(
  { request, response }: { readonly request: IncomingMessage; readonly response: ServerResponse },
  { mount, serve }: Pick<SandboxServer, 'mount' | 'serve'>,
): Promise<void> {
  const url = URL.parse(`http://sandbox${request.url ?? '/'}`);
  if (url === null || !`${url.pathname}/`.startsWith(`${mount}/`)) {
    sendReply(response, problem(404, 'Not Found'));
    return;
  }
  const read = await readBody(request, MAX_BODY_BYTES);
  if (read.kind === 'aborted') return;
  if (read.kind === 'too_large') {
    response.setHeader('connection', 'close');
    sendReply(response, problem(413, 'The body is too large.'));
    return;
  }
  sendReply(response, await serve(callOf(request, { url, mount }, read.body)).catch(failed));
}

function callOf(
  { method = 'GET', headers }: IncomingMessage,
  { url, mount }: { readonly url: URL; readonly mount: string },
  body: Buffer,
): Call {
  const path = url.pathname.slice(mount.length) || '/';
  return { method, path, query: url.searchParams, headers, body };
}

/** Such as a full disk: nothing was taken in, as the sender is told. */
function failed(error: unknown): Reply {
  const message = error instanceof Error ? error.message : 'The sandbox failed.';
  return json(500, { error: message, code: 13, message });
}

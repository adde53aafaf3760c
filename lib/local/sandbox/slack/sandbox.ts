import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createRequestGuard } from '../../runtime/http/request-guard.ts';
import { listen, stopListening, type ListenAddress } from '../../shared/listener.ts';
import { readBody } from '../../shared/read-body.ts';
import { createWebApi } from './api/web-api.ts';
import type { Call } from './call.ts';
import { createFaults, type Fault } from './faults.ts';
import { openOffice } from './office.ts';
import { createPeopleApi } from './people-api.ts';
import { createRateLimits } from './rate-limits.ts';
import { json, problem, sendReply, type Reply } from './reply.ts';
import type { SlackSandboxSettings } from './settings.ts';

/**
 * Slack on one machine: the Web API methods of an incident responder with the errors, limits and
 * refusals of the real one, people who send signed commands and interactions, and a view of it all
 * for a browser. What was said outlives a kill; what Slack only shows (answers for one person, open
 * forms) does not.
 */
export interface SlackSandbox {
  /**
   * Serves everything below `/sandbox/slack`, for mounting in another server: the view and what
   * people do at the top, the Web API below `api`. The other server guards it.
   */
  readonly handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  /** Listens on its own, and gives the base URL. Web pages of others are kept away. */
  readonly listen: (address: ListenAddress) => Promise<string>;
  /** Replaces the faults; none for health. */
  readonly setFaults: (faults: readonly Fault[]) => void;
  /** Cuts connections. */
  readonly close: () => Promise<void>;
}

/** Where the sandbox is on the server that it is mounted in. */
const MOUNT = '/sandbox/slack';

/** Slack takes a message of 40,000 characters with 50 blocks; a form with that is far below. */
const MAX_BODY_BYTES = 4 << 20;

type Serve = (call: Call) => Promise<Reply>;

export function createSlackSandbox(settings: SlackSandboxSettings): SlackSandbox {
  const { timekeeper } = settings;
  let siteUrl = settings.siteUrl ?? '';
  const shared = { ...settings, baseUrl: () => siteUrl + MOUNT };
  const offices = settings.workspaces.map((workspace) => openOffice(shared, workspace));
  const faults = createFaults(timekeeper);
  const limits = settings.rateLimits === 'off' ? undefined : createRateLimits();
  const api = createWebApi({ offices, faults, limits });
  const resetLimits = (): void => limits?.clear();
  const people = createPeopleApi({ offices, faults, path: MOUNT, resetLimits });
  const locate = (path: string): Located | undefined => {
    if (path !== MOUNT && !path.startsWith(`${MOUNT}/`)) return undefined;
    const below = path.slice(MOUNT.length);
    if (below.startsWith('/api/')) return { serve: api, path: below.slice('/api'.length) };
    return { serve: people, path: below === '' ? '/' : below };
  };
  const servers: Server[] = [];

  return {
    handle: (request, response) => answer(request, response, locate),
    listen: async (address) => {
      const guard = createRequestGuard({ bindHost: address.host, allowedHosts: [] });
      const server = createServer((request, response) => {
        const refusal = guard(request);
        if (refusal === undefined) void answer(request, response, locate);
        else sendReply(response, problem(403, refusal));
      });
      servers.push(server);
      siteUrl = await listen(server, address);
      return siteUrl;
    },
    setFaults: faults.set,
    close: async () => {
      await Promise.all(servers.map((server) => stopListening(server, { graceMs: 0, timekeeper })));
    },
  };
}

/** What serves a path, and the path as that sees it. */
interface Located {
  readonly serve: Serve;
  readonly path: string;
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  locate: (path: string) => Located | undefined,
): Promise<void> {
  const url = URL.parse(`http://sandbox${request.url ?? '/'}`);
  const located = url === null ? undefined : locate(url.pathname);
  if (url === null || located === undefined) {
    sendReply(response, problem(404, 'Not Found'));
    return;
  }
  const read = await readBody(request, MAX_BODY_BYTES);
  if (read.kind === 'aborted') return;
  if (read.kind === 'too_large') {
    response.setHeader('connection', 'close');
    sendReply(response, json(413, { ok: false, error: 'request_too_large' }));
    return;
  }
  const { method = 'GET', headers } = request;
  const call = { method, path: located.path, query: url.searchParams, headers, body: read.body };
  sendReply(response, await located.serve(call).catch(failed));
}

/** Such as a full disk: nothing was taken in, as the sender is told. */
function failed(error: unknown): Reply {
  const message = error instanceof Error ? error.message : 'The sandbox failed.';
  return json(500, { ok: false, error: 'internal_error', message });
}

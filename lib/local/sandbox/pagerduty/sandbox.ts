import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createRequestGuard } from '../../runtime/http/request-guard.ts';
import { listen, stopListening, type ListenAddress } from '../../shared/listener.ts';
import { readBody } from '../../shared/read-body.ts';
import { Account } from './account.ts';
import type { Call } from './call.ts';
import { createDirectory, type Directory } from './directory.ts';
import { EVENT_LIMITS } from './event-validation.ts';
import { createEventsApi } from './events-api.ts';
import { createFaults, type Fault, type Faults } from './faults.ts';
import { createPeopleApi } from './people-api.ts';
import { createReferences } from './references.ts';
import { eventError, json, sendReply, type Reply } from './reply.ts';
import { createRestApi } from './rest-api.ts';
import { createSandboxIds } from './sandbox-ids.ts';
import {
  DEFAULT_DELIVERY,
  DEFAULT_EVENTS_PER_MINUTE,
  DEFAULT_PEOPLE,
  DEFAULT_REST_PER_MINUTE,
  type PagerDutySandboxSettings,
  type WebhookTarget,
} from './settings.ts';
import { createSlidingWindow, type SlidingWindow } from './sliding-window.ts';
import { createWebhookPost } from './webhook-post.ts';

/**
 * PagerDuty on one machine: Events API v2, the REST calls of an incident responder and signed v3
 * webhooks, with the limits and refusals of the real one, over a ledger that outlives a kill.
 */
export interface PagerDutySandbox {
  /**
   * Serves everything below `/sandbox/pagerduty`, for mounting in another server: what people do at
   * the top, the Events API below `events` and the REST API below `api`. The other server guards it.
   */
  readonly handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  /**
   * Listens on its own: the same, with the Events API (`/v2/...`) and the REST API also at the root.
   * Gives the base URL. Web pages of others are kept away.
   */
  readonly listen: (address: ListenAddress) => Promise<string>;
  /** Replaces the webhook subscriptions, for a receiver whose address is known late. */
  readonly setWebhookTargets: (targets: readonly WebhookTarget[]) => void;
  /** Replaces the faults; none for health. */
  readonly setFaults: (faults: readonly Fault[]) => void;
  /** Writes what waits, stops webhooks and cuts connections. */
  readonly close: () => Promise<void>;
}

const MOUNT = '/sandbox/pagerduty';
const MINUTE_MS = 60_000;
const KEEP_ALIVE_MS = 65_000;

type Serve = (call: Call) => Promise<Reply>;

interface Apis {
  readonly events: Serve;
  readonly rest: Serve;
  readonly people: Serve;
}

export function createPagerDutySandbox(settings: PagerDutySandboxSettings): PagerDutySandbox {
  const { timekeeper } = settings;
  const directory = createDirectory(settings.people ?? DEFAULT_PEOPLE, settings);
  const faults = createFaults({ timekeeper, serviceOf: directory.serviceOf });
  const account = openAccount(settings, directory);
  const apis = createApis(settings, { account, directory, faults });
  const servers: Server[] = [];

  return {
    handle: (request, response) =>
      answer(request, response, { nowMs: timekeeper.nowMs, locate: (path) => locate(apis, path) }),
    listen: async (address) => {
      const guard = createRequestGuard({ bindHost: address.host, allowedHosts: [] });
      const how = {
        nowMs: timekeeper.nowMs,
        locate: (path: string) => locate(apis, path) ?? locateAtRoot(apis, path),
      };
      const server = createServer((request, response) => {
        const refusal = guard(request);
        if (refusal === undefined) void answer(request, response, how);
        else sendReply(response, json(403, { message: refusal }));
      });
      // Senders keep connections open between pages.
      server.keepAliveTimeout = KEEP_ALIVE_MS;
      servers.push(server);
      return await listen(server, address);
    },
    setWebhookTargets: (targets) => account.webhooks.setTargets(targets),
    setFaults: faults.set,
    close: async () => {
      await Promise.all(servers.map((server) => stopListening(server, { graceMs: 0, timekeeper })));
      account.close();
    },
  };
}

function openAccount(settings: PagerDutySandboxSettings, directory: Directory): Account {
  const account = new Account({
    timekeeper: settings.timekeeper,
    ids: createSandboxIds(settings.randomBytes),
    directory,
    ledgerPath: settings.ledgerPath,
    view: viewOf(settings, directory),
    settings: { ...DEFAULT_DELIVERY, ...settings.delivery },
    post: createWebhookPost(settings.timekeeper),
  });
  account.webhooks.setTargets(settings.webhookTargets ?? []);
  return account;
}

/** How incidents are shown in REST answers and in webhooks. */
function viewOf(
  { siteUrl = 'https://pagerduty.example.com', incidentKey = 'absent' }: PagerDutySandboxSettings,
  directory: Directory,
) {
  return { references: createReferences(siteUrl, directory), incidentKey };
}

interface Parts {
  readonly account: Account;
  readonly directory: Directory;
  readonly faults: Faults;
}

function createApis(settings: PagerDutySandboxSettings, parts: Parts): Apis {
  const ids = createSandboxIds(settings.randomBytes);
  const eventsWindow = windowOf(settings.eventsPerMinute ?? DEFAULT_EVENTS_PER_MINUTE);
  const perMinute = settings.restPerMinute ?? DEFAULT_REST_PER_MINUTE;
  const restWindow = windowOf(perMinute);
  return {
    events: createEventsApi({ ...parts, window: eventsWindow }),
    rest: createRestApi({
      ...parts,
      ids,
      timekeeper: settings.timekeeper,
      view: viewOf(settings, parts.directory),
      tokens: settings.apiTokens,
      limit:
        restWindow === undefined || perMinute === 'unlimited'
          ? undefined
          : { window: restWindow, perMinute },
    }),
    people: createPeopleApi({
      ...parts,
      ids,
      resetLimits: () => {
        eventsWindow?.clear();
        restWindow?.clear();
      },
    }),
  };
}

function windowOf(perMinute: number | 'unlimited'): SlidingWindow | undefined {
  return perMinute === 'unlimited' ? undefined : createSlidingWindow(perMinute, MINUTE_MS);
}

/** The API that serves a path, and the path as that API sees it. */
interface Located {
  readonly serve: Serve;
  readonly path: string;
}

function locate({ events, rest, people }: Apis, path: string): Located | undefined {
  if (path !== MOUNT && !path.startsWith(`${MOUNT}/`)) return undefined;
  const below = path.slice(MOUNT.length);
  if (below.startsWith('/events/')) return { serve: events, path: below.slice('/events'.length) };
  if (below.startsWith('/api/')) return { serve: rest, path: below.slice('/api'.length) };
  return { serve: people, path: below === '' ? '/' : below };
}

function locateAtRoot({ events, rest }: Apis, path: string): Located {
  return path.startsWith('/v2/') ? { serve: events, path } : { serve: rest, path };
}

interface How {
  readonly nowMs: () => number;
  readonly locate: (path: string) => Located | undefined;
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { nowMs, locate: find }: How,
): Promise<void> {
  const arrivedAtMs = nowMs();
  const url = URL.parse(`http://sandbox${request.url ?? '/'}`);
  const located = url === null ? undefined : find(decoded(url.pathname));
  if (url === null || located === undefined) {
    sendReply(response, json(404, { message: 'Not Found' }));
    return;
  }
  const read = await readBody(request, EVENT_LIMITS.maxBytes);
  if (read.kind === 'aborted') return;
  if (read.kind === 'too_large') {
    response.setHeader('connection', 'close');
    sendReply(response, TOO_LARGE);
    return;
  }
  const { method = 'GET', headers } = request;
  const { path } = located;
  const call = { method, path, query: url.searchParams, headers, body: read.body, arrivedAtMs };
  sendReply(response, await located.serve(call).catch(failed));
}

/** The ledger could not be written: nothing was accepted, as the sender is told. */
function failed(error: unknown): Reply {
  const message = error instanceof Error ? error.message : 'The sandbox failed.';
  return json(500, { status: 'error', message, errors: [message] });
}

/** PagerDuty documents the limit of 512 KB; that it answers 413, and not 400, is our reading. */
const TOO_LARGE = eventError(413, [`The event is larger than ${EVENT_LIMITS.maxBytes} bytes.`]);

/** A path with a broken percent sign stays as it is, and nobody serves it. */
function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

import { randomBytes } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import {
  createPagerDutySandbox,
  type PagerDutySandbox,
} from '../../../lib/local/sandbox/pagerduty/sandbox.ts';
import type { PagerDutySandboxSettings } from '../../../lib/local/sandbox/pagerduty/settings.ts';
import { listen } from '../../../lib/local/shared/listener.ts';
import { systemTimekeeper, type Timekeeper } from '../../../lib/local/shared/timekeeper.ts';

export const ROUTING_KEY = 'e93facc04764012d7bfb002500d5d1a6';
export const OTHER_ROUTING_KEY = '0123456789abcdef0123456789abcdef';
export const API_TOKEN = 'y_NbAkKc66ryYTWUXYEu';
export const ADA = 'ada@example.com';
export const GRACE = 'grace@example.com';

const LOOPBACK = { host: '127.0.0.1', port: 0 };

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed JSON, whose shape the test states by what it expects. */
  readonly body: Body;
}

/** JSON of an answer: tests look into it by name, and a missing name is `undefined`. */
export interface Body {
  readonly [key: string]: unknown;
  readonly incidents: readonly Body[];
  readonly requests: readonly Body[];
  readonly webhooks: readonly Body[];
  readonly alerts: readonly Body[];
  readonly notes: readonly Body[];
  readonly users: readonly Body[];
  readonly incident: Body;
  readonly error: Body;
  readonly errors: readonly string[];
}

export interface Running {
  readonly url: string;
  readonly sandbox: PagerDutySandbox;
  readonly call: (method: string, path: string, options?: CallOptions) => Promise<Answer>;
  readonly trigger: (dedupKey: string, more?: object) => Promise<Answer>;
  readonly event: (body: object) => Promise<Answer>;
  /** What `/sandbox/pagerduty/incidents` holds. */
  readonly incidents: () => Promise<readonly Body[]>;
  readonly click: (id: unknown, action: string, fields?: object) => Promise<Answer>;
}

export interface CallOptions {
  readonly body?: object | string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Starts a sandbox on a free port; it is closed after the test. */
export async function start(settings: Partial<PagerDutySandboxSettings> = {}): Promise<Running> {
  const sandbox = createPagerDutySandbox({
    timekeeper: systemTimekeeper,
    randomBytes,
    routingKeys: { api: ROUTING_KEY, web: OTHER_ROUTING_KEY },
    apiTokens: [API_TOKEN],
    ...settings,
  });
  onTestFinished(() => sandbox.close());
  const url = await sandbox.listen(LOOPBACK);

  const call: Running['call'] = async (method, path, { body, headers = {} } = {}) => {
    const response = await fetch(url + path, {
      method,
      headers,
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    // The sandbox answers JSON; what is in it is what the tests are about.
    const parsed = (await response.json()) as Body;
    return { status: response.status, headers: response.headers, body: parsed };
  };
  const event: Running['event'] = (body) =>
    call('POST', '/v2/enqueue', { body: { routing_key: ROUTING_KEY, ...body } });
  return {
    url,
    sandbox,
    call,
    event,
    trigger: (dedupKey, more = {}) => event({ ...triggerOf(dedupKey), ...more }),
    incidents: async () => (await call('GET', '/sandbox/pagerduty/incidents')).body.incidents,
    click: (id, action, fields) =>
      call('POST', `/sandbox/pagerduty/incidents/${String(id)}/${action}`, {
        ...(fields !== undefined && { body: fields }),
      }),
  };
}

export function triggerOf(dedupKey: string) {
  return {
    routing_key: ROUTING_KEY,
    event_action: 'trigger' as const,
    dedup_key: dedupKey,
    payload: {
      summary: `${dedupKey} is down`,
      source: 'prometheus',
      severity: 'critical' as const,
      custom_details: { runbook: 'https://example.com/runbook' },
    },
  };
}

export const REST_HEADERS = { authorization: `Token token=${API_TOKEN}`, from: ADA };

/** An incident's own record in a list that should hold exactly it. */
export function only(bodies: readonly Body[]): Body {
  const [first] = bodies;
  if (first === undefined || bodies.length !== 1) {
    throw new Error(`Expected one record, found ${bodies.length}.`);
  }
  return first;
}

export function temporaryPath(name: string): string {
  return join(mkdtempSync(join(tmpdir(), 'tocsin-pagerduty-')), name);
}

/** The machine's timers, with an instant that the test moves. */
export function movableTime(
  startMs: number,
): Timekeeper & { readonly move: (byMs: number) => void } {
  let nowMs = startMs;
  return {
    nowMs: () => nowMs,
    after: systemTimekeeper.after,
    move: (byMs) => {
      nowMs += byMs;
    },
  };
}

export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly raw: Buffer;
  readonly event: Body;
}

export interface Receiver {
  readonly url: string;
  /** The next request that has not been taken yet, waiting for it when need be. */
  readonly next: () => Promise<Received>;
  readonly take: (count: number) => Promise<readonly Received[]>;
  readonly received: readonly Received[];
}

/** What a receiver does with a request: a status, or nothing at all. */
export type Behaviour = (received: Received, index: number) => number | 'silent' | 'cut';

/** A webhook receiver on a free port; it is closed after the test. */
export async function receive(behaviour: Behaviour = () => 202): Promise<Receiver> {
  const received: Received[] = [];
  const waiting: ((one: Received) => void)[] = [];
  let taken = 0;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const raw = Buffer.concat(chunks);
      // The sandbox made it; what is in it is what the tests are about.
      const { event } = JSON.parse(raw.toString('utf8')) as { event: Body };
      const one = { headers: request.headers, raw, event };
      received.push(one);
      react(response, behaviour(one, received.length - 1));
      const resolve = waiting.shift();
      if (resolve !== undefined) {
        taken += 1;
        resolve(one);
      }
    });
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const next = (): Promise<Received> => {
    const ready = received[taken];
    if (ready === undefined) return new Promise((resolve) => waiting.push(resolve));
    taken += 1;
    return Promise.resolve(ready);
  };
  const take = async (count: number): Promise<readonly Received[]> => {
    const some: Received[] = [];
    while (some.length < count) some.push(await next());
    return some;
  };
  return { url: `${await listen(server, LOOPBACK)}/webhook`, next, take, received };
}

function react(response: ServerResponse, reaction: ReturnType<Behaviour>): void {
  if (reaction === 'silent') return;
  if (reaction === 'cut') response.destroy();
  else response.writeHead(reaction).end();
}

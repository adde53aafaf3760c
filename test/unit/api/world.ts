import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createMemoryActionRows } from '../../../lib/adapters/memory/action-rows.ts';
import { createMemoryBlobs, type MemoryBlobs } from '../../../lib/adapters/memory/blobs.ts';
import { createVirtualClock, type VirtualClock } from '../../../lib/adapters/memory/clock.ts';
import { createMemoryLog, type MemoryLog } from '../../../lib/adapters/memory/log.ts';
import { createMemorySecrets } from '../../../lib/adapters/memory/secrets.ts';
import { createMemoryStore } from '../../../lib/adapters/memory/store.ts';
import { systemHashing } from '../../../lib/adapters/system/hashing.ts';
import { act } from '../../../lib/app/act.ts';
import { originOf } from '../../../lib/app/deps.ts';
import { ingest } from '../../../lib/app/ingest.ts';
import { decodeAlertmanager } from '../../../lib/codec/alertmanager.ts';
import { linkLifetimeMs, signedConsolePath } from '../../../lib/codec/console-link.ts';
import { decodeHttpEvent, type HttpApiEvent } from '../../../lib/codec/http-event.ts';
import type { HttpResponse } from '../../../lib/codec/http-response.ts';
import { loadPolicy } from '../../../lib/codec/policy/load.ts';
import { deliveryDigest } from '../../../lib/codec/set-digest.ts';
import type { IncidentCommand } from '../../../lib/domain/incident/command.ts';
import type { Incident } from '../../../lib/domain/incident/state.ts';
import { epochMs, toIso } from '../../../lib/domain/shared/time.ts';
import { respond } from '../../../functions/api/routes.ts';
import type { ApiDeps } from '../../../lib/wire/api.ts';
import { wireConsoleLinks } from '../../../lib/wire/links.ts';

export const t0 = epochMs(Date.parse('2026-05-12T03:04:05.000Z'));
export const currentKey = 'current-signing-key-0123456789';
export const previousKey = 'previous-signing-key-987654321';
export const ada = 'arn:aws:iam::111122223333:user/oncall/ada';
export const grace = 'arn:aws:sts::111122223333:assumed-role/OnCall/grace@example.com';
export const lin = 'arn:aws:iam::111122223333:user/lin';

/** The example policy, in which these people are known by their ARNs as well. */
const shop = readFileSync(join(import.meta.dirname, '../../../policy/tocsin.yaml'), 'utf8')
  .replace('apiNames: [ada]', `apiNames: [ada, '${ada}']`)
  .replace('apiNames: [grace]', `apiNames: [grace, '${grace}']`)
  .replace(
    '      - id: lin\n',
    "      - { id: eve, name: Eve, apiNames: ['arn:aws:iam::111122223333:user/eve'] }\n      - id: lin\n",
  )
  .replace('slackUserId: ULIN001', `slackUserId: ULIN001\n        apiNames: ['${lin}']`);
const second = `
  other:
    sources:
      - id: other-prometheus
        kind: alertmanager
`;

function policy() {
  const loaded = loadPolicy(`${shop}${second}`, { fileName: 'tocsin.yaml' });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.error, null, 2));
  return loaded.value;
}

export interface Ask {
  readonly method?: string;
  /** Path and query. */
  readonly url: string;
  /** ARN of the verified caller; none when absent. */
  readonly as?: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface World {
  readonly app: ApiDeps & { readonly blobs: MemoryBlobs };
  readonly clock: VirtualClock;
  readonly log: MemoryLog;
  readonly ask: (ask: Ask) => Promise<HttpResponse>;
  /** Delivers a firing alert with these labels and gives the incident that it made. */
  readonly raise: (
    labels: Readonly<Record<string, string>>,
    more?: { readonly annotations?: Readonly<Record<string, string>>; readonly source?: string },
  ) => Promise<Incident>;
  readonly act: (incident: Incident, command: IncidentCommand) => Promise<Incident>;
}

/** The function for people on memory adapters, with the example policy and a second tenant. */
export function createWorld(
  of: Partial<Pick<ApiDeps, 'isConsoleOpen' | 'slackViewPath' | 'store' | 'proof'>> = {},
): World {
  const clock = createVirtualClock(t0);
  const log = createMemoryLog();
  const app = createApp(clock, log, of);
  return {
    app,
    clock,
    log,
    ask: (ask) => respond(app, decodeHttpEvent(eventOf(ask))),
    raise: (labels, { annotations = {}, source = 'prometheus' } = {}) =>
      raise(app, { labels, annotations, source }),
    act: async ({ tenant, id }, command) => {
      const acted = await act(app, { tenant, incidentId: id, command, causeId: 'test' });
      if (!acted.ok || acted.value.refusal !== null) throw new Error(JSON.stringify(acted));
      return acted.value.incident;
    },
  };
}

function createApp(
  clock: VirtualClock,
  log: MemoryLog,
  of: Partial<Pick<ApiDeps, 'isConsoleOpen' | 'slackViewPath' | 'store' | 'proof'>>,
): World['app'] {
  const base = 'https://tocsin.example.com';
  const secrets = createMemorySecrets({
    intake: { sources: {} },
    pagerduty: { routingKeys: {}, apiToken: null, apiFrom: null, webhookSecrets: {} },
    console: { signingKeys: [currentKey, previousKey], people: {} },
  });
  const store = createMemoryStore({ clock });
  return {
    store,
    actionRows: createMemoryActionRows(store.tables),
    blobs: createMemoryBlobs(),
    clock,
    hashing: systemHashing,
    rng: () => 0,
    log,
    policy: policy(),
    secrets,
    links: wireConsoleLinks({ TOCSIN_CONSOLE_URL: base }, secrets, clock),
    consoleUrl: base,
    isConsoleOpen: false,
    slackViewPath: null,
    proof: () => Promise.reject(new Error('Nothing is proved here.')),
    version: '1.2.3',
    ...of,
  };
}

function eventOf({ method = 'GET', url, as, body, headers = {} }: Ask): HttpApiEvent {
  const [rawPath = '/', rawQueryString = ''] = url.split(/\?(.*)/s);
  return {
    rawPath,
    rawQueryString,
    headers,
    body,
    requestContext: {
      requestId: 'r1',
      http: { method },
      ...(as === undefined ? {} : { authorizer: { iam: { userArn: as } } }),
    },
  };
}

async function raise(
  app: World['app'],
  of: {
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
    readonly source: string;
  },
): Promise<Incident> {
  const { labels, annotations } = of;
  const startsAt = toIso(app.clock.now());
  const alert = { status: 'firing', labels, annotations, startsAt };
  const text = JSON.stringify({ version: '4', groupKey: JSON.stringify(labels), alerts: [alert] });
  const body = new TextEncoder().encode(text);
  const delivery = decodeAlertmanager(body);
  const origin = originOf(app.policy, of.source);
  if (!delivery.ok || origin === null) throw new Error('The sample is no delivery.');
  const taken = await ingest(app, {
    origin,
    delivery: delivery.value,
    body,
    setDigest: deliveryDigest(delivery.value, systemHashing.digest),
    requestId: 'r0',
    operator: null,
  });
  const incident = taken.ok ? taken.value.placed[0]?.incident : undefined;
  if (incident === undefined || incident === null) throw new Error(JSON.stringify(taken));
  return incident;
}

/** The console's path to something, signed as a page carries it. */
export const signedPath = (path: string, tenant = 'default', key = currentKey): string =>
  signedConsolePath({ path, tenant, key, nowMs: t0 });

export const lifetimeMs = linkLifetimeMs;

export const checkoutDown = {
  alertname: 'CheckoutDown',
  service: 'checkout',
  severity: 'critical',
  environment: 'production',
} as const;

export const jsonOf = (response: HttpResponse): Record<string, unknown> =>
  JSON.parse(response.body) as Record<string, unknown>;

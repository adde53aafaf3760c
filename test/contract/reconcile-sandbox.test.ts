import { expect, it } from 'vitest';
import { createMemoryBlobs } from '../../lib/adapters/memory/blobs.ts';
import { createMemoryLog } from '../../lib/adapters/memory/log.ts';
import { createMemoryStore } from '../../lib/adapters/memory/store.ts';
import { createPagerDutyDirectory } from '../../lib/adapters/pagerduty/directory.ts';
import { createPagerDutyPager } from '../../lib/adapters/pagerduty/pager.ts';
import { createPagerDutyRest } from '../../lib/adapters/pagerduty/rest.ts';
import { systemHashing } from '../../lib/adapters/system/hashing.ts';
import { act } from '../../lib/app/act.ts';
import { originOf, type PagingDeps } from '../../lib/app/deps.ts';
import { ingest } from '../../lib/app/ingest.ts';
import { pageInline } from '../../lib/app/page-inline.ts';
import { reconcile, type ReconcileDeps } from '../../lib/app/reconcile/reconcile.ts';
import { receivePagerEvent } from '../../lib/app/receive-pager-event.ts';
import { sendIntent } from '../../lib/app/send-page.ts';
import { decodePagerDutyEvent } from '../../lib/codec/pagerduty-webhook.ts';
import { loadPolicy } from '../../lib/codec/policy/load.ts';
import type { Alert } from '../../lib/domain/alert/alert.ts';
import type { IncidentCommand } from '../../lib/domain/incident/command.ts';
import type { Incident } from '../../lib/domain/incident/state.ts';
import { ok } from '../../lib/domain/shared/result.ts';
import { epochMs } from '../../lib/domain/shared/time.ts';
import { stableId } from '../../lib/local/sandbox/pagerduty/sandbox-ids.ts';
import {
  ADA,
  GRACE,
  movableTime,
  only,
  receive,
  ROUTING_KEY,
  start,
} from './pagerduty-sandbox/harness.ts';
import { rotatingSecret, secretOf } from './pagerduty-subject.ts';

const startMs = Date.UTC(2026, 10, 21, 3, 46);

function policyOf() {
  const text = `
version: 1
tenants:
  acme:
    sources: [{ id: prometheus, kind: alertmanager }]
    services:
      - id: api
        tier: 1
        match: ['service="api"']
        routingKey: api
        pagerdutyServiceId: ${stableId('P', 'api')}
    paging: { routingKey: api }
`;
  const loaded = loadPolicy(text, { fileName: 'policy.yaml' });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.error));
  return loaded.value;
}

/** Tocsin on a memory store, and PagerDuty's sandbox behind the real adapters. */
async function bothSides() {
  const time = movableTime(startMs);
  const receiver = await receive();
  const sandbox = await start({
    timekeeper: time,
    webhookTargets: [
      { id: 'OURS', url: `${receiver.url}/v1/pagerduty/webhook`, secrets: ['secret'] },
    ],
  });
  const log = createMemoryLog();
  const clock = { now: () => epochMs(time.nowMs()), sleep: () => Promise.resolve() };
  const secrets = rotatingSecret(secretOf({ routingKeys: { api: ROUTING_KEY }, apiFrom: ADA }));
  const at = { apiUrl: sandbox.url, secrets, log };
  const deps: PagingDeps & ReconcileDeps = {
    store: createMemoryStore({ clock }),
    blobs: createMemoryBlobs(),
    clock,
    log,
    hashing: systemHashing,
    rng: () => 0.5,
    policy: policyOf(),
    pager: createPagerDutyPager({ eventsUrl: sandbox.url, secrets, log }),
    fallback: { send: () => Promise.resolve(ok(undefined)) },
    consoleUrl: () => Promise.resolve('https://console.example/'),
    pagerRest: createPagerDutyRest(at),
    directory: createPagerDutyDirectory(at),
  };
  return { ...sandbox, deps, time, receiver };
}

type Both = Awaited<ReturnType<typeof bothSides>>;

const down: Alert = {
  fingerprint: 'f1',
  startsAtMs: epochMs(startMs),
  endsAtMs: null,
  status: 'firing',
  name: 'Down',
  summary: 'it is down',
  description: '',
  labels: { service: 'api' },
  annotations: {},
  links: {},
  sourceFields: {},
  cuts: [],
};

/** An alert comes in and is paged. */
async function paged({ deps }: Both): Promise<Incident> {
  const origin = originOf(deps.policy, 'prometheus');
  if (origin === null) throw new Error('The policy has the source.');
  const taken = await ingest(deps, {
    origin,
    delivery: {
      sourceKind: 'alertmanager',
      group: 'g',
      alerts: [down],
      truncatedAlerts: 0,
      isTest: false,
      cuts: [],
    },
    body: new Uint8Array([1]),
    setDigest: 'd',
    requestId: 'r',
    operator: null,
  });
  const [placed] = taken.ok ? taken.value.placed : [];
  const incident = placed?.incident ?? null;
  if (incident === null) throw new Error('Nothing was opened.');
  await pageInline(deps, [incident]);
  return incident;
}

async function now({ deps }: Both, { tenant, id }: Incident): Promise<Incident> {
  const loaded = await deps.store.loadIncident(tenant, id);
  if (!loaded.ok || loaded.value === null) throw new Error('It is not there.');
  return loaded.value;
}

/** Carries a command out, and sends what follows from it. */
async function does(both: Both, incident: Incident, command: IncidentCommand): Promise<void> {
  const { tenant, id: incidentId } = incident;
  await act(both.deps, { tenant, incidentId, command, causeId: 'test' });
  for (const { intentId } of (await now(both, incident)).intents) {
    await sendIntent(both.deps, { tenant, incidentId, intentId });
  }
}

const grace = { kind: 'person', via: 'api', id: 'grace', name: 'Grace' } as const;

it('finds what webhooks did not tell, at PagerDuty’s instant, and switches them on', async () => {
  const both = await bothSides();
  const incident = await paged(both);
  await both.call('POST', '/sandbox/pagerduty/webhooks/OURS/disable');
  const { id } = only(await both.incidents());
  both.time.move(120_000);
  const ackAtMs = both.time.nowMs();
  await both.click(id, 'acknowledge', { by: GRACE, note: 'mine' });
  both.time.move(120_000);

  expect(await reconcile(both.deps)).toEqual({
    ok: true,
    value: { isConfigured: true, compared: 1, healed: 1, failed: 0, switchedOn: 1 },
  });

  expect(await now(both, incident)).toMatchObject({
    state: 'acknowledged',
    acknowledgedBy: { via: 'pagerduty', name: 'Grace Backup' },
    response: { end: { kind: 'met', atMs: ackAtMs } },
    pagerIncidentId: id,
  });
  const { version } = await now(both, incident);
  expect(await reconcile(both.deps)).toMatchObject({ value: { healed: 0, switchedOn: 0 } });
  expect((await now(both, incident)).version).toBe(version);
});

it('tells PagerDuty again what it has not heard', async () => {
  const both = await bothSides();
  const incident = await paged(both);
  both.time.move(120_000);
  // An acknowledgement that was accepted here and lost on its way.
  const { tenant, id: incidentId } = incident;
  const occurredAtMs = both.deps.clock.now();
  const command = { kind: 'acknowledge', by: grace, occurredAtMs } as const;
  await act(both.deps, { tenant, incidentId, command, causeId: 'test' });
  for (const { intentId, action, channel } of (await now(both, incident)).intents) {
    const lost = { kind: 'report-accepted', intentId, action, channel } as const;
    await act(both.deps, { tenant, incidentId, command: lost, causeId: 'test' });
  }
  both.time.move(60_000);

  expect(await reconcile(both.deps)).toMatchObject({ value: { healed: 1 } });
  for (const { intentId } of (await now(both, incident)).intents) {
    await sendIntent(both.deps, { tenant, incidentId, intentId });
  }
  expect(only(await both.incidents())).toMatchObject({ status: 'acknowledged' });
});

it('writes what people do here, and takes no echo of it', async () => {
  const both = await bothSides();
  const incident = await paged(both);
  await both.receiver.next();
  const occurredAtMs = both.deps.clock.now();
  await does(both, incident, { kind: 'add-note', by: grace, text: 'it is the disk', occurredAtMs });
  expect(only(await both.incidents())).toMatchObject({
    notes: [{ content: expect.stringContaining('Grace (api): it is the disk') as string }],
  });
  const before = (await now(both, incident)).version;

  const decoded = decodePagerDutyEvent((await both.receiver.next()).raw);
  if (!decoded.ok) throw new Error(decoded.error.reason);
  expect(decoded.value.kind).toBe('annotated');
  const body = new Uint8Array([2]);
  await receivePagerEvent(both.deps, { tenant: 'acme', event: decoded.value, body });
  expect((await now(both, incident)).version).toBe(before);
});

it('adopts what a person opens in PagerDuty, and acknowledges it there', async () => {
  const both = await bothSides();
  const made = { title: 'The shop is slow', service: 'api', urgency: 'low', by: GRACE };
  await both.call('POST', '/sandbox/pagerduty/incidents', { body: made });
  const { id } = only(await both.incidents());
  const { raw } = await both.receiver.next();
  const decoded = decodePagerDutyEvent(raw);
  if (!decoded.ok) throw new Error(decoded.error.reason);
  const intake = { tenant: 'acme', event: decoded.value, body: raw };
  const received = await receivePagerEvent(both.deps, intake);
  const [ours = ''] = received.ok ? received.value.incidentIds : [];
  const loaded = await both.deps.store.loadIncident('acme', ours);
  if (!loaded.ok || loaded.value === null) throw new Error(JSON.stringify(received));
  expect(loaded.value).toMatchObject({ severity: 'P2', pagerIncidentId: id, intents: [] });

  const occurredAtMs = both.deps.clock.now();
  await does(both, loaded.value, { kind: 'acknowledge', by: grace, occurredAtMs });

  expect(only(await both.incidents())).toMatchObject({ status: 'acknowledged', triggers: 0 });
});

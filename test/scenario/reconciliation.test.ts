import { beforeEach, describe, expect, it } from 'vitest';
import type { Incident } from '../../lib/domain/incident/state.ts';
import type { TenantPolicy } from '../../lib/domain/policy/policy.ts';
import { after, hours, minutes, seconds, type DurationMs } from '../../lib/domain/shared/time.ts';
import { actor } from './fake-pager-rest.ts';
import { createWorld, failing, type World } from './harness.ts';
import { checkoutDown } from './samples.ts';

const opened = 'trigger [P0] CheckoutDown (checkout): it is down';
const theRest = { failed: 0, isConfigured: true };

let world: World;

function start(change?: (tenant: TenantPolicy) => TenantPolicy): void {
  world = createWorld(change);
  world.pagerDuty.rest.directory = {
    services: [
      {
        id: 'PSHOP',
        name: 'Shop',
        isEnabled: true,
        escalationPolicy: { id: 'PPOLICY', name: 'Default' },
        routingKeys: ['default'],
      },
    ],
    routingKeys: ['default'],
    orchestrated: [],
  };
}

beforeEach(() => {
  start();
});

async function pagedIncident(): Promise<Incident> {
  const incident = await world.open({ alerts: [checkoutDown] });
  world.expectPages(opened);
  await world.fastForward(minutes(2));
  return world.now(incident);
}

/** Somebody acts in PagerDuty, and no webhook tells of it. */
const silently = (type: string, { dedupKey }: Incident): void => {
  world.pagerDuty.does({ type, dedupKey });
};

/** Time passes, and both sides are compared as often as they are in service. */
async function every4MinutesFor(span: DurationMs): Promise<void> {
  const endMs = after(world.clock.now(), span);
  while (world.clock.now() < endMs) {
    await world.fastForward(minutes(4));
    await world.reconcile();
  }
}

/** Everything is the same on both sides, and stays so without another word. */
async function expectAtRest(incident: Incident): Promise<void> {
  await world.fastForward(minutes(3));
  // The link to an incident that is new there may still be missing.
  await world.reconcile();
  const { version } = world.now(incident);
  for (const _ of [1, 2, 3])
    expect(await world.reconcile()).toMatchObject({ healed: 0, failed: 0 });
  expect(world.now(incident).version).toBe(version);
}

describe('what happened in PagerDuty while its webhooks were lost', () => {
  it('stops the response clock at the instant that PagerDuty gives', async () => {
    const incident = await pagedIncident();
    const ackAtMs = world.clock.now();
    silently('incident.acknowledged', incident);
    await world.fastForward(minutes(4));

    expect(await world.reconcile()).toMatchObject({ ...theRest, compared: 1, healed: 1 });

    const now = world.now(incident);
    expect(now).toMatchObject({
      state: 'acknowledged',
      acknowledgedBy: { id: 'ada', via: 'pagerduty' },
      response: { end: { kind: 'met', atMs: ackAtMs } },
    });
    const timeline = (await world.timeline(incident)).join('\n');
    expect(timeline).toContain('found by reconciliation; no webhook had told of it');
    await expectAtRest(incident);
  });

  it('withdraws a breach that was none, and leaves what was recorded', async () => {
    const incident = await pagedIncident();
    await world.fastForward(minutes(10));
    silently('incident.acknowledged', incident);
    await world.fastForward(minutes(10));
    expect(await world.events(incident, 'sla.breached')).toHaveLength(1);
    world.skipPages();
    world.expectMessages('[P0] CheckoutDown (checkout)');

    await world.reconcile();

    expect(await world.events(incident, 'sla.breached')).toHaveLength(1);
    expect(await world.events(incident, 'sla.breach_withdrawn')).toHaveLength(1);
  });

  it.each([
    [['incident.resolved'], 'resolved'],
    [['incident.acknowledged', 'incident.resolved'], 'resolved'],
    [['incident.acknowledged', 'incident.unacknowledged'], 'triggered'],
  ] as const)('%j: ours is %s', async (types, state) => {
    const incident = await pagedIncident();
    for (const type of types) {
      await world.fastForward(seconds(20));
      silently(type, incident);
    }
    await world.fastForward(minutes(1));
    await world.reconcile();
    expect(world.now(incident).state).toBe(state);
    await expectAtRest(incident);
  });

  it('takes an acknowledgement back, and reopens', async () => {
    const incident = await pagedIncident();
    await world.acknowledge(incident);
    await world.fastForward(minutes(2));
    silently('incident.unacknowledged', incident);
    await world.reconcile();
    expect(world.now(incident).state).toBe('triggered');

    await world.fastForward(minutes(1));
    await world.resolve(incident);
    await world.fastForward(minutes(1));
    silently('incident.reopened', incident);
    await world.reconcile();

    expect(world.now(incident)).toMatchObject({ state: 'triggered', reopenCount: 1 });
    world.skipPages();
    await expectAtRest(incident);
  });

  it('brings the notes of the gap once, ours not among them', async () => {
    const incident = await pagedIncident();
    const held = world.pagerDuty.newest(incident.dedupKey);
    const by = { id: 'PADA001', name: 'Ada' };
    const atMs = world.clock.now();
    world.pagerDuty.rest.notes = () =>
      Promise.resolve({
        ok: true,
        value: [
          { id: 'N2', by, text: 'second', atMs: after(atMs, seconds(1)) },
          { id: 'N1', by, text: 'first', atMs },
          { id: 'N3', by: actor, text: `ours\n[Tocsin ${incident.id} p3]`, atMs },
        ],
      });
    await world.reconcile();
    await world.reconcile();
    // The webhook about one of them comes after all.
    await world.webhook(
      world.pagerDuty.doesOn(held?.pagerIncidentId ?? '', {
        type: 'incident.annotated',
        data: { id: 'N1', content: 'first' },
      }),
    );

    const notes = await world.events(incident, 'note.added');
    expect(notes.map(({ event }) => event)).toMatchObject([{ text: 'first' }, { text: 'second' }]);
  });
});

describe('what PagerDuty has not heard', () => {
  it('a page that made no incident: somebody is paged again', async () => {
    const incident = await pagedIncident();
    world.pagerDuty.forget(incident.dedupKey);

    expect(await world.reconcile()).toMatchObject({ healed: 1 });

    expect(world.pagerDuty.statusOf(incident.dedupKey)).toBe('triggered');
    world.expectPages(
      'trigger [P0] found by reconciliation: PagerDuty has no incident for its page. CheckoutDown (checkout): it is down',
    );
    await expectAtRest(incident);
  });

  it('an acknowledgement and a resolve', async () => {
    const incident = await pagedIncident();
    await world.acknowledge(incident);
    world.pagerDuty.set(incident.dedupKey, 'triggered');
    await world.fastForward(minutes(2));
    await world.reconcile();
    expect(world.pagerDuty.statusOf(incident.dedupKey)).toBe('acknowledged');

    await world.resolve(incident);
    await world.fastForward(minutes(1));
    world.pagerDuty.set(incident.dedupKey, 'acknowledged');
    await world.reconcile();
    expect(world.pagerDuty.statusOf(incident.dedupKey)).toBe('resolved');
    world.skipPages();
    await expectAtRest(incident);
  });

  it('is not told in every run when PagerDuty never shows it', async () => {
    const incident = await pagedIncident();
    for (let run = 0; run < 5; run += 1) {
      world.pagerDuty.forget(incident.dedupKey);
      await world.reconcile();
      await world.fastForward(minutes(2));
    }
    const again = (await world.events(incident, 'page.requested')).slice(1);
    expect(again).toHaveLength(1);
    world.skipPages();
  });
});

describe('webhooks that are off', () => {
  it('for a day: every clock is right, and they are switched on again', async () => {
    const incident = await pagedIncident();
    const rest = world.pagerDuty.rest;
    rest.webhooks = [{ id: 'OURS', state: 'paused' }];
    const { enableSubscription } = rest;
    rest.enableSubscription = () => Promise.resolve({ ok: false, error: failing('unavailable') });
    const ackAtMs = world.clock.now();
    silently('incident.acknowledged', incident);
    await every4MinutesFor(minutes(30));
    const resolvedAtMs = world.clock.now();
    silently('incident.resolved', incident);
    await every4MinutesFor(hours(23));

    expect(world.now(incident)).toMatchObject({
      state: 'resolved',
      response: { end: { kind: 'met', atMs: ackAtMs } },
      resolution: { end: { kind: 'met', atMs: resolvedAtMs } },
    });
    expect(await world.events(incident, 'sla.breached')).toEqual([]);
    rest.enableSubscription = enableSubscription;
    expect(await world.reconcile()).toMatchObject({ switchedOn: 1, healed: 0 });
    expect(rest.calls).toContainEqual(['enable', 'OURS']);
    expect(await world.reconcile()).toMatchObject({ switchedOn: 0, healed: 0 });
    world.skipPages();
  });

  it.each([
    ['a person', () => (world.pagerDuty.rest.webhooks = [{ id: 'OURS', state: 'off' }])],
    [
      'PagerDuty, for good',
      () => {
        world.pagerDuty.rest.webhooks = [{ id: 'OURS', state: 'paused' }];
        world.pagerDuty.rest.enableSubscription = () =>
          Promise.resolve({ ok: false, error: failing('rejected') });
      },
    ],
  ])('switched off by %s: those who run Tocsin are told, once', async (_who, off) => {
    off();
    await world.reconcile();
    await world.fastForward(minutes(4));
    await world.reconcile();

    expect(world.onlyIncident()).toMatchObject({ isOperator: true, severity: 'P2' });
    expect(world.onlyIncident().title).toContain('PagerDutyWebhooksOff');
    world.skipPages();
  });
});

describe('an incident that was born in PagerDuty while its webhooks were lost', () => {
  beforeEach(() => {
    start((tenant) => ({
      ...tenant,
      services: tenant.services.map((service) => ({ ...service, pagerdutyServiceId: 'PSHOP' })),
    }));
  });

  it('is adopted as it stands', async () => {
    const { held } = world.pagerDuty.makes();
    await world.reconcile();
    expect(world.incidents()).toEqual([]); // Its webhook may still be on its way.

    await world.fastForward(minutes(2));
    world.pagerDuty.doesOn(held.pagerIncidentId, { type: 'incident.acknowledged' });
    await world.reconcile();

    expect(world.onlyIncident()).toMatchObject({ state: 'acknowledged', intents: [] });
    await world.fastForward(minutes(3));
    world.pagerDuty.doesOn(held.pagerIncidentId, { type: 'incident.resolved' });
    await world.reconcile();
    expect(world.onlyIncident().state).toBe('resolved');
    await expectAtRest(world.onlyIncident());
  });
});

describe('a run that cannot look', () => {
  it('does nothing without a token', async () => {
    world.pagerDuty.rest.hasToken = false;
    expect(await world.reconcile()).toMatchObject({ isConfigured: false, compared: 0 });
  });

  it('leaves an incident whose page is on its way alone', async () => {
    world.pagerDuty.answer = () => failing('unavailable');
    const incident = await world.open({ alerts: [checkoutDown] });
    expect(await world.reconcile()).toMatchObject({ compared: 0, healed: 0 });
    expect(world.now(incident).state).toBe('triggered');
  });
});

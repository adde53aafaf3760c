import { describe, expect, it } from 'vitest';
import type { TenantPolicy } from '../../lib/domain/policy/policy.ts';
import { minutes, seconds } from '../../lib/domain/shared/time.ts';
import { actor, type Held } from './fake-pager-rest.ts';
import { ada, createWorld, failing, type World } from './harness.ts';

const grace = { id: 'PGRACE', name: 'Grace in PagerDuty' };

const withService = (tenant: TenantPolicy): TenantPolicy => ({
  ...tenant,
  paging: { ...tenant.paging, priorities: { P0: 'SEV-1', P1: 'SEV-2', P2: 'SEV-3' } },
  services: tenant.services.map((service) =>
    service.id === 'checkout' ? { ...service, pagerdutyServiceId: 'PSHOP' } : service,
  ),
});

async function adopted(world: World, of: Partial<Held> = {}) {
  const { held, webhook } = world.pagerDuty.makes(of);
  const received = await world.webhook(webhook);
  return { held, received };
}

describe('an incident that is born in PagerDuty', () => {
  it.each([
    [{}, 'P1', 'its urgency in PagerDuty is high'],
    [{ urgency: 'low' }, 'P2', 'its urgency in PagerDuty is low'],
    [{ urgency: 'low', priority: 'SEV-1' }, 'P0', 'its priority in PagerDuty is SEV-1'],
    [{ alertKey: 'key-of-another-tool' }, 'P1', 'its urgency in PagerDuty is high'],
  ] as const)('opens ours without a page: %j', async (of, severity, reason) => {
    const world = createWorld(withService);

    const { held, received } = await adopted(world, of);

    const incident = world.onlyIncident();
    expect(received).toMatchObject({
      ok: true,
      value: { kind: 'attached', incidentIds: [incident.id] },
    });
    expect(incident).toMatchObject({
      state: 'triggered',
      service: 'checkout',
      severity,
      severityReason: { text: reason },
      pagerIncidentId: held.pagerIncidentId,
      intents: [],
    });
    expect(incident.title).toContain('The shop is slow');
    await world.fastForward(minutes(5));
    world.expectPages();
    world.expectMessages();
  });

  it('is not woken by a call that somebody has answered before it got through', async () => {
    const world = createWorld(withService);
    await adopted(world);
    const incident = world.onlyIncident();
    await world.fastForward(minutes(2));
    await world.acknowledge(incident);
    await world.fastForward(minutes(2));
    const { rest } = world.pagerDuty;
    rest.failure = failing('unavailable');
    const occurredAtMs = world.clock.now();
    await world.act(incident, { kind: 'unacknowledge', by: ada, reason: 'not mine', occurredAtMs });
    await world.fastForward(seconds(20));
    await world.acknowledge(incident);
    await world.fastForward(seconds(20));
    rest.failure = null;
    await world.fastForward(minutes(3));

    expect(rest.calls).not.toContainEqual(['status', 'triggered']);
    expect(await world.reconcile()).toMatchObject({ healed: 0 });
    expect(world.now(incident)).toMatchObject({ state: 'acknowledged', intents: [] });
    world.skipPages();
    world.skipMessages();
  });

  it('opens one however often it is told', async () => {
    const world = createWorld(withService);
    const { held, webhook } = world.pagerDuty.makes();
    await world.webhook(webhook);
    await world.webhook(webhook);
    await world.webhook(
      world.pagerDuty.doesOn(held.pagerIncidentId, { type: 'incident.triggered' }),
    );
    expect(world.incidents()).toHaveLength(1);
  });

  it('is followed when it is acknowledged and resolved there', async () => {
    const world = createWorld(withService);
    const { held } = await adopted(world);
    const does = (type: string) =>
      world.webhook(world.pagerDuty.doesOn(held.pagerIncidentId, { type, by: grace }));
    await world.fastForward(minutes(2));
    await does('incident.acknowledged');
    expect(world.onlyIncident()).toMatchObject({ state: 'acknowledged' });
    await world.fastForward(minutes(2));
    await does('incident.resolved');
    expect(world.onlyIncident()).toMatchObject({ state: 'resolved', cause: 'person' });
    await world.fastForward(minutes(1));
    expect(world.pagerDuty.rest.calls).toEqual([]);
  });

  it('is acknowledged, resolved and reopened there when it is here', async () => {
    const world = createWorld(withService);
    const { held } = await adopted(world);
    const incident = world.onlyIncident();
    const theirs = () => world.pagerDuty.held().at(-1)?.status;

    await world.acknowledge(incident);
    expect(theirs()).toBe('acknowledged');
    await world.webhook(
      world.pagerDuty.doesOn(held.pagerIncidentId, { type: 'incident.acknowledged', by: actor }),
    );
    await world.fastForward(seconds(30));
    await world.resolve(incident);
    expect(theirs()).toBe('resolved');
    await world.fastForward(seconds(30));
    const occurredAtMs = world.clock.now();
    await world.act(incident, { kind: 'reopen', by: ada, reason: 'it is back', occurredAtMs });
    await world.fastForward(minutes(2));
    expect(theirs()).toBe('triggered');

    const calls = world.pagerDuty.rest.calls.filter(([action]) => action === 'status');
    expect(calls).toEqual([
      ['status', 'acknowledged'],
      ['status', 'resolved'],
      ['status', 'triggered'],
    ]);
    // The echo of the acknowledgement is no line of its own.
    expect(await world.events(incident, 'pager.activity')).toEqual([]);
  });

  it.each([
    ['of a service that is not in the policy', { service: { id: 'PX', name: 'X' } }],
    ['whose page is ours, of another tenant', { alertKey: 'tocsin:globex:00:11' }],
  ])('opens none %s', async (_what, of) => {
    const world = createWorld(withService);
    expect((await adopted(world, of)).received).toMatchObject({ value: { kind: 'suppressed' } });
    expect(world.incidents()).toEqual([]);
  });

  it('opens none where the policy adopts none', async () => {
    const world = createWorld((tenant) => {
      const { paging, ...more } = withService(tenant);
      return { ...more, paging: { ...paging, adoptIncidents: false } };
    });
    await adopted(world);
    expect(world.incidents()).toEqual([]);
  });
});

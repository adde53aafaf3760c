import { describe, expect, it } from 'vitest';
import { readIncident, readLog, readOpenIncidents } from '../../lib/app/read-incidents.ts';
import { minutes } from '../../lib/domain/shared/time.ts';
import { createWorld, type World } from './harness.ts';
import { checkoutDown, over, type TenantId } from './samples.ts';

const opened = 'trigger [P0] CheckoutDown (checkout): it is down';
const tenants = ['acme', 'globex'] as const;

/** The very same alert of the very same group, once for each tenant. */
async function twins(world: World) {
  const acme = await world.open({ alerts: [checkoutDown] }, 'acme');
  const globex = await world.open({ alerts: [checkoutDown] }, 'globex');
  world.expectPages(opened, opened);
  await world.fastForward(minutes(1));
  return { acme: world.now(acme), globex: world.now(globex) };
}

describe('two tenants with the same groups, services and alerts never meet', () => {
  it('in incidents and pages', async () => {
    const world = createWorld();
    const { acme, globex } = await twins(world);

    expect(acme.id).not.toBe(globex.id);
    expect(acme.dedupKey).not.toBe(globex.dedupKey);
    expect(world.onlyIncident('acme').sourceId).toBe('acme-prometheus');
    expect(world.onlyIncident('globex').sourceId).toBe('globex-prometheus');
    expect(world.pagerDuty.attempts.map(({ page }) => page.dedupKey)).toEqual([
      acme.dedupKey,
      globex.dedupKey,
    ]);
  });

  it('in what resolves', async () => {
    const world = createWorld();
    const { acme, globex } = await twins(world);

    await world.post({ alerts: [over(checkoutDown)] }, 'globex');
    await world.fastForward(minutes(1));

    expect(world.now(globex).state).toBe('resolved');
    expect(world.now(acme)).toEqual(acme);
    world.expectPages('resolve [P0] CheckoutDown (checkout): it is down');
  });

  it.each(tenants)('in what %s may list and read', async (own) => {
    const world = createWorld();
    const incidents = await twins(world);
    const other: TenantId = own === 'acme' ? 'globex' : 'acme';

    const listed = await readOpenIncidents(world.deps, own);
    expect(listed).toMatchObject({ ok: true, value: { incidents: [{ id: incidents[own].id }] } });
    const theirs = { tenant: own, incidentId: incidents[other].id };
    for (const read of [readIncident, readLog]) {
      expect(await read(world.deps, theirs)).toMatchObject({
        ok: false,
        error: { kind: 'not_found' },
      });
    }
  });

  it.each([
    ['by its key', undefined],
    ['by PagerDuty’s record', null],
  ])('in an event that the other tenant’s subscription signed, %s', async (_how, shownKey) => {
    const world = createWorld();
    const { acme, globex } = await twins(world);
    const { dedupKey } = acme;
    const deed = {
      type: 'incident.resolved',
      dedupKey,
      ...(shownKey === null ? { shownKey } : {}),
    };

    const received = await world.webhook(world.pagerDuty.does(deed), 'globex');

    expect(received).toMatchObject({ ok: true, value: { kind: 'suppressed', incidentIds: [] } });
    expect(world.now(acme)).toEqual(acme);
    expect(world.now(globex)).toEqual(globex);
  });

  it('in the id of an event: each applies its own', async () => {
    const world = createWorld();
    const { acme, globex } = await twins(world);
    for (const { tenant, dedupKey } of [acme, globex]) {
      const deed = { type: 'incident.acknowledged', dedupKey, eventId: 'the same id' };
      await world.webhook(world.pagerDuty.does(deed), tenant === 'acme' ? 'acme' : 'globex');
    }

    expect([world.now(acme).state, world.now(globex).state]).toEqual([
      'acknowledged',
      'acknowledged',
    ]);
  });

  it('in the rate of pages', async () => {
    const world = createWorld((tenant) => ({
      ...tenant,
      paging: { ...tenant.paging, ratePerMinute: 1 },
    }));
    const sample = { alerts: [{ severity: 'warning' }] };
    await world.open(sample, 'acme');
    await world.open(sample, 'globex');

    const page = 'trigger [P2] CheckoutDown (checkout): it is down';
    world.expectPages(page, page);
  });
});

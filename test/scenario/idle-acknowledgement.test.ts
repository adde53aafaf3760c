import { describe, expect, it } from 'vitest';
import { after, hours, minutes, seconds } from '../../lib/domain/shared/time.ts';
import { ada, createWorld } from './harness.ts';
import { checkoutDown, t0 } from './samples.ts';

const patient = (tenant: Parameters<NonNullable<Parameters<typeof createWorld>[0]>>[0]) => ({
  ...tenant,
  sla: {
    ...tenant.sla,
    targets: { ...tenant.sla.targets, P0: { respondMs: hours(1), resolveMs: hours(10) } },
  },
  paging: { ...tenant.paging, ackIdleMs: { P0: hours(1), P1: hours(4), P2: null } },
});

describe('an acknowledgement that nobody lives up to', () => {
  it('leaves the incident without anybody: it pages again, under a new deadline', async () => {
    const world = createWorld(patient);
    const incident = await world.open({ alerts: [checkoutDown] });
    await world.fastForward(minutes(5));
    await world.click('incident.acknowledged', incident);
    world.skipPages();

    await world.fastForward(hours(1));
    const idleAtMs = after(t0, minutes(65));
    expect(await world.events(incident, 'acknowledgement.idle')).toMatchObject([
      { atMs: idleAtMs, event: { sinceMs: after(t0, minutes(5)), afterMs: hours(1) } },
    ]);
    expect(world.now(incident)).toMatchObject({
      state: 'triggered',
      response: { version: 2, fromMs: idleAtMs },
    });
    await world.fastForward(seconds(70));
    world.expectPages(
      'trigger [P0] acknowledged by Ada Byron (pagerduty), and nobody has acted for 1 h. ' +
        'CheckoutDown (checkout): it is down',
    );
    // A trigger alone is no news to PagerDuty; its REST API makes it one.
    expect(world.pagerDuty.rest.calls).toContainEqual(['status', 'triggered']);
    expect(world.pagerDuty.statusOf(incident.dedupKey)).toBe('triggered');

    await world.acknowledge(incident);
    expect(world.now(incident)).toMatchObject({
      state: 'acknowledged',
      response: { version: 2, end: { kind: 'met' } },
    });
    world.skipPages();
  });

  it('wakes somebody by the second channel where PagerDuty’s REST API has no token', async () => {
    const world = createWorld(patient);
    world.pagerDuty.rest.hasToken = false;
    const incident = await world.open({ alerts: [checkoutDown] });
    await world.acknowledge(incident);
    await world.fastForward(minutes(62));

    world.expectMessages('[P0] CheckoutDown (checkout)');
    expect(world.lastMessage()).toContain(
      'nobody has acted since, and PagerDuty may still show its earlier page as acknowledged',
    );
    world.skipPages();
  });

  it('is put off by everything that people do', async () => {
    const world = createWorld(patient);
    const incident = await world.open({ alerts: [checkoutDown] });
    await world.acknowledge(incident);
    world.skipPages();
    for (let round = 0; round < 3; round += 1) {
      await world.fastForward(minutes(50));
      const occurredAtMs = world.clock.now();
      await world.act(incident, { kind: 'add-note', by: ada, text: 'still on it', occurredAtMs });
    }
    await world.fastForward(minutes(59));
    expect(world.now(incident).state).toBe('acknowledged');
    world.expectPages();
  });
});

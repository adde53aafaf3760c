import { describe, expect, it } from 'vitest';
import { minutes } from '../../lib/domain/shared/time.ts';
import { createWorld, failing, type World } from './harness.ts';
import { checkoutDown, over, type AlertSample } from './samples.ts';

const opened = 'trigger [P0] CheckoutDown (checkout): it is down';
const closed = 'resolve [P0] CheckoutDown (checkout): it is down';

const firesAgain = (world: World): AlertSample => ({
  ...checkoutDown,
  startsAtMs: world.clock.now(),
});

/** An incident that was open for a while and is resolved at its source. */
async function resolvedIncident(world: World) {
  const incident = await world.open({ alerts: [checkoutDown] });
  await world.fastForward(minutes(5));
  await world.post({ alerts: [over(checkoutDown)] });
  await world.fastForward(minutes(1));
  expect(world.now(incident).state).toBe('resolved');
  world.expectPages(opened, closed);
  return incident;
}

describe('a problem that comes back', () => {
  it('within the reopen window is the same incident, and pages again', async () => {
    const world = createWorld();
    const incident = await resolvedIncident(world);
    await world.fastForward(minutes(30));

    await world.post({ alerts: [firesAgain(world)] });

    expect(world.onlyIncident()).toMatchObject({
      id: incident.id,
      state: 'triggered',
      reopenCount: 1,
      response: { version: 2, fromMs: world.clock.now() },
      resolution: { version: 1, elapsedBeforeMs: minutes(6) },
    });
    world.expectPages(
      'trigger [P0] reopened: an alert fired again within the reopen window. ' +
        'CheckoutDown (checkout): it is down',
    );
  });

  it('before PagerDuty took its resolve wakes somebody all the same', async () => {
    const world = createWorld();
    const calm = { ...checkoutDown, severity: 'warning' };
    const incident = await world.open({ alerts: [calm] });
    await world.click('incident.acknowledged', incident);
    world.skipPages();
    world.pagerDuty.answer = () => failing('unavailable');
    await world.post({ alerts: [over(calm)] });
    await world.fastForward(minutes(2));
    await world.post({ alerts: [{ ...firesAgain(world), severity: 'warning' }] });
    expect(world.now(incident).state).toBe('triggered');
    expect(world.pagerDuty.statusOf(incident.dedupKey)).toBe('acknowledged');

    world.pagerDuty.answer = () => null;
    await world.fastForward(minutes(3));

    const reopened =
      '[P2] reopened: an alert fired again within the reopen window. CheckoutDown (checkout): it is down';
    world.expectPages('resolve [P2] CheckoutDown (checkout): it is down', `trigger ${reopened}`);
    expect(world.pagerDuty.statusOf(incident.dedupKey)).toBe('triggered');
    expect(world.now(incident)).toMatchObject({ trigger: 'accepted', intents: [] });
  });

  it('after the window is a new incident under a key of its own', async () => {
    const world = createWorld();
    const incident = await resolvedIncident(world);
    await world.fastForward(minutes(31));

    const second = await world.open({ alerts: [firesAgain(world)] });

    expect(second).toMatchObject({ state: 'triggered', ordinal: 2, reopenCount: 0 });
    expect(second.dedupKey).not.toBe(incident.dedupKey);
    expect(world.now(incident).state).toBe('resolved');
    world.expectPages(opened);
  });
});

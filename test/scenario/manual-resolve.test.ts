import { expect, it } from 'vitest';
import { after, epochMs, hours, minutes, seconds } from '../../lib/domain/shared/time.ts';
import { createWorld } from './harness.ts';
import { checkoutDown } from './samples.ts';

const opened = 'trigger [P0] CheckoutDown (checkout): it is down';

it('lets a resolve by hand rest while it still fires, and pages when the quiet time is over', async () => {
  const world = createWorld();
  const incident = await world.open({ alerts: [checkoutDown] });
  await world.fastForward(minutes(5));
  await world.resolve(incident);
  const quietUntilMs = after(world.clock.now(), hours(4));
  world.expectPages(opened, 'resolve [P0] CheckoutDown (checkout): it is down');

  for (let hour = 0; hour < 3; hour += 1) {
    await world.fastForward(hours(1));
    const repeat = await world.post({ alerts: [checkoutDown] });
    expect(repeat).toMatchObject({ taken: { isRepeat: true } });
  }
  await world.fastForwardTo(epochMs(quietUntilMs - 1));
  await world.post({ alerts: [checkoutDown] });
  expect(world.now(incident)).toMatchObject({ state: 'resolved', quietUntilMs });
  world.expectPages();

  await world.fastForward(seconds(1));
  await world.post({ alerts: [checkoutDown] });

  expect(world.onlyIncident()).toMatchObject({
    id: incident.id,
    state: 'triggered',
    reopenCount: 1,
  });
  expect(await world.timeline(incident)).toContain(
    'Reopened by source acme-prometheus: resolved by hand, and it still fires at its source',
  );
  world.expectPages(
    'trigger [P0] reopened: resolved by hand, and it still fires at its source. ' +
      'CheckoutDown (checkout): it is down',
  );
});

it('does not wait for the quiet time when something else begins to fire', async () => {
  const world = createWorld();
  const incident = await world.open({ alerts: [checkoutDown] });
  await world.resolve(incident);
  await world.fastForward(minutes(10));
  const cartDown = { name: 'CartDown', startsAtMs: world.clock.now() };

  await world.post({ alerts: [checkoutDown, cartDown] });

  expect(world.onlyIncident()).toMatchObject({
    id: incident.id,
    state: 'triggered',
    reopenCount: 1,
  });
  world.expectPages(
    opened,
    'resolve [P0] CheckoutDown (checkout): it is down',
    'trigger [P0] reopened: CartDown (checkout) fired within the reopen window. ' +
      'CheckoutDown (checkout): it is down',
  );
});

import { expect, it } from 'vitest';
import { minutes, seconds } from '../../lib/domain/shared/time.ts';
import { createWorld } from './harness.ts';
import { checkoutDown, over } from './samples.ts';

it('is one incident and one page while an alert flaps within the resolve delay', async () => {
  const world = createWorld();
  const incident = await world.open({ alerts: [checkoutDown] });
  await world.acknowledge(incident);

  let startsAtMs = world.clock.now();
  for (let flap = 0; flap < 20; flap += 1) {
    await world.fastForward(seconds(30));
    await world.post({ alerts: [over({ ...checkoutDown, startsAtMs })] });
    await world.fastForward(seconds(59));
    startsAtMs = world.clock.now();
    await world.post({ alerts: [{ ...checkoutDown, startsAtMs }] });
  }

  expect(world.onlyIncident()).toMatchObject({
    id: incident.id,
    state: 'acknowledged',
    reopenCount: 0,
    totals: { episodes: 21, firing: 1, alerts: 1 },
  });
  await world.post({ alerts: [over({ ...checkoutDown, startsAtMs })] });
  await world.fastForward(minutes(1));

  expect(world.onlyIncident()).toMatchObject({ state: 'resolved', cause: 'source' });
  world.expectPages(
    'trigger [P0] CheckoutDown (checkout): it is down',
    'acknowledge [P0] CheckoutDown (checkout): it is down',
    'resolve [P0] CheckoutDown (checkout): it is down',
  );
});

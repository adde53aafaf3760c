import { expect, it } from 'vitest';
import { after, minutes } from '../../lib/domain/shared/time.ts';
import { createWorld } from './harness.ts';
import { checkoutDown, t0 } from './samples.ts';

it('gives an acknowledgement taken back a whole new deadline, and what was met stays met', async () => {
  const world = createWorld();
  const incident = await world.open({ alerts: [checkoutDown] });
  await world.fastForward(minutes(5));
  await world.click('incident.acknowledged', incident);
  await world.fastForward(minutes(5));
  await world.click('incident.unacknowledged', incident);

  expect(world.now(incident).state).toBe('triggered');
  await world.fastForward(minutes(15));

  const story = await world.events(incident, 'sla.met', 'sla.clock_started', 'sla.breached');
  expect(story).toMatchObject([
    { event: { type: 'sla.met', clock: 'response', version: 1, late: false } },
    { event: { type: 'sla.clock_started', clock: 'response', version: 2 } },
    {
      atMs: after(t0, minutes(25)),
      event: {
        type: 'sla.breached',
        clock: 'response',
        version: 2,
        deadlineAtMs: after(t0, minutes(25)),
      },
    },
  ]);
  world.expectMessages('[P0] CheckoutDown (checkout)');
  world.expectPages(
    'trigger [P0] CheckoutDown (checkout): it is down',
    'trigger [P0] SLA breached: not acknowledged in time. CheckoutDown (checkout): it is down',
  );
});

import { expect, it } from 'vitest';
import { after, minutes, seconds } from '../../lib/domain/shared/time.ts';
import { createWorld } from './harness.ts';
import { checkoutDown, t0 } from './samples.ts';

it('breaches at once when an incident is raised to a deadline that has passed', async () => {
  const world = createWorld();
  const warning = { ...checkoutDown, severity: 'warning' };
  const incident = await world.open({ alerts: [warning] });
  world.expectPages('trigger [P2] CheckoutDown (checkout): it is down');
  await world.fastForward(minutes(20));

  const graver = { name: 'AllDown', startsAtMs: after(t0, seconds(30)) };
  await world.post({ alerts: [warning, graver] });

  expect(world.now(incident)).toMatchObject({
    severity: 'P0',
    severityReason: { rule: 'critical' },
  });
  expect(await world.events(incident, 'sla.breached')).toMatchObject([
    {
      atMs: after(t0, minutes(20)),
      event: {
        clock: 'response',
        version: 2,
        severity: 'P0',
        deadlineAtMs: after(t0, minutes(15)),
      },
    },
  ]);
  await world.fastForward(minutes(5));
  world.expectMessages('[P0] CheckoutDown (checkout)');
  world.expectPages(
    'trigger [P0] SLA breached: not acknowledged in time. CheckoutDown (checkout): it is down',
  );
});

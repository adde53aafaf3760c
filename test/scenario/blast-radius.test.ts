import { expect, it } from 'vitest';
import { after, minutes, seconds } from '../../lib/domain/shared/time.ts';
import { createWorld } from './harness.ts';
import { over, t0 } from './samples.ts';

const slow = (service: string, atSeconds: number) => ({
  name: 'Slow',
  service,
  severity: 'warning',
  startsAtMs: after(t0, seconds(atSeconds)),
});

it('raises an incident that spreads over three services, and never lowers it again', async () => {
  const world = createWorld();
  const alerts = [slow('checkout', 0), slow('search', 1), slow('reports', 2)];
  const incident = await world.open({ alerts: alerts.slice(0, 2) });
  expect(incident).toMatchObject({ severity: 'P2' });
  world.expectPages('trigger [P2] Slow (checkout): it is down');
  await world.fastForward(minutes(1));

  await world.post({ alerts });

  expect(world.now(incident)).toMatchObject({
    severity: 'P0',
    severityReason: { rule: 'many-services', text: 'three services at once' },
    response: { version: 2, severity: 'P0', fromMs: t0, targetMs: minutes(15) },
  });
  world.expectPages(
    'trigger [P0] severity changed from P2 to P0: three services at once. Slow (checkout): it is down',
  );

  await world.post({ alerts: [...alerts.slice(0, 1), ...alerts.slice(1).map(over)] });
  await world.fastForward(minutes(5));

  expect(world.now(incident).severity).toBe('P0');
  expect(await world.timeline(incident)).toContain(
    'Severity changed from P2 to P0 by source acme-prometheus: ' +
      'three services at once (rule many-services)',
  );
});

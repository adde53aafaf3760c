import { expect, it } from 'vitest';
import { after, minutes, seconds } from '../../lib/domain/shared/time.ts';
import { createWorld } from './harness.ts';
import { over, t0, type AlertSample } from './samples.ts';

const hundred: readonly AlertSample[] = Array.from({ length: 100 }, (_, index) => ({
  name: `Alert${String(index).padStart(3, '0')}`,
  severity: 'warning',
  startsAtMs: after(t0, seconds(index / 10)),
}));

it('takes a hundred alerts of one group in one transaction, and their end in another', async () => {
  const world = createWorld();
  world.runs.inline = false;
  world.runs.stream = false;
  world.runs.scheduler = false;

  const incident = await world.open({ alerts: hundred });

  expect(world.transactions).toHaveLength(1);
  const [opening] = world.transactions;
  expect(opening).toMatchObject({
    incident: { expectedVersion: 0, incident: { id: incident.id, totals: { alerts: 100 } } },
    thread: { expectedVersion: 0, value: { episodes: { length: 100 } } },
    delivery: { outcome: { kind: 'attached', alerts: 100 } },
  });
  expect(await world.events(incident, 'page.requested')).toHaveLength(1);

  await world.post({ alerts: hundred.map(over) });

  expect(world.transactions).toHaveLength(2);
  expect(world.now(incident).totals).toEqual({ episodes: 100, firing: 0, alerts: 100 });
  world.runs.stream = true;
  world.runs.scheduler = true;
  await world.fastForward(minutes(3));
  expect(world.now(incident)).toMatchObject({ state: 'resolved', intents: [] });
  world.skipPages();
});

import { describe, expect, it } from 'vitest';
import { maxAttempts } from '../../lib/app/attempts.ts';
import { minutes } from '../../lib/domain/shared/time.ts';
import type { Transaction } from '../../lib/ports/store.ts';
import { createWorld, failing, type World } from './harness.ts';

const createGroupingWorld = (): World =>
  createWorld((tenant) => ({
    ...tenant,
    groupingRules: [{ id: 'by-service', match: [], by: ['@service'] }],
  }));

const services = ['checkout', 'search', 'reports', 'login', 'mail'];
const sample = {
  alerts: services.map((service) => ({ name: 'Down', service, severity: 'error' })),
};
const pages = services.map((service) => `trigger [P1] Down (${service}): it is down`);

/** Whether a transaction, the one argument of `commit`, is about the search. */
const isSearch = (input: unknown): boolean =>
  (input as Transaction).incident?.incident.service === 'search';

async function expectAllPlacedOnce(world: World): Promise<void> {
  expect(
    world
      .incidents()
      .map(({ service }) => service)
      .toSorted(),
  ).toEqual(services.toSorted());
  for (const incident of world.incidents()) {
    expect(incident.totals).toEqual({ episodes: 1, firing: 1, alerts: 1 });
    expect(await world.events(incident, 'alerts.attached')).toHaveLength(1);
  }
  const taken = world.pagerDuty.attempts.map(({ page: { action, summary } }) => [action, summary]);
  expect(taken.map((words) => words.join(' ')).toSorted()).toEqual(pages.toSorted());
  world.skipPages();
}

describe('a delivery that is several problems', () => {
  it('is placed whole, each problem with a page of its own', async () => {
    const world = createGroupingWorld();

    const received = await world.post(sample);

    expect(received).toMatchObject({ taken: { outcome: { kind: 'attached', alerts: 5 } } });
    const ids = received.kind === 'taken' ? received.taken.outcome.incidentIds : [];
    expect(ids.toSorted()).toEqual(
      world
        .incidents()
        .map(({ id }) => id)
        .toSorted(),
    );
    expect(world.store.deliveries()).toHaveLength(1);
    await world.fastForward(minutes(2));
    await expectAllPlacedOnce(world);
  });

  it('is not promised when a part of it cannot be stored, and placed once when it comes again', async () => {
    const world = createGroupingWorld();
    for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
      world.storeFaults.push({ call: 'commit', failure: failing('unavailable'), isFor: isSearch });
    }
    expect(await world.post(sample)).toMatchObject({ kind: 'busy' });
    expect(world.store.deliveries()).toEqual([]);
    const placed = world.incidents().map(({ service }) => service);
    expect(placed.toSorted()).toEqual(['checkout', 'login', 'reports']);

    const again = await world.post(sample);

    expect(again).toMatchObject({ kind: 'taken', taken: { isRepeat: false } });
    await world.fastForward(minutes(2));
    await expectAllPlacedOnce(world);
  });

  it('is placed once when only its last part was not stored', async () => {
    const world = createGroupingWorld();
    const four = sample.alerts.slice(0, 4);
    await world.post({ ...sample, alerts: four });
    for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
      world.storeFaults.push({ call: 'commit', failure: failing('throttled') });
    }
    expect(await world.post(sample)).toMatchObject({ kind: 'busy' });
    expect(world.incidents()).toHaveLength(4);

    expect(await world.post(sample)).toMatchObject({ kind: 'taken' });

    expect(world.store.deliveries()).toHaveLength(2);
    await world.fastForward(minutes(2));
    await expectAllPlacedOnce(world);
  });
});

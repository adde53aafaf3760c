import { describe, expect, it } from 'vitest';
import { minutes } from '../../lib/domain/shared/time.ts';
import type { PortFailure } from '../../lib/ports/failure.ts';
import { createWorld, failing, type World } from './harness.ts';
import { checkoutDown, over } from './samples.ts';

const opened = 'trigger [P0] CheckoutDown (checkout): it is down';

const troubles: readonly (readonly [string, PortFailure['kind'], boolean])[] = [
  ['throttled', 'throttled', false],
  ['a conflict', 'conflict', false],
  ['away', 'unavailable', false],
  ['an answer that is lost', 'timeout', true],
  ['a question that is lost', 'timeout', false],
];

const breakOnce = (world: World, kind: PortFailure['kind'], isApplied: boolean): void => {
  world.storeFaults.push({ call: 'commit', failure: failing(kind), isApplied });
};

/** Every number of the log once, and each commit on the one before. */
async function expectWholeLog(world: World): Promise<void> {
  const incident = world.onlyIncident();
  const events = await world.events(incident);
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
  expect(incident.version).toBe(events.length);
}

describe('a delivery is taken exactly once, whatever a write of the store comes to', () => {
  it.each(troubles)('on opening: %s', async (_name, kind, isApplied) => {
    const world = createWorld();
    breakOnce(world, kind, isApplied);

    expect(await world.post({ alerts: [checkoutDown] })).toMatchObject({ kind: 'taken' });

    await expectWholeLog(world);
    expect(await world.events(world.onlyIncident(), 'alerts.attached')).toHaveLength(1);
    expect(world.store.deliveries()).toHaveLength(1);
    await world.fastForward(minutes(1));
    world.expectPages(opened);
  });

  it.each(troubles)('on more alerts: %s', async (_name, kind, isApplied) => {
    const world = createWorld();
    await world.open({ alerts: [checkoutDown] });
    breakOnce(world, kind, isApplied);

    const more = await world.post({ alerts: [checkoutDown, { name: 'Zebra' }] });

    expect(more).toMatchObject({ kind: 'taken' });
    await expectWholeLog(world);
    expect(world.onlyIncident().totals).toEqual({ episodes: 2, firing: 2, alerts: 2 });
    expect(await world.events(world.onlyIncident(), 'alerts.attached')).toHaveLength(2);
    expect(world.store.deliveries()).toHaveLength(2);
    world.expectPages(opened);
  });

  it.each(troubles)('on a resolve that came before its fire: %s', async (_n, kind, isApplied) => {
    const world = createWorld();
    breakOnce(world, kind, isApplied);

    const early = await world.post({ alerts: [over(checkoutDown)] });

    expect(early).toMatchObject({ kind: 'taken', taken: { outcome: { kind: 'suppressed' } } });
    expect(world.store.deliveries()).toHaveLength(1);
    expect(world.store.threads()).toMatchObject([{ episodes: [{ ordinal: 0 }] }]);
  });

  it.each(troubles)('on the report of a page: %s', async (_name, kind, isApplied) => {
    const world = createWorld();
    world.runs.inline = false;
    world.runs.stream = false;
    await world.open({ alerts: [checkoutDown] });
    breakOnce(world, kind, isApplied);

    await world.fastForward(minutes(2));

    await expectWholeLog(world);
    expect(await world.events(world.onlyIncident(), 'page.accepted')).toHaveLength(1);
    world.expectPages(opened);
  });

  it.each(troubles)('on an acknowledgement in PagerDuty: %s', async (_name, kind, isApplied) => {
    const world = createWorld();
    const incident = await world.open({ alerts: [checkoutDown] });
    breakOnce(world, kind, isApplied);

    expect(await world.click('incident.acknowledged', incident)).toMatchObject({ ok: true });

    await expectWholeLog(world);
    expect(world.now(incident).state).toBe('acknowledged');
    expect(await world.events(incident, 'incident.acknowledged')).toHaveLength(1);
    world.expectPages(opened);
  });
});

it.each(troubles)('a note in PagerDuty is told once: %s', async (_name, kind, isApplied) => {
  const world = createWorld();
  const incident = await world.open({ alerts: [checkoutDown] });
  breakOnce(world, kind, isApplied);

  expect(await world.click('incident.annotated', incident)).toMatchObject({ ok: true });

  await expectWholeLog(world);
  expect(await world.events(incident, 'note.added')).toHaveLength(1);
  world.expectPages(opened);
});

describe('nothing is promised that is not stored', () => {
  it.each([
    ['loadDelivery', 'unavailable', 1],
    ['loadThread', 'throttled', 8],
    ['commit', 'throttled', 8],
    ['commit', 'unavailable', 8],
  ] as const)('busy when %s is %s %d times', async (call, kind, times) => {
    const world = createWorld();
    const before = world.store.snapshot();
    for (let time = 0; time < times; time += 1) {
      world.storeFaults.push({ call, failure: failing(kind) });
    }

    expect(await world.post({ alerts: [checkoutDown] })).toMatchObject({ kind: 'busy' });
    expect(world.store.snapshot()).toEqual(before);

    expect(await world.post({ alerts: [checkoutDown] })).toMatchObject({ kind: 'taken' });
    world.expectPages(opened);
  });
});

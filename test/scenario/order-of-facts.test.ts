import { describe, expect, it } from 'vitest';
import { after, hours, minutes, seconds } from '../../lib/domain/shared/time.ts';
import { createWorld, type World } from './harness.ts';
import { checkoutDown, over, t0, type AlertSample } from './samples.ts';

const searchDown: AlertSample = {
  name: 'SearchDown',
  service: 'search',
  severity: 'error',
  startsAtMs: after(t0, seconds(20)),
};

/** What a source says one after the other: a fire, an update, and the end of both. */
const said = {
  fire: [checkoutDown],
  update: [checkoutDown, searchDown],
  resolve: [over(checkoutDown), over(searchDown)],
} as const;

type Word = keyof typeof said;

const orders: readonly (readonly Word[])[] = [
  ['fire', 'update', 'resolve'],
  ['fire', 'resolve', 'update'],
  ['update', 'fire', 'resolve'],
  ['update', 'resolve', 'fire'],
  ['resolve', 'fire', 'update'],
  ['resolve', 'update', 'fire'],
];

/** The end as far as it may not depend on the order. */
function endOf(world: World) {
  const [thread, ...more] = world.store.threads();
  expect(more).toEqual([]);
  const { state, totals } = world.onlyIncident();
  const episodes = thread?.episodes.map((episode) => JSON.stringify(episode)).toSorted();
  return { state, totals, episodes, isOpen: thread?.current?.isOpen };
}

describe('what is known in the end does not depend on the order in which it came', () => {
  it.each(orders)('%s, %s, %s', async (...order) => {
    const world = createWorld();
    for (const word of order) {
      await world.post({ alerts: said[word] });
      await world.fastForward(seconds(30));
    }
    await world.fastForward(minutes(2));

    expect(endOf(world)).toEqual({
      state: 'resolved',
      totals: { episodes: 2, firing: 0, alerts: 2 },
      episodes: [checkoutDown, searchDown]
        .map(({ name, service, startsAtMs = t0 }) =>
          JSON.stringify({
            fingerprint: `${name ?? ''}-${service ?? ''}`,
            startsAtMs,
            status: 'resolved',
            ordinal: 1,
          }),
        )
        .toSorted(),
      isOpen: false,
    });
    const actions = world.pagerDuty.attempts.map(({ page }) => page.action);
    expect(actions.filter((action) => action === 'trigger').length).toBeLessThanOrEqual(1);
    expect(world.pagerDuty.statusOf(world.onlyIncident().dedupKey) ?? 'resolved').toBe('resolved');
    world.skipPages();
  });

  it('pages nobody for what was over before it was known', async () => {
    const world = createWorld();
    const early = await world.post({ alerts: [over(checkoutDown)] });
    expect(early).toMatchObject({ taken: { outcome: { kind: 'suppressed', incidentIds: [] } } });
    expect(world.incidents()).toEqual([]);
    await world.fastForward(minutes(1));

    await world.post({ alerts: [checkoutDown] });

    await world.fastForward(hours(2));
    expect(world.onlyIncident()).toMatchObject({ state: 'resolved', cause: 'source' });
    world.expectPages();
  });

  it('does not open again for a fire that comes two days late', async () => {
    const world = createWorld();
    const incident = await world.open({ alerts: [checkoutDown] });
    await world.post({ alerts: [over(checkoutDown)] });
    await world.fastForward(hours(48));
    const resolved = world.now(incident);

    const late = await world.post({ alerts: [checkoutDown], externalUrl: 'http://b:9093' });

    expect(late).toMatchObject({ taken: { isRepeat: true } });
    expect(world.onlyIncident()).toEqual(resolved);
    world.expectPages(
      'trigger [P0] CheckoutDown (checkout): it is down',
      'resolve [P0] CheckoutDown (checkout): it is down',
    );
  });

  it('waits for a full list when the source left alerts out', async () => {
    const world = createWorld();
    const incident = await world.open({ alerts: [{ severity: 'warning' }] });
    await world.post({ alerts: [over({ severity: 'warning' })], truncatedAlerts: 3 });
    await world.fastForward(minutes(30));

    expect(world.now(incident).state).toBe('triggered');
    world.expectPages('trigger [P2] CheckoutDown (checkout): it is down');
  });
});

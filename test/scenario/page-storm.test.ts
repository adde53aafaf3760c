import { describe, expect, it } from 'vitest';
import type { Incident } from '../../lib/domain/incident/state.ts';
import type { TenantPolicy } from '../../lib/domain/policy/policy.ts';
import { after, minutes, seconds } from '../../lib/domain/shared/time.ts';
import { createWorld, failing, type World } from './harness.ts';

const createCalmWorld = (paging: Partial<TenantPolicy['paging']> = {}): World =>
  createWorld((tenant) => ({
    ...tenant,
    paging: { ...tenant.paging, ratePerMinute: 2, ...paging },
  }));

/** Each a problem of its own, in this order within one minute. */
const problems = [
  ['First', 'warning'],
  ['Second', 'warning'],
  ['HeldOne', 'warning'],
  ['HeldTwo', 'error'],
  ['Platform', 'critical'],
] as const;

async function storm(world: World): Promise<ReadonlyMap<string, Incident>> {
  const incidents = new Map<string, Incident>();
  for (const [name, severity] of problems) {
    const sample = { groupKey: name, alerts: [{ name, severity }] };
    incidents.set(name, await world.open(sample));
    await world.fastForward(seconds(1));
  }
  return incidents;
}

const summaryOf = (world: World): Incident => {
  const [summary, ...more] = world.incidents().filter(({ isOperator }) => isOperator);
  if (summary === undefined || more.length > 0) throw new Error('There is not one summary.');
  return summary;
};

const storyOf = 'PageStorm: 2 incidents opened faster than PagerDuty takes pages for default: ';

describe('more problems than PagerDuty takes pages for', () => {
  it('page once for all that are held, and at once for what is gravest', async () => {
    const world = createCalmWorld();
    const incidents = await storm(world);
    world.expectPages(
      'trigger [P2] First (checkout): it is down',
      'trigger [P2] Second (checkout): it is down',
      'trigger [P0] Platform (checkout): it is down',
    );

    await world.fastForward(minutes(1));

    const summary = summaryOf(world);
    expect(summary).toMatchObject({ severity: 'P1', state: 'triggered', totals: { firing: 2 } });
    const summaries = world.pagerDuty.attempts.slice(3).map(({ page }) => page);
    expect(summaries).toMatchObject([{ action: 'trigger', dedupKey: summary.dedupKey }]);
    expect(summaries[0]?.summary).toContain(storyOf);
    for (const name of ['HeldOne', 'HeldTwo']) {
      const held = incidents.get(name);
      if (held === undefined) throw new Error(`There is no ${name}.`);
      expect(world.now(held)).toMatchObject({ trigger: 'superseded', intents: [] });
      expect(await world.timeline(held)).toEqual(
        expect.arrayContaining([
          'The page waits to be part of one summary: more than 2 pages in a minute for routing key default',
          `The page for PagerDuty was not sent: part of the summary page ${summary.id}`,
        ]),
      );
      expect(await world.events(held, 'page.superseded')).toMatchObject([
        { event: { byIncidentId: summary.id } },
      ]);
    }
    world.skipPages();
    await world.fastForward(minutes(10));
  });

  it('add to the summary there is, which pages no second time', async () => {
    const world = createCalmWorld();
    await storm(world);
    await world.fastForward(minutes(2));
    const summary = summaryOf(world);
    for (const name of ['A', 'B', 'Third']) {
      await world.open({ groupKey: name, alerts: [{ name, severity: 'warning' }] });
    }
    world.skipPages();

    await world.fastForward(minutes(2));

    expect(summaryOf(world)).toMatchObject({ id: summary.id, totals: { firing: 3 } });
    world.expectPages();
  });

  it('reach the second channel as one summary when PagerDuty is down', async () => {
    const world = createCalmWorld();
    world.pagerDuty.answer = () => failing('unavailable');
    await storm(world);

    await world.fastForward(minutes(3));

    // What is held has waited longer than the P0 that came after it.
    world.expectMessages('[P1] PageStorm', '[P0] Platform (checkout)');
    expect(world.secondChannel.messages()[0]?.text).toContain('HeldOne (checkout); HeldTwo');
    world.pagerDuty.answer = () => null;
    await world.fastForward(minutes(5));
    world.expectDistinctPages(
      `trigger [P1] ${storyOf}HeldOne (checkout); HeldTwo (checkout). See the console for all of them`,
      'trigger [P0] Platform (checkout): it is down',
    );
    // The attempts in vain have used up the rate: the other two are told by the summary, too.
    for (const { trigger, intents } of world.incidents()) {
      expect(['accepted', 'superseded']).toContain(trigger);
      expect(intents).toEqual([]);
    }
  });

  it.each([
    { after: '10s', second: 0 },
    { after: '10s', second: 1 },
    { after: '80s', second: 1 },
    { after: '80s', second: 30 },
    { after: '80s', second: 58 },
  ])(
    'reach the second channel within 90 s of the oldest, too: $after, at second $second',
    async ({ after: wait, second }) => {
      const fallbackAfterMs = seconds(Number.parseInt(wait, 10));
      const world = createCalmWorld({ fallbackAfterMs });
      world.pagerDuty.answer = () => failing('unavailable');
      await world.fastForward(seconds(55 + second));
      const heldAtMs = world.clock.now();
      for (const name of ['A', 'B', 'Oldest', 'Younger']) {
        const severity = name.length === 1 ? 'warning' : 'error';
        await world.open({ groupKey: name, alerts: [{ name, severity }] });
      }

      await world.fastForwardTo(after(heldAtMs, seconds(90)));

      world.expectMessages('[P1] PageStorm');
      expect(world.lastMessage()).toContain('Oldest (checkout)');
    },
  );

  it('wake nobody when somebody has answered before the summary is made', async () => {
    const world = createCalmWorld();
    const incidents = await storm(world);
    for (const name of ['HeldOne', 'HeldTwo']) {
      const held = incidents.get(name);
      if (held !== undefined) await world.acknowledge(held);
    }
    world.skipPages();

    await world.fastForward(minutes(2));

    world.expectPages();
    expect(world.incidents().filter(({ isOperator }) => isOperator)).toEqual([]);
  });

  it('that are over before the summary is made are not in it', async () => {
    const world = createCalmWorld();
    const incidents = await storm(world);
    for (const name of ['HeldOne', 'HeldTwo']) {
      const held = incidents.get(name);
      if (held !== undefined) await world.resolve(held);
    }
    world.skipPages();

    await world.fastForward(minutes(12));

    expect(world.incidents().filter(({ isOperator }) => isOperator)).toEqual([]);
    world.expectPages(
      'resolve [P1] HeldTwo (checkout): it is down',
      'resolve [P2] HeldOne (checkout): it is down',
    );
  });
});

import { describe, expect, it } from 'vitest';
import type { Incident } from '../../lib/domain/incident/state.ts';
import { after, minutes, seconds } from '../../lib/domain/shared/time.ts';
import { actor } from './fake-pager-rest.ts';
import { ada, createWorld, failing, type World } from './harness.ts';
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

describe('an acknowledgement that is given back here', () => {
  const giveBack = (world: World, incident: Incident) =>
    world.act(incident, {
      kind: 'unacknowledge',
      by: ada,
      reason: 'Ada Byron gave it back',
      occurredAtMs: world.clock.now(),
    });

  const givenBack =
    'trigger [P0] acknowledgement taken back: Ada Byron gave it back. CheckoutDown (checkout): it is down';

  async function acknowledged(): Promise<readonly [World, Incident]> {
    const world = createWorld();
    const incident = await world.open({ alerts: [checkoutDown] });
    await world.fastForward(minutes(2));
    await world.acknowledge(incident);
    await world.fastForward(minutes(2));
    expect(world.pagerDuty.statusOf(incident.dedupKey)).toBe('acknowledged');
    world.skipPages();
    return [world, incident];
  }

  it('is taken back in PagerDuty, which calls anew, and both sides stay so', async () => {
    const [world, incident] = await acknowledged();

    await giveBack(world, incident);
    await world.fastForward(minutes(1));
    world.expectPages(givenBack);
    expect(world.pagerDuty.statusOf(incident.dedupKey)).toBe('triggered');

    await world.fastForward(minutes(3));
    expect(await world.reconcile()).toMatchObject({ healed: 0, failed: 0 });
    expect(world.now(incident)).toMatchObject({ state: 'triggered', response: { version: 2 } });
    expect(world.pagerDuty.statusOf(incident.dedupKey)).toBe('triggered');
  });

  it.each(['at once', 'after the next acknowledgement'])(
    'does nothing when our own word comes back %s',
    async (when) => {
      const [world, incident] = await acknowledged();
      await giveBack(world, incident);
      await world.fastForward(seconds(10));
      const type = 'incident.unacknowledged';
      const echo = world.pagerDuty.does({ type, dedupKey: incident.dedupKey, by: actor });
      if (when !== 'at once') {
        await world.fastForward(seconds(10));
        await world.acknowledge(incident);
      }
      const { state, response } = world.now(incident);
      const told = (await world.events(incident, 'pager.activity')).length;

      await world.webhook(echo);

      expect(world.now(incident)).toMatchObject({ state, response });
      expect(await world.events(incident, 'pager.activity')).toHaveLength(told);
      world.skipPages();
    },
  );

  it('asks for no second page while the first is on its way', async () => {
    const world = createWorld();
    world.pagerDuty.answer = () => failing('unavailable');
    const incident = await world.open({ alerts: [checkoutDown] });
    await world.acknowledge(incident);
    await giveBack(world, incident);
    world.pagerDuty.answer = () => null;
    await world.fastForward(minutes(2));

    expect(await world.events(incident, 'page.accepted')).toMatchObject([
      { event: { channel: 'pagerduty', action: 'trigger' } },
      { event: { channel: 'rest', action: 'retrigger' } },
    ]);
    expect(world.pagerDuty.statusOf(incident.dedupKey)).toBe('triggered');
    world.skipPages();
  });

  it('wakes somebody by the second channel where PagerDuty’s REST API has no token', async () => {
    const [world, incident] = await acknowledged();
    world.pagerDuty.rest.hasToken = false;
    await giveBack(world, incident);
    await world.fastForward(minutes(1));

    world.expectMessages('[P0] CheckoutDown (checkout)');
    world.skipPages();
  });
});

import { describe, expect, it } from 'vitest';
import { after, durationMs, hours, minutes } from '../../lib/domain/shared/time.ts';
import { ada, createWorld } from './harness.ts';
import { checkoutDown, over, t0 } from './samples.ts';

describe('what follows a resolve', () => {
  it('is a closing after two stable hours, and a post-mortem within 48 hours', async () => {
    const world = createWorld();
    const incident = await world.open({ alerts: [checkoutDown] });
    await world.fastForward(minutes(10));
    await world.resolve(incident);
    const resolvedAtMs = world.clock.now();
    world.skipPages();

    await world.fastForward(durationMs(hours(2) - 1));
    expect(world.now(incident).closedAtMs).toBeNull();
    await world.fastForward(minutes(1));
    expect(world.now(incident)).toMatchObject({
      state: 'resolved',
      closedAtMs: after(resolvedAtMs, hours(2)),
    });

    await world.fastForward(hours(47));
    expect(await world.events(incident, 'postmortem.due', 'incident.closed')).toMatchObject([
      { atMs: after(resolvedAtMs, hours(2)), event: { type: 'incident.closed' } },
      { atMs: after(resolvedAtMs, hours(48)), event: { type: 'postmortem.due' } },
    ]);
    await world.fastForward(hours(100));
    expect(await world.events(incident, 'postmortem.due', 'incident.closed')).toHaveLength(2);
    expect(world.store.dueRows()).toEqual([]);
  });

  it('is no reminder when the post-mortem is done', async () => {
    const world = createWorld();
    const incident = await world.open({ alerts: [checkoutDown] });
    await world.resolve(incident);
    await world.fastForward(hours(3));
    const url = 'https://docs.example/1';
    await world.act(incident, { kind: 'complete-postmortem', by: ada, url });
    await world.fastForward(hours(100));

    expect(await world.events(incident, 'postmortem.due')).toEqual([]);
    expect(await world.timeline(incident)).toContain(`Post-mortem done by Ada Byron (api): ${url}`);
    world.skipPages();
  });

  it('is no closing when it comes back before, and another once that is over', async () => {
    const world = createWorld((tenant) => ({
      ...tenant,
      lifecycle: { ...tenant.lifecycle, reopenWindowMs: hours(3) },
    }));
    const incident = await world.open({ alerts: [checkoutDown] });
    await world.fastForward(minutes(5));
    await world.post({ alerts: [over(checkoutDown)] });
    await world.fastForward(minutes(90));
    expect(world.now(incident).state).toBe('resolved');
    const again = { ...checkoutDown, startsAtMs: after(t0, minutes(94)) };
    await world.post({ alerts: [again] });
    await world.acknowledge(incident);
    await world.fastForward(minutes(50));
    expect(world.now(incident)).toMatchObject({ state: 'acknowledged', closedAtMs: null });

    await world.post({ alerts: [over(again)] });
    await world.fastForward(minutes(122));
    expect(await world.events(incident, 'incident.closed')).toHaveLength(1);
    world.skipPages();
  });

  it('can be undone by a person even when it is closed', async () => {
    const world = createWorld();
    const incident = await world.open({ alerts: [checkoutDown] });
    await world.resolve(incident);
    await world.fastForward(hours(3));
    expect(world.now(incident).closedAtMs).not.toBeNull();

    const occurredAtMs = world.clock.now();
    await world.act(incident, { kind: 'reopen', by: ada, reason: 'not over', occurredAtMs });
    expect(world.now(incident)).toMatchObject({ state: 'triggered', closedAtMs: null });
    await world.resolve(incident);
    await world.fastForward(hours(3));
    expect(await world.events(incident, 'incident.closed')).toHaveLength(2);
    world.skipPages();
  });
});

import { describe, expect, it } from 'vitest';
import { after, durationMs, minutes } from '../../lib/domain/shared/time.ts';
import { createWorld } from './harness.ts';
import { checkoutDown, t0 } from './samples.ts';

const opened = 'trigger [P0] CheckoutDown (checkout): it is down';
const breached =
  'trigger [P0] SLA breached: not acknowledged in time. CheckoutDown (checkout): it is down';
const deadlineAtMs = after(t0, minutes(15));

describe('each response deadline is met or breached, once', () => {
  it('is met by an acknowledgement one millisecond before it', async () => {
    const world = createWorld();
    const incident = await world.open({ alerts: [checkoutDown] });
    await world.fastForward(durationMs(minutes(15) - 1));
    await world.acknowledge(incident);
    await world.fastForward(minutes(20));

    expect(await world.events(incident, 'sla.met', 'sla.breached')).toMatchObject([
      { event: { type: 'sla.met', clock: 'response', elapsedMs: 899_999, late: false } },
    ]);
    world.expectPages(opened, 'acknowledge [P0] CheckoutDown (checkout): it is down');
  });

  it.each([
    { who: 'the clock', isScheduled: true },
    { who: 'the acknowledgement itself', isScheduled: false },
  ])('is breached first when $who comes at the instant', async ({ isScheduled }) => {
    const world = createWorld();
    const incident = await world.open({ alerts: [checkoutDown] });
    world.runs.scheduler = isScheduled;
    await world.fastForwardTo(deadlineAtMs);
    await world.acknowledge(incident);
    world.runs.scheduler = true;
    await world.fastForward(minutes(20));

    expect(await world.events(incident, 'sla.met', 'sla.breached')).toMatchObject([
      { event: { type: 'sla.breached', clock: 'response', version: 1, deadlineAtMs } },
      { event: { type: 'sla.met', clock: 'response', late: true } },
    ]);
    expect(world.now(incident)).toMatchObject({ state: 'acknowledged' });
    world.expectMessages('[P0] CheckoutDown (checkout)');
    world.expectPages(opened, breached, 'acknowledge [P0] CheckoutDown (checkout): it is down');
  });

  it('is decided once when both write at the same time', async () => {
    const world = createWorld();
    world.runs.scheduler = false;
    const incident = await world.open({ alerts: [checkoutDown] });
    await world.fastForwardTo(deadlineAtMs);

    world.tick();
    await world.acknowledge(incident);
    await world.fastForward(minutes(1));

    const records = await world.events(incident, 'sla.met', 'sla.breached');
    expect(records.map(({ event }) => event.type)).toEqual(['sla.breached', 'sla.met']);
    world.expectMessages('[P0] CheckoutDown (checkout)');
    world.expectPages(opened, breached, 'acknowledge [P0] CheckoutDown (checkout): it is down');
  });

  it('does not breach at all once the incident is resolved', async () => {
    const world = createWorld();
    const incident = await world.open({ alerts: [checkoutDown] });
    await world.fastForward(minutes(10));
    await world.resolve(incident);
    await world.fastForward(minutes(120));

    expect(await world.events(incident, 'sla.breached')).toEqual([]);
    world.expectPages(opened, 'resolve [P0] CheckoutDown (checkout): it is down');
  });
});

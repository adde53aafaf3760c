import { describe, expect, it } from 'vitest';
import { after, hours, minutes, seconds } from '../../lib/domain/shared/time.ts';
import { createWorld, failing, type World } from './harness.ts';
import { checkoutDown, t0 } from './samples.ts';

const opened = 'trigger [P0] CheckoutDown (checkout): it is down';
const breached =
  'trigger [P0] SLA breached: not acknowledged in time. CheckoutDown (checkout): it is down';
const deadlineAtMs = after(t0, minutes(15));

type Ticks = (world: World) => Promise<void>;

const patterns: readonly (readonly [string, Ticks])[] = [
  [
    'on time',
    async (world) => {
      world.tick();
      await world.settle();
    },
  ],
  [
    'ten missed in a row',
    async (world) => {
      await world.fastForward(minutes(10));
      world.tick();
    },
  ],
  [
    'one 40 s late',
    async (world) => {
      await world.fastForward(seconds(40));
      world.tick();
    },
  ],
  [
    'the same three times',
    async (world) => {
      for (const _ of [1, 2, 3]) {
        world.tick();
        await world.settle();
      }
    },
  ],
  [
    'five at the same instant',
    async (world) => {
      for (const _ of [1, 2, 3, 4, 5]) world.tick();
      await world.settle();
    },
  ],
];

describe('whatever becomes of the ticks, a breach is recorded once and with its instant', () => {
  it.each(patterns)('%s', async (_name, ticks) => {
    const world = createWorld();
    const incident = await world.open({ alerts: [checkoutDown] });
    world.runs.scheduler = false;
    await world.fastForwardTo(deadlineAtMs);

    await ticks(world);
    await world.fastForward(minutes(3));

    expect(await world.events(incident, 'sla.breached')).toMatchObject([
      { event: { clock: 'response', version: 1, severity: 'P0', deadlineAtMs } },
    ]);
    world.expectDistinctPages(opened, breached);
    world.expectMessages('[P0] CheckoutDown (checkout)');
  });

  it('two runs that wait for the same instant record it at that instant', async () => {
    const world = createWorld();
    const incident = await world.open({ alerts: [checkoutDown] });
    world.runs.scheduler = false;
    await world.fastForwardTo(after(t0, minutes(14.5)));

    for (const _ of [1, 2]) world.tick();
    await world.fastForward(minutes(2));

    expect(await world.events(incident, 'sla.breached')).toMatchObject([
      { atMs: deadlineAtMs, event: { deadlineAtMs } },
    ]);
    world.expectPages(opened, breached);
    world.expectMessages('[P0] CheckoutDown (checkout)');
  });

  it('a run that cannot read is made good by the next', async () => {
    const world = createWorld();
    const incident = await world.open({ alerts: [checkoutDown] });
    world.runs.scheduler = false;
    await world.fastForwardTo(deadlineAtMs);
    world.storeFaults.push({ call: 'loadDue', failure: failing('throttled') });

    world.tick();
    await world.settle();
    world.expectErrors('The clock could not run.');
    world.tick();
    await world.settle();

    expect(await world.events(incident, 'sla.breached')).toHaveLength(1);
    world.expectPages(opened, breached);
    world.expectMessages('[P0] CheckoutDown (checkout)');
  });
});

it('makes good a clock that stood still for three hours with one update page', async () => {
  const world = createWorld((tenant) => ({
    ...tenant,
    sla: { ...tenant.sla, stagesPct: [50, 100], afterBreach: { everyPct: 50, times: 2 } },
  }));
  const incident = await world.open({ alerts: [{ severity: 'error' }] });
  world.runs.scheduler = false;
  world.runs.stream = false;
  await world.fastForward(hours(3));
  world.runs.scheduler = true;
  world.runs.stream = true;
  await world.fastForward(minutes(2));

  const story = await world.events(incident, 'sla.stage_reached', 'sla.breached');
  expect(story).toMatchObject([
    { event: { clock: 'response', pct: 50, dueAtMs: after(t0, minutes(30)) } },
    { event: { type: 'sla.breached', clock: 'response', deadlineAtMs: after(t0, hours(1)) } },
    { event: { clock: 'response', pct: 150, dueAtMs: after(t0, minutes(90)) } },
    { event: { clock: 'response', pct: 200, dueAtMs: after(t0, hours(2)) } },
    { event: { clock: 'resolution', pct: 50, dueAtMs: after(t0, hours(2)) } },
  ]);
  expect(story).toHaveLength(5);
  world.expectPages(
    'trigger [P1] CheckoutDown (checkout): it is down',
    'trigger [P1] SLA breached: not acknowledged in time; 50 % of the time to be resolved is used. ' +
      'CheckoutDown (checkout): it is down',
  );
  world.expectMessages('[P1] CheckoutDown (checkout)');
});

import { expect, it } from 'vitest';
import { after, minutes } from '../../lib/domain/shared/time.ts';
import { ada, createWorld } from './harness.ts';
import { checkoutDown, t0 } from './samples.ts';

it('stakeholders of a P0 are owed a word every 15 minutes until it is resolved', async () => {
  const world = createWorld();
  const incident = await world.open({ alerts: [checkoutDown] });
  await world.fastForward(minutes(1));
  await world.acknowledge(incident);

  // Nobody says anything: the reminder comes again.
  await world.fastForwardTo(after(t0, minutes(31)));
  expect(await world.events(incident, 'update.due')).toMatchObject([
    { atMs: after(t0, minutes(15)), event: { dueAtMs: after(t0, minutes(15)) } },
    { atMs: after(t0, minutes(30)), event: { dueAtMs: after(t0, minutes(30)) } },
  ]);

  // What is said counts from when it is said.
  await world.act(incident, {
    kind: 'publish-update',
    by: ada,
    issue: 'No checkout succeeds',
    impact: 'all customers',
    actions: 'rolling back',
    estimate: 'ten minutes',
    nextInMs: null,
  });
  await world.fastForwardTo(after(t0, minutes(47)));
  expect((await world.events(incident, 'update.due')).at(-1)).toMatchObject({
    atMs: after(t0, minutes(46)),
  });

  await world.resolve(incident);
  await world.fastForward(minutes(119));
  expect(await world.events(incident, 'update.due')).toHaveLength(3);
  expect(await world.timeline(incident)).toContain(
    'Update by Ada Byron (api). Issue: No checkout succeeds. Impact: all customers. ' +
      'Actions: rolling back. Estimate: ten minutes. Next update: 2026-05-12T03:50:05.000Z',
  );
  world.skipPages();
});

it('a clock that stood still reminds once, and keeps the rhythm afterwards', async () => {
  const world = createWorld();
  const incident = await world.open({ alerts: [checkoutDown] });
  await world.acknowledge(incident);
  world.runs.scheduler = false;
  await world.fastForwardTo(after(t0, minutes(50)));
  world.runs.scheduler = true;
  await world.fastForwardTo(after(t0, minutes(61)));

  const due = await world.events(incident, 'update.due');
  expect(due.map(({ event }) => 'dueAtMs' in event && event.dueAtMs)).toEqual([
    after(t0, minutes(15)),
    after(t0, minutes(60)),
  ]);
  world.skipPages();
  world.expectMessages('[P0] CheckoutDown (checkout)');
});

import { expect, it } from 'vitest';
import { maxAttempts } from '../../lib/app/attempts.ts';
import { after, minutes, seconds } from '../../lib/domain/shared/time.ts';
import { createWorld, failing } from './harness.ts';
import { checkoutDown } from './samples.ts';

it('sends no page for an incident that is over before its page left', async () => {
  const world = createWorld();
  world.runs.inline = false;
  world.runs.stream = false;
  const incident = await world.open({ alerts: [checkoutDown] });
  await world.fastForward(seconds(20));
  await world.resolve(incident);

  world.runs.stream = true;
  await world.fastForward(minutes(10));

  expect(await world.timeline(incident)).toContain(
    'The page for PagerDuty was not sent: the incident was resolved before it was sent',
  );
  // An attempt that nobody knows of may have got through: PagerDuty is told to close, to be sure.
  world.expectPages('resolve [P0] CheckoutDown (checkout): it is down');
  expect(world.pagerDuty.statusOf(incident.dedupKey)).toBeNull();
});

it('closes in PagerDuty what got through unnoticed, after every attempt has ended', async () => {
  const world = createWorld();
  world.runs.inline = false;
  world.runs.stream = false;
  world.runs.scheduler = false;
  const incident = await world.open({ alerts: [checkoutDown] });
  // PagerDuty takes the page, and its outcome cannot be written, however often that is tried.
  for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
    world.storeFaults.push({ call: 'commit', failure: failing('unavailable') });
  }
  world.tick();
  await world.fastForward(seconds(5));
  world.expectErrors('A due row is left to the next tick.');
  world.expectPages('trigger [P0] CheckoutDown (checkout): it is down');
  expect(world.now(incident).trigger).toBe('requested');

  // The stream is back and would bring the resolve at once, if it were to leave at once.
  world.runs.stream = true;
  world.runs.scheduler = true;
  const resolvedAtMs = world.clock.now();
  await world.resolve(incident);
  await world.fastForward(minutes(2));

  world.expectPages('resolve [P0] CheckoutDown (checkout): it is down');
  const last = world.pagerDuty.attempts.at(-1);
  expect(last?.atMs).toBeGreaterThanOrEqual(after(resolvedAtMs, seconds(10)));
  expect(world.pagerDuty.statusOf(incident.dedupKey)).toBe('resolved');
});

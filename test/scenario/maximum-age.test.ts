import { expect, it } from 'vitest';
import { hours, minutes } from '../../lib/domain/shared/time.ts';
import { createWorld } from './harness.ts';
import { over, type AlertSample } from './samples.ts';

it('closes an incident of maximum age and goes on in a new one with what still fires', async () => {
  const world = createWorld((tenant) => ({
    ...tenant,
    lifecycle: { ...tenant.lifecycle, maxAgeMs: hours(2) },
  }));
  const slow: AlertSample = { severity: 'warning' };
  const done: AlertSample = { name: 'OverSoon', severity: 'warning' };
  const first = await world.open({ alerts: [slow, done] });
  await world.fastForward(minutes(30));
  await world.post({ alerts: [slow, over(done)] });
  await world.fastForward(minutes(90));

  const fresh = { name: 'AlsoDown', severity: 'warning', startsAtMs: world.clock.now() };
  const second = await world.open({ alerts: [slow, over(done), fresh] });

  expect(world.now(first)).toMatchObject({ state: 'resolved', cause: 'max_age' });
  expect(second).toMatchObject({
    state: 'triggered',
    ordinal: 2,
    totals: { episodes: 2, firing: 2, alerts: 2 },
  });
  expect(second.id).not.toBe(first.id);
  expect(second.dedupKey).not.toBe(first.dedupKey);
  await world.fastForward(minutes(1));
  world.expectPages(
    'trigger [P2] CheckoutDown (checkout): it is down',
    'trigger [P2] CheckoutDown (checkout): it is down',
    'resolve [P2] CheckoutDown (checkout): it is down',
  );
  // The resolve of the first came last, and must not silence the second.
  expect(world.pagerDuty.statusOf(first.dedupKey)).toBe('resolved');
  expect(world.pagerDuty.statusOf(second.dedupKey)).toBe('triggered');
});

it('goes on in a new incident with the next repeat when only the closing was written', async () => {
  const world = createWorld((tenant) => ({
    ...tenant,
    lifecycle: { ...tenant.lifecycle, maxAgeMs: hours(2) },
  }));
  const slow: AlertSample = { severity: 'warning' };
  const first = await world.open({ alerts: [slow] });
  await world.fastForward(hours(2));

  const fresh = { name: 'AlsoDown', severity: 'warning', startsAtMs: world.clock.now() };
  const failure = { kind: 'throttled', message: 'Too many requests.' } as const;
  const isClosed = (): boolean => world.now(first).state === 'resolved';
  world.storeFaults.push(
    ...Array.from({ length: 8 }, () => ({ call: 'loadThread', failure, isFor: isClosed })),
  );
  const refused = await world.post({ alerts: [slow, fresh] });
  world.storeFaults.length = 0;
  expect(refused.kind).toBe('busy');
  expect(world.now(first)).toMatchObject({ state: 'resolved', cause: 'max_age' });

  // The sender gives the new alert up; of the old one it goes on to tell.
  await world.post({ alerts: [slow] });

  const second = world.incidents().find(({ state }) => state !== 'resolved');
  expect(second).toMatchObject({ ordinal: 2, totals: { episodes: 1, firing: 1, alerts: 1 } });
  await world.fastForward(minutes(1));
  world.expectPages(
    'trigger [P2] CheckoutDown (checkout): it is down',
    'resolve [P2] CheckoutDown (checkout): it is down',
    'trigger [P2] CheckoutDown (checkout): it is down',
  );
});

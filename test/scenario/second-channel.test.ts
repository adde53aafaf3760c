import { describe, expect, it } from 'vitest';
import { after, between, minutes, seconds } from '../../lib/domain/shared/time.ts';
import { createWorld, failing } from './harness.ts';
import { t0 } from './samples.ts';

describe('while PagerDuty is down', () => {
  it.each([
    { severity: 'critical', level: 'P0', kind: 'unavailable', stream: true },
    { severity: 'critical', level: 'P0', kind: 'timeout', stream: true },
    { severity: 'critical', level: 'P0', kind: 'timeout', stream: false },
    { severity: 'error', level: 'P1', kind: 'unavailable', stream: true },
    { severity: 'error', level: 'P1', kind: 'throttled', stream: false },
  ] as const)(
    'a $level has reached somebody within 90 s ($kind, stream: $stream)',
    async ({ severity, level, kind, stream }) => {
      const world = createWorld();
      world.runs.stream = stream;
      world.pagerDuty.answer = () => failing(kind);
      const incident = await world.open({ alerts: [{ severity }] });

      await world.fastForwardTo(after(t0, seconds(90)));

      world.expectMessages(`[${level}] CheckoutDown (checkout)`);
      expect(world.lastMessage()).toContain('PagerDuty has not accepted the page yet');
      expect(world.lastMessage()).toContain(`https://console.example/${incident.id}`);
      await world.fastForward(minutes(3));
      world.expectPages();

      world.pagerDuty.answer = () => null;
      await world.fastForward(minutes(2));

      world.expectPages(`trigger [${level}] CheckoutDown (checkout): it is down`);
      expect(world.now(incident)).toMatchObject({ trigger: 'accepted', intents: [] });
      expect(await world.timeline(incident)).toContainEqual(
        expect.stringMatching(/^PagerDuty accepted the page on attempt \d+$/),
      );
    },
  );

  it.each([0, 1, 20, 40, 54, 55, 56, 59])(
    'a P1 of second %i after a tick has reached somebody within 90 s',
    async (second) => {
      const world = createWorld((tenant) => ({
        ...tenant,
        paging: { ...tenant.paging, fallbackAfterMs: seconds(80) },
      }));
      world.pagerDuty.answer = () => failing('unavailable');
      await world.fastForward(seconds(55 + second));
      const openedAtMs = world.clock.now();
      await world.open({ alerts: [{ severity: 'error' }] });

      await world.fastForwardTo(after(openedAtMs, seconds(90)));

      world.expectMessages('[P1] CheckoutDown (checkout)');
    },
  );

  it('a page that fails while a tick waits is tried again at its instant', async () => {
    const world = createWorld();
    world.pagerDuty.answer = () => failing('unavailable');
    await world.open({ groupKey: 'early', alerts: [{ name: 'Early', severity: 'warning' }] });
    // The tick of second 55 finds that one due, and waits for its next attempts.
    await world.fastForward(seconds(58));
    await world.open({ groupKey: 'late', alerts: [{ name: 'Late', severity: 'warning' }] });
    const failedAtMs = world.clock.now();
    await world.fastForward(seconds(10));

    const tries = world.pagerDuty.attempts.filter(({ page }) => page.class.startsWith('Late'));
    // At most 5 s of backoff, and 5 s until the tick looks again.
    expect(tries.filter(({ atMs }) => atMs > failedAtMs).length).toBeGreaterThan(0);
  });

  it('nobody is woken by the second channel once somebody has acknowledged', async () => {
    const world = createWorld();
    world.runs.stream = false;
    world.pagerDuty.answer = () => failing('unavailable');
    const answered = await world.open({ groupKey: 'one', alerts: [{ name: 'One' }] });
    const alsoAnswered = await world.open({ groupKey: 'two', alerts: [{ name: 'Two' }] });
    await world.fastForward(seconds(20));
    await world.acknowledge(answered);
    // The first try of the second channel fails, and the answer comes before the next.
    world.fallbackFaults.push({ call: 'send', failure: failing('unavailable') });
    await world.fastForward(seconds(41));
    await world.acknowledge(alsoAnswered);

    await world.fastForward(minutes(5));

    world.expectMessages();
    expect(await world.timeline(alsoAnswered)).toContain(
      'The page for the second channel was not sent: the incident was acknowledged before it was sent',
    );
    world.pagerDuty.answer = () => null;
    await world.fastForward(minutes(2));
    world.skipPages();
    for (const { dedupKey } of [answered, alsoAnswered]) {
      expect(world.pagerDuty.statusOf(dedupKey)).toBe('acknowledged');
    }
  });

  it('a P2 waits for PagerDuty', async () => {
    const world = createWorld();
    world.pagerDuty.answer = () => failing('unavailable');
    await world.open({ alerts: [{ severity: 'warning' }] });
    await world.fastForward(minutes(10));
    world.expectMessages();

    world.pagerDuty.answer = () => null;
    await world.fastForward(minutes(2));

    world.expectPages('trigger [P2] CheckoutDown (checkout): it is down');
  });

  it('a second channel that fails is tried again', async () => {
    const world = createWorld();
    world.pagerDuty.answer = () => failing('unavailable');
    for (const _ of [1, 2]) {
      world.fallbackFaults.push({ call: 'send', failure: failing('unavailable') });
    }
    await world.open({ alerts: [{}] });

    await world.fastForward(minutes(3));

    world.expectMessages('[P0] CheckoutDown (checkout)');
  });

  it('attempts come in waits that grow and stay under a minute and a half', async () => {
    const world = createWorld();
    world.pagerDuty.answer = () => failing('unavailable');
    await world.open({ alerts: [{ severity: 'warning' }] });
    await world.fastForward(minutes(20));

    const instants = world.pagerDuty.attempts.map(({ atMs }) => atMs);
    const waits = instants.slice(1).map((atMs, index) => between(instants[index] ?? t0, atMs));
    expect(waits.length).toBeGreaterThan(15);
    expect(Math.max(...waits)).toBeLessThanOrEqual(seconds(90));
  });
});

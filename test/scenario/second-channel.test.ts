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

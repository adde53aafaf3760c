import { describe, expect, it } from 'vitest';
import { between, minutes, seconds } from '../../lib/domain/shared/time.ts';
import { createWorld, failing } from './harness.ts';
import { checkoutDown, t0 } from './samples.ts';

const opened = 'trigger [P2] CheckoutDown (checkout): it is down';
const warning = { ...checkoutDown, severity: 'warning' };

describe('what PagerDuty does not take', () => {
  it('is tried again no sooner than a 429 allows', async () => {
    const world = createWorld();
    world.pagerDuty.answer = () => failing('throttled', { retryAfterMs: seconds(150) });
    await world.open({ alerts: [warning] });
    world.pagerDuty.answer = () => null;
    await world.fastForward(minutes(5));

    world.expectPages(opened);
    const [first, second, ...more] = world.pagerDuty.attempts.map(({ atMs }) => atMs);
    expect(more).toEqual([]);
    expect(between(first ?? t0, second ?? t0)).toBe(seconds(150));
  });

  it('is told again with the least details after a 4xx', async () => {
    const world = createWorld();
    world.pagerDuty.answer = ({ details }) =>
      Object.keys(details).length > 2 ? failing('rejected') : null;
    const incident = await world.open({ alerts: [warning] });
    await world.fastForward(minutes(2));

    world.expectPages(opened);
    expect(world.pagerDuty.attempts).toMatchObject([
      { failure: { kind: 'rejected' } },
      {
        failure: null,
        page: {
          dedupKey: incident.dedupKey,
          details: { incident: incident.id, severity: 'P2' },
          links: {},
        },
      },
    ]);
    expect(Object.keys(world.pagerDuty.attempts[1]?.page.details ?? {})).toHaveLength(2);
  });

  it('goes to the second channel at once when a P0 is refused', async () => {
    const world = createWorld();
    world.pagerDuty.answer = () => failing('rejected');
    await world.open({ alerts: [checkoutDown] });

    world.expectMessages('[P0] CheckoutDown (checkout)');
    expect(world.lastMessage()).toContain('PagerDuty refused the page');
    await world.fastForward(minutes(5));
  });

  it('is given up at the page deadline, and that is told', async () => {
    const world = createWorld();
    world.pagerDuty.answer = () => failing('unavailable');
    const incident = await world.open({ alerts: [warning] });
    await world.fastForward(minutes(32));

    expect(world.now(incident)).toMatchObject({ state: 'triggered', trigger: 'failed' });
    expect(await world.timeline(incident)).toContainEqual(
      expect.stringMatching(/^PagerDuty never took the page; given up after attempt \d+: unavail/),
    );
    // An alarm listens to this line (lib/infra/constructs/alarms.ts).
    world.expectErrors('A page was given up.');
    world.expectMessages('[P2] CheckoutDown (checkout)');
    expect(world.lastMessage()).toContain('PagerDuty never accepted the page');

    const attempts = world.pagerDuty.attempts.length;
    await world.fastForward(minutes(30));
    expect(world.pagerDuty.attempts).toHaveLength(attempts);
  });
});

import { describe, expect, it } from 'vitest';
import { minutes, seconds } from '../../lib/domain/shared/time.ts';
import { createChatWorld, home, slackFailing, type ChatWorld } from './chat-world.ts';
import { checkoutDown } from './samples.ts';

/** So many incidents at once, every tenth of them a P0. */
async function storm(world: ChatWorld, count: number): Promise<void> {
  const alerts = Array.from({ length: count }, (_, index) => ({
    name: `Alert${index}`,
    severity: index % 10 === 9 ? 'critical' : 'warning',
  }));
  for (const alert of alerts) {
    await world.open({ alerts: [alert], groupKey: alert.name });
  }
}

const postsIn = (world: ChatWorld, channel: string): readonly number[] =>
  world.chat
    .messages()
    .filter((message) => message.channel === channel)
    .map(({ postedAtMs }) => postedAtMs);

const closest = (instants: readonly number[]): number =>
  Math.min(...instants.slice(1).map((atMs, index) => atMs - (instants[index] ?? 0)));

describe('Slack’s limits', () => {
  it('are kept in a storm: one message a second, and every incident gets there', async () => {
    const world = createChatWorld();
    await storm(world, 60);
    await world.fastForward(minutes(4));
    expect(world.shown(home)).toHaveLength(60);
    expect(closest(postsIn(world, home))).toBeGreaterThanOrEqual(1000);
    world.expectMessages(...world.secondChannel.messages().map(({ subject }) => subject));
  });

  it('let the gravest go first, where there is something to choose', async () => {
    const world = createChatWorld();
    world.chatFaults.push({
      call: 'post',
      failure: slackFailing('throttled', { retryAfterMs: 45_000 }),
    });
    await storm(world, 20);
    await world.fastForward(minutes(3));
    const severities = world.texts(home).map((text) => /P\d/.exec(text)?.[0]);
    expect(severities).toHaveLength(20);
    expect(severities.slice(0, 2)).toEqual(['P0', 'P0']);
    world.expectMessages(...world.secondChannel.messages().map(({ subject }) => subject));
  });

  it('are believed: after a 429 nothing is called for as long as Slack says', async () => {
    const world = createChatWorld();
    world.chatFaults.push({
      call: 'update',
      failure: slackFailing('throttled', { retryAfterMs: 90_000 }),
    });
    const incident = await world.open({ alerts: [{ ...checkoutDown, severity: 'error' }] });
    await world.acknowledge(incident);
    const { length } = world.calls;
    const refusedAtMs = world.clock.now();
    await world.fastForward(minutes(4));
    const later = world.calls.slice(length);
    expect(later.map(({ call }) => call)).toEqual(['update', 'post']);
    expect((later[0]?.atMs ?? 0) - refusedAtMs).toBeGreaterThanOrEqual(90_000);
    expect(world.card(incident).text).toContain('ACKNOWLEDGED');
  });

  it('make one update of what comes close together', async () => {
    const world = createChatWorld();
    world.runs.stream = false;
    const incident = await world.open({ alerts: [{ ...checkoutDown, severity: 'error' }] });
    await world.acknowledge(incident);
    await world.fastForward(seconds(30));
    world.runs.stream = true;
    await world.resolve(incident);
    await world.fastForward(minutes(5));
    const card = world.card(incident);
    expect(card).toMatchObject({ updates: 0 });
    expect(world.texts(home, card.ts)).toHaveLength(1);
  });
});

describe('an incident that the stream never told of', () => {
  it('is found within minutes', async () => {
    const world = createChatWorld();
    world.runs.stream = false;
    const incident = await world.open({ alerts: [{ ...checkoutDown, severity: 'error' }] });
    await world.fastForward(minutes(6));
    expect(world.card(incident).text).toContain('P1');
    world.expectMessages(...world.secondChannel.messages().map(({ subject }) => subject));
  });
});

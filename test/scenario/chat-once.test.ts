import { describe, expect, it } from 'vitest';
import { minutes, seconds } from '../../lib/domain/shared/time.ts';
import { createChatWorld, home, slackFailing } from './chat-world.ts';
import { failing } from './harness.ts';
import { checkoutDown } from './samples.ts';

const slow = { alerts: [{ ...checkoutDown, severity: 'error' }] };

describe('a post whose outcome nobody knows', () => {
  it.each(['timeout', 'unavailable'] as const)(
    'is made once when it was made (%s)',
    async (kind) => {
      const world = createChatWorld();
      world.chatFaults.push({ call: 'post', failure: slackFailing(kind), isApplied: true });
      const incident = await world.open(slow);
      await world.acknowledge(incident);
      await world.fastForward(minutes(3));
      expect(world.shown(home)).toHaveLength(1);
      expect(world.card(incident).text).toContain('ACKNOWLEDGED');
      expect(world.texts(home, world.card(incident).ts)).toHaveLength(1);
    },
  );

  it('is made anew when it was not', async () => {
    const world = createChatWorld();
    world.chatFaults.push({ call: 'post', failure: slackFailing('timeout') });
    const incident = await world.open(slow);
    await world.fastForward(minutes(3));
    expect(world.shown(home)).toHaveLength(1);
    expect(world.card(incident).text).toContain('TRIGGERED');
  });

  it('is made once in a thread as well', async () => {
    const world = createChatWorld();
    const incident = await world.open(slow);
    world.chatFaults.push({ call: 'post', failure: slackFailing('timeout'), isApplied: true });
    await world.acknowledge(incident);
    await world.fastForward(minutes(3));
    expect(world.texts(home, world.card(incident).ts)).toHaveLength(1);
  });

  it('is not made before Slack must show it, whoever else looks', async () => {
    const world = createChatWorld();
    world.chatFaults.push({ call: 'post', failure: slackFailing('timeout'), isApplied: true });
    const incident = await world.open(slow);
    for (let each = 0; each < 5; each += 1) {
      await world.fastForward(seconds(2));
      await world.announcer.owed();
    }
    await world.acknowledge(incident);
    await world.fastForward(minutes(3));
    expect(world.shown(home)).toHaveLength(1);
  });

  it('is found by whoever comes after a crash between the post and its note', async () => {
    const world = createChatWorld();
    world.rowFaults.push({
      call: 'save',
      failure: failing('rejected'),
      isFor: (row) => (row as { home: unknown }).home !== null,
    });
    const incident = await world.open(slow);
    await world.fastForward(minutes(3));
    expect(world.shown(home)).toHaveLength(1);
    expect(world.card(incident).text).toContain('TRIGGERED');
    world.expectErrors('An incident is not in the chat yet.');
  });
});

describe('two looks at the same time', () => {
  it('post one message, and what both know ends in it', async () => {
    const world = createChatWorld();
    const incident = await world.open(slow);
    world.runs.stream = false;
    await world.acknowledge(incident);
    const subjects = await world.store.loadCommits('acme', incident.id);
    const commits = subjects.ok ? subjects.value : [];
    const streamed = commits.map((value, index) => ({ value, position: String(index) }));
    const looks = [1, 2, 3].map(() => world.announcer.fromStream(streamed));
    await world.drive(Promise.all(looks));
    world.runs.stream = true;
    await world.fastForward(minutes(3));
    expect(world.shown(home)).toHaveLength(1);
    expect(world.card(incident).text).toContain('ACKNOWLEDGED');
    expect(world.texts(home, world.card(incident).ts)).toHaveLength(1);
  });
});

describe('a store in trouble', () => {
  it('makes the stream come again, and nothing is told twice', async () => {
    const world = createChatWorld();
    world.rowFaults.push({ call: 'load', failure: failing('unavailable') });
    const incident = await world.open(slow);
    await world.fastForward(minutes(1));
    expect(world.shown(home)).toHaveLength(1);
    expect(world.card(incident).text).toContain('TRIGGERED');
    world.expectErrors('An incident is not in the chat yet.');
  });
});

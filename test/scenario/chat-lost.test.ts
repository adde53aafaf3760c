import { describe, expect, it } from 'vitest';
import { hours, minutes } from '../../lib/domain/shared/time.ts';
import { createChatWorld, home, slackFailing } from './chat-world.ts';
import { checkoutDown } from './samples.ts';

const slow = { alerts: [{ ...checkoutDown, severity: 'error' }] };
const down = { alerts: [checkoutDown] };

describe('what people take away by hand', () => {
  it('is posted anew, if it was the card', async () => {
    const world = createChatWorld();
    const incident = await world.open(slow);
    const first = world.card(incident);
    world.chat.deleteByHand(first.ts);
    await world.acknowledge(incident);
    await world.fastForward(minutes(1));
    expect(world.shown(home)).toHaveLength(1);
    expect(world.card(incident).ts).not.toBe(first.ts);
    expect(world.card(incident).text).toContain('ACKNOWLEDGED');
  });

  it('goes on in the thread of the default channel, if it was the incident’s own', async () => {
    const world = createChatWorld();
    const incident = await world.open(down);
    await world.fastForward(minutes(1));
    const own = world.chat.channels()[1]?.id ?? '';
    world.chat.archiveByHand(own);
    await world.acknowledge(incident);
    await world.fastForward(minutes(1));
    const card = world.card(incident);
    expect(card.text).toContain('ACKNOWLEDGED');
    expect(world.wordsOf(card)).not.toContain(own);
    expect(world.texts(home, card.ts)).toEqual(['P0 ✅ Acknowledged by Ada Byron (API)']);
  });
});

describe('a message that Slack does not take', () => {
  it('is sent as plain text', async () => {
    const world = createChatWorld();
    const failure = slackFailing('rejected', { about: 'message', reason: 'invalid_blocks' });
    world.chatFaults.push({ call: 'post', failure });
    const incident = await world.open(slow);
    await world.fastForward(minutes(1));
    expect(world.card(incident)).toMatchObject({ blocks: [] });
    expect(world.card(incident).text).toContain('P1');
  });

  it('in no form is left out, and the next one is told', async () => {
    const world = createChatWorld();
    const incident = await world.open(slow);
    const failure = slackFailing('rejected', { about: 'message', reason: 'invalid_blocks' });
    world.chatFaults.push({ call: 'post', failure }, { call: 'post', failure });
    await world.acknowledge(incident);
    await world.resolve(incident);
    await world.fastForward(minutes(1));
    expect(world.texts(home, world.card(incident).ts)).toEqual([
      'P1 ✅ Resolved by Ada Byron (API): rolled back',
    ]);
    world.expectErrors('Slack takes a message in no form.');
  });
});

describe('trouble that needs a person', () => {
  it.each([
    ['access', 'token_revoked', 'Slack refuses our credentials (token_revoked)'],
    ['channel', 'is_archived', `Slack's default channel ${home} cannot be used (is_archived)`],
  ] as const)('about %s opens one incident, and all goes on', async (about, reason, words) => {
    const world = createChatWorld();
    world.chatIsDown = slackFailing('rejected', { about, reason });
    const incident = await world.open(slow);
    await world.acknowledge(incident);
    await world.fastForward(hours(2));
    const [notice, ...more] = world.incidents().filter(({ isOperator }) => isOperator);
    expect(more).toEqual([]);
    expect(notice).toMatchObject({
      severity: 'P2',
      summary: expect.stringContaining(words) as string,
    });
    expect(world.now(incident).state).toBe('acknowledged');
    world.chatIsDown = null;
    await world.fastForward(minutes(8));
    expect(world.card(incident).text).toContain('ACKNOWLEDGED');
    world.expectErrors(
      ...world.log
        .lines()
        .filter(({ level }) => level === 'error')
        .map(({ message }) => message),
    );
    expect(world.chat.messages()[0]?.text).toContain('2 incidents opened');
  });
});

import { describe, expect, it } from 'vitest';
import type { Incident } from '../../lib/domain/incident/state.ts';
import { hours, minutes } from '../../lib/domain/shared/time.ts';
import { createChatWorld, home, slackFailing, withSlack, type ChatWorld } from './chat-world.ts';
import { checkoutDown, over, type PayloadSample } from './samples.ts';

const samples = {
  slow: { alerts: [{ ...checkoutDown, severity: 'error' }], groupKey: 'slow' },
  down: { alerts: [{ ...checkoutDown, name: 'ShopDown' }], groupKey: 'down' },
  short: { alerts: [{ ...checkoutDown, name: 'Blip' }], groupKey: 'short' },
} satisfies Record<string, PayloadSample>;

/** Six hours with three incidents: one acknowledged, one left alone, one opened and over. */
async function sixHours(world: ChatWorld): Promise<readonly Incident[]> {
  const slow = await world.open(samples.slow);
  await world.fastForward(minutes(30));
  await world.acknowledge(slow);
  const down = await world.open(samples.down);
  const short = await world.open(samples.short);
  await world.fastForward(minutes(20));
  await world.post({ ...samples.short, alerts: samples.short.alerts.map(over) });
  await world.fastForward(hours(3));
  await world.resolve(slow);
  await world.fastForward(minutes(130));
  return [slow, down, short];
}

const logOf = async (world: ChatWorld): Promise<readonly unknown[]> =>
  (await Promise.all(world.incidents().map((incident) => world.events(incident)))).flat();

const pagesOf = (world: ChatWorld): readonly unknown[] =>
  world.pagerDuty.attempts.map(({ page, failure }) => ({ ...page, failure }));

describe('Slack off for six hours', () => {
  it('changes no page, no clock and no closing', async () => {
    const without = createChatWorld((tenant) => ({ ...withSlack(tenant), slack: null }));
    const world = createChatWorld();
    world.chatIsDown = slackFailing('unavailable');
    const [slow] = await sixHours(without);
    await sixHours(world);
    expect(slow && without.now(slow).closedAtMs).not.toBeNull();
    expect(pagesOf(world)).toEqual(pagesOf(without));
    expect(world.secondChannel.messages()).toEqual(without.secondChannel.messages());
    expect(await logOf(world)).toEqual(await logOf(without));
    const subjects = without.secondChannel.messages().map(({ subject }) => subject);
    for (const each of [world, without]) each.expectMessages(...subjects);
  });

  it('ends with one summary, the cards of what is open, and one line for each of them', async () => {
    const world = createChatWorld();
    world.chatIsDown = slackFailing('timeout');
    const [slow, down, short] = await sixHours(world);
    expect(world.chat.messages()).toEqual([]);
    world.chatIsDown = null;
    await world.fastForward(minutes(8));
    const texts = world.texts(home);
    expect(texts).toHaveLength(2);
    expect(texts[0]).toContain('3');
    expect(texts[1]).toContain('ShopDown');
    const [, own] = world.chat.channels();
    const [, line, ...more] = world.shown(own?.id ?? '');
    expect(more).toEqual([]);
    expect(line && world.wordsOf(line)).toContain('deadline of P0 was missed');
    expect(line && world.wordsOf(line)).not.toContain('wait for an update');
    for (const gone of [slow, short]) expect(() => gone && world.card(gone)).toThrow('no card');
    expect(down && world.card(down).text).toContain('ShopDown');
    expect(
      world.chat
        .messages()
        .map((one) => world.wordsOf(one))
        .join(),
    ).not.toContain('<@U');
    world.expectMessages(...world.secondChannel.messages().map(({ subject }) => subject));
  });

  it('asks Slack now and then, not for every incident', async () => {
    const world = createChatWorld();
    world.chatIsDown = slackFailing('unavailable');
    for (let each = 0; each < 20; each += 1) {
      await world.open({
        alerts: [{ name: `Alert${each}`, severity: 'error' }],
        groupKey: `${each}`,
      });
    }
    await world.fastForward(hours(1));
    expect(world.refusals).toBeLessThan(30);
    world.chatIsDown = null;
    await world.fastForward(minutes(8));
    expect(world.texts(home)).toHaveLength(21);
    world.expectMessages(...world.secondChannel.messages().map(({ subject }) => subject));
  });

  it('goes on with a card that was there before, with one line for all that it missed', async () => {
    const world = createChatWorld();
    const slow = await world.open(samples.slow);
    world.chatIsDown = slackFailing('unavailable');
    await world.fastForward(minutes(5));
    await world.acknowledge(slow);
    await world.fastForward(hours(5));
    await world.resolve(slow);
    await world.fastForward(minutes(1));
    world.chatIsDown = null;
    await world.fastForward(minutes(8));
    expect(world.card(slow)).toMatchObject({ updates: 1 });
    expect(world.card(slow).text).toContain('RESOLVED');
    expect(world.texts(home, world.card(slow).ts)).toHaveLength(1);
    world.expectMessages(...world.secondChannel.messages().map(({ subject }) => subject));
  });

  it('is no outage when one call fails', async () => {
    const world = createChatWorld();
    world.chatFaults.push({ call: 'update', failure: slackFailing('unavailable') });
    const slow = await world.open(samples.slow);
    await world.acknowledge(slow);
    await world.fastForward(minutes(2));
    expect(world.card(slow).text).toContain('ACKNOWLEDGED');
    expect(world.shown(home)).toHaveLength(1);
  });
});

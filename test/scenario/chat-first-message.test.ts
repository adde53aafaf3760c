import { describe, expect, it } from 'vitest';
import { hours, minutes } from '../../lib/domain/shared/time.ts';
import type { IncidentCommand } from '../../lib/domain/incident/command.ts';
import { createChatWorld, home } from './chat-world.ts';
import { checkoutDown } from './samples.ts';

const slow = { alerts: [{ ...checkoutDown, severity: 'error' }] };
const down = { alerts: [checkoutDown] };

const grace = { kind: 'person', via: 'slack', id: 'grace', name: 'Grace Hopper' } as const;

const makeCommander = (person: { id: string; name: string }): IncidentCommand => ({
  kind: 'assign-role',
  role: 'commander',
  person,
  by: grace,
});

describe('a P1', () => {
  it('is one message, updated in place, with its story in the thread', async () => {
    const world = createChatWorld();
    const incident = await world.open(slow);
    const { ts } = world.card(incident);
    expect(world.shown(home)).toHaveLength(1);
    expect(world.chat.channels()).toHaveLength(1);
    await world.acknowledge(incident);
    await world.fastForward(minutes(1));
    expect(world.card(incident)).toMatchObject({ ts, updates: 1 });
    await world.resolve(incident);
    await world.fastForward(minutes(1));
    expect(world.shown(home)).toHaveLength(1);
    expect(world.card(incident).text).toContain('RESOLVED');
    expect(world.texts(home, ts)).toEqual([
      'P1 ✅ Acknowledged by Ada Byron (API)',
      'P1 ✅ Resolved by Ada Byron (API): rolled back',
    ]);
  });

  it('leads from its thread to the incident', async () => {
    const world = createChatWorld();
    const incident = await world.open(slow);
    const place = { channel: home, threadTs: world.card(incident).ts };
    expect(await world.rows.findByPlace('acme', place)).toMatchObject({ value: incident.id });
  });

  it('is told of once, however often nothing changes', async () => {
    const world = createChatWorld();
    await world.open(slow);
    await world.fastForward(minutes(30));
    const calls = world.calls.length;
    await world.post(slow);
    await world.fastForward(minutes(14));
    expect(world.calls).toHaveLength(calls);
  });
});

describe('a P0', () => {
  it('gets a channel with name, topic, card and people, and everybody sees where it is', async () => {
    const world = createChatWorld();
    world.onCall = ['U000ONCALL1'];
    const incident = await world.open(down);
    await world.fastForward(minutes(1));
    const [, own] = world.chat.channels();
    expect(own).toMatchObject({
      name: `inc-${incident.id}-checkoutdown-checkout`,
      topic: 'P0 triggered · CheckoutDown (checkout)',
      members: ['U000ONCALL1', 'U00000GRACE'],
      isPrivate: false,
    });
    expect(world.shown(own?.id ?? '')).toHaveLength(1);
    expect(world.wordsOf(world.card(incident))).toContain(`<#${own?.id ?? ''}>`);
    const place = { channel: own?.id ?? '', threadTs: null };
    expect(await world.rows.findByPlace('acme', place)).toMatchObject({ value: incident.id });
  });

  it('has its lines in the channel, its roles invited, and the topic kept', async () => {
    const world = createChatWorld();
    const incident = await world.open(down);
    await world.fastForward(minutes(1));
    await world.act(incident, makeCommander({ id: 'ada', name: 'Ada Byron' }));
    await world.fastForward(minutes(1));
    const [, own] = world.chat.channels();
    expect(own?.members).toContain('U000000ADA');
    expect(own?.topic).toContain('commander Ada Byron');
    const [, line] = world.shown(own?.id ?? '');
    expect(world.wordsOf(line ?? world.card(incident))).toContain('<@U000000ADA>');
    expect(world.texts(home, world.card(incident).ts)).toEqual([]);
  });

  it('has its channel archived a day after it was closed', async () => {
    const world = createChatWorld();
    const incident = await world.open(down);
    await world.fastForward(minutes(1));
    await world.resolve(incident);
    await world.fastForward(hours(3));
    expect(world.now(incident).closedAtMs).not.toBeNull();
    const own = () => world.chat.channels()[1];
    await world.fastForward(hours(22));
    expect(own()?.isArchived).toBe(false);
    await world.fastForward(hours(2));
    expect(own()?.isArchived).toBe(true);
    const calls = world.calls.length;
    await world.fastForward(hours(2));
    expect(world.calls).toHaveLength(calls);
  });

  it('that was a P1 gets its channel when it becomes one', async () => {
    const world = createChatWorld();
    const incident = await world.open(slow);
    await world.act(incident, {
      kind: 'change-severity',
      to: 'P0',
      by: grace,
      reason: 'all shops',
    });
    await world.fastForward(minutes(1));
    const [, own] = world.chat.channels();
    expect(world.texts(own?.id ?? '')).toEqual([
      expect.stringContaining('P0'),
      expect.stringContaining('*P1 → P0* by Grace Hopper: all shops'),
    ]);
  });

  it('takes another name when its own is taken', async () => {
    const world = createChatWorld();
    world.chatFaults.push({
      call: 'createChannel',
      failure: { kind: 'conflict', message: 'taken', about: 'name', reason: 'name_taken' } as never,
    });
    const incident = await world.open(down);
    await world.fastForward(minutes(1));
    expect(world.chat.channels()[1]?.name).toBe(`inc-${incident.id}-checkoutdown-checkout-2`);
  });

  it('makes do with its thread where the workspace allows no channel', async () => {
    const world = createChatWorld();
    world.chatFaults.push({
      call: 'createChannel',
      failure: {
        kind: 'rejected',
        message: 'no',
        about: 'access',
        reason: 'missing_scope',
      } as never,
    });
    const incident = await world.open(down);
    await world.acknowledge(incident);
    await world.fastForward(minutes(5));
    expect(world.chat.channels()).toHaveLength(1);
    expect(world.texts(home, world.card(incident).ts)).toHaveLength(1);
  });
});

describe('nobody is pinged', () => {
  it('for their own act', async () => {
    const world = createChatWorld();
    const incident = await world.open(slow);
    await world.act(incident, makeCommander({ id: 'grace', name: 'Grace Hopper' }));
    await world.acknowledge(incident);
    await world.fastForward(minutes(2));
    const words = world.chat.messages().map((message) => world.wordsOf(message));
    expect(words.join()).not.toMatch(/<@U/);
  });

  it('but those who lead when a deadline comes near, and before that those on call', async () => {
    const world = createChatWorld();
    world.onCall = ['U000ONCALL1'];
    const incident = await world.open(slow);
    await world.fastForward(minutes(61));
    const thread = () =>
      world.shown(home, world.card(incident).ts).map((message) => world.wordsOf(message));
    expect(thread().filter((line) => line.includes('missed'))).toEqual([
      expect.stringContaining('<@U000ONCALL1>'),
    ]);
    await world.acknowledge(incident);
    await world.fastForward(hours(3));
    expect(thread().at(-1)).toContain('<@U000000ADA>');
    expect(thread().at(-1)).not.toContain('<@U000ONCALL1>');
    world.expectMessages('[P1] CheckoutDown (checkout)', '[P1] CheckoutDown (checkout)');
  });
});

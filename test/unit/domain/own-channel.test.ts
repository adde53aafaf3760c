import { describe, expect, it } from 'vitest';
import { channelName, topicOf } from '../../../lib/domain/announce/own-channel.ts';
import type { Incident } from '../../../lib/domain/incident/state.ts';
import { hours } from '../../../lib/domain/shared/time.ts';

const slack = {
  teamId: 'T1',
  enterpriseId: null,
  channel: 'C1',
  ownChannel: {
    severities: ['P0'],
    prefix: 'inc',
    isPrivate: false,
    archiveAfterMs: hours(24),
    invite: [],
  },
  linkHosts: [],
  warRoomUrl: null,
} as const;

/** As much of an incident as names and topics look at. */
const titled = (title: string): Incident =>
  ({
    id: 'k3v9m-2q7xzwn',
    title,
    severity: 'P0',
    state: 'triggered',
    progress: null,
    roles: [],
  }) as unknown as Incident;

describe('the name of an own channel', () => {
  it.each([
    ['plain words', 'Checkout is down', 0, 'inc-k3v9m-2q7xzwn-checkout-is-down'],
    ['a taken name', 'Checkout is down', 2, 'inc-k3v9m-2q7xzwn-checkout-is-down-3'],
    ['other scripts', 'Größe überschritten 障害', 0, 'inc-k3v9m-2q7xzwn-gro-e-u-berschritten'],
    ['nothing to use', '障害 <!channel>', 0, 'inc-k3v9m-2q7xzwn-channel'],
    ['an empty title', '', 0, 'inc-k3v9m-2q7xzwn'],
  ])('is made of %s', (_what, title, taken, name) => {
    expect(channelName(titled(title), slack, taken)).toBe(name);
  });

  it('is never too long, number included', () => {
    const name = channelName(titled('a very long title '.repeat(20)), slack, 4);
    expect(name).toMatch(/^[a-z0-9-]{1,80}$/);
    expect(name.endsWith('-5')).toBe(true);
  });
});

describe('the topic of an own channel', () => {
  it('holds none of Slack’s own signs, and fits', () => {
    const topic = topicOf(titled(`<!channel> & <@U1> ${'x'.repeat(400)}`));
    expect(topic).not.toMatch(/[<>&]/);
    expect(topic.length).toBeLessThanOrEqual(250);
    expect(topic).toMatch(/^P0 triggered · /);
  });
});

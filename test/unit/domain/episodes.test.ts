import { describe, expect, it } from 'vitest';
import {
  absorb,
  episodeKey,
  prune,
  totalsOf,
  type EpisodeFact,
} from '../../../lib/domain/correlation/episodes.ts';
import type { Episode } from '../../../lib/domain/correlation/thread.ts';
import { at, t0 } from './samples.ts';

const fact = (fingerprint: string, status: Episode['status'], startMin = 0): EpisodeFact => ({
  fingerprint,
  startsAtMs: at(startMin),
  status,
});
const episode = (
  fingerprint: string,
  status: Episode['status'],
  of: { readonly startMin?: number; readonly ordinal?: number } = {},
): Episode => ({ ...fact(fingerprint, status, of.startMin), ordinal: of.ordinal ?? 1 });

interface Row {
  readonly why: string;
  readonly known: readonly Episode[];
  readonly facts: readonly EpisodeFact[];
  readonly then: readonly Episode[];
  readonly joined: readonly Episode[];
  readonly ended: readonly Episode[];
  readonly isChanged: boolean;
}

const rows: readonly Row[] = [
  {
    why: 'a fire joins',
    known: [],
    facts: [fact('a', 'firing')],
    then: [episode('a', 'firing')],
    joined: [episode('a', 'firing')],
    ended: [],
    isChanged: true,
  },
  {
    why: 'a repeat is nothing',
    known: [episode('a', 'firing')],
    facts: [fact('a', 'firing')],
    then: [episode('a', 'firing')],
    joined: [],
    ended: [],
    isChanged: false,
  },
  {
    why: 'a resolve ends it',
    known: [episode('a', 'firing')],
    facts: [fact('a', 'resolved')],
    then: [episode('a', 'resolved')],
    joined: [],
    ended: [episode('a', 'resolved')],
    isChanged: true,
  },
  {
    why: 'a late fire does not wake what is over',
    known: [episode('a', 'resolved')],
    facts: [fact('a', 'firing')],
    then: [episode('a', 'resolved')],
    joined: [],
    ended: [],
    isChanged: false,
  },
  {
    why: 'a resolve without its fire is only remembered',
    known: [],
    facts: [fact('a', 'resolved')],
    then: [episode('a', 'resolved', { ordinal: 0 })],
    joined: [],
    ended: [],
    isChanged: true,
  },
  {
    why: 'the fire of a remembered resolve joins as over',
    known: [episode('a', 'resolved', { ordinal: 0 })],
    facts: [fact('a', 'firing')],
    then: [episode('a', 'resolved')],
    joined: [episode('a', 'resolved')],
    ended: [],
    isChanged: true,
  },
  {
    why: 'a later start of the same alert ends the one before',
    known: [episode('a', 'firing')],
    facts: [fact('a', 'firing', 5)],
    then: [episode('a', 'resolved'), episode('a', 'firing', { startMin: 5 })],
    joined: [episode('a', 'firing', { startMin: 5 })],
    ended: [episode('a', 'resolved')],
    isChanged: true,
  },
  {
    why: 'an earlier start that comes late is over already',
    known: [episode('a', 'firing', { startMin: 5 })],
    facts: [fact('a', 'firing')],
    then: [episode('a', 'firing', { startMin: 5 }), episode('a', 'resolved')],
    joined: [episode('a', 'resolved')],
    ended: [],
    isChanged: true,
  },
  {
    why: 'a remembered resolve of a later start ends the one before, too',
    known: [episode('a', 'firing')],
    facts: [fact('a', 'resolved', 5)],
    then: [episode('a', 'resolved'), episode('a', 'resolved', { startMin: 5, ordinal: 0 })],
    joined: [],
    ended: [episode('a', 'resolved')],
    isChanged: true,
  },
  {
    why: 'another alert is another matter',
    known: [episode('a', 'firing')],
    facts: [fact('b', 'firing', 5)],
    then: [episode('a', 'firing'), episode('b', 'firing', { startMin: 5 })],
    joined: [episode('b', 'firing', { startMin: 5 })],
    ended: [],
    isChanged: true,
  },
  {
    why: 'fire and resolve in one delivery: it joins as over, in either order',
    known: [],
    facts: [fact('a', 'resolved'), fact('a', 'firing')],
    then: [episode('a', 'resolved')],
    joined: [episode('a', 'resolved')],
    ended: [],
    isChanged: true,
  },
  {
    why: 'a member keeps the incident that it joined',
    known: [episode('a', 'firing', { ordinal: 3 })],
    facts: [fact('a', 'resolved')],
    then: [episode('a', 'resolved', { ordinal: 3 })],
    joined: [],
    ended: [episode('a', 'resolved', { ordinal: 3 })],
    isChanged: true,
  },
];

describe('absorb', () => {
  it.each(rows)('$why', ({ known, facts, then, joined, ended, isChanged }) => {
    expect(absorb(known, facts, 1)).toEqual({ episodes: then, joined, ended, isChanged });
  });

  it('takes what joins into the incident of the given ordinal', () => {
    expect(absorb([], [fact('a', 'firing')], 4).episodes).toEqual([
      episode('a', 'firing', { ordinal: 4 }),
    ]);
  });
});

describe('prune', () => {
  const days = (n: number): number => n * 24 * 60;

  it.each([
    [episode('a', 'resolved'), at(days(30), -1), 1, '1 ms less than 30 days old'],
    [episode('a', 'resolved'), at(days(30)), 0, '30 days old'],
    [episode('a', 'firing'), at(days(300)), 1, 'what fires is never forgotten'],
  ])('%j: %#', (known, nowMs, left) => {
    expect(prune([known], nowMs)).toHaveLength(left);
  });

  it('keeps 4,000: what fires, then the newest', () => {
    const many = Array.from({ length: 4001 }, (_, index) =>
      episode(`a${index}`, 'resolved', { startMin: index }),
    );
    const kept = prune([episode('old', 'firing'), ...many], at(5000));

    expect(kept).toHaveLength(4000);
    expect(kept[0]).toEqual(episode('old', 'firing'));
    expect(kept.map(episodeKey)).not.toContain(`a1@${at(1)}`);
    expect(kept.map(episodeKey)).toContain(`a2@${at(2)}`);
  });

  it('leaves 4,000 as they are', () => {
    const many = Array.from({ length: 4000 }, (_, index) => episode(`a${index}`, 'resolved'));
    expect(prune(many, at(1))).toEqual(many);
  });
});

describe('totalsOf', () => {
  it('counts the episodes of one incident, and their alerts once', () => {
    const known = [
      episode('a', 'resolved'),
      episode('a', 'firing', { startMin: 5 }),
      episode('b', 'firing'),
      episode('c', 'firing', { ordinal: 2 }),
      episode('d', 'resolved', { ordinal: 0 }),
    ];
    expect(totalsOf(known, 1)).toEqual({ episodes: 3, firing: 2, alerts: 2 });
    expect(totalsOf([], 1)).toEqual({ episodes: 0, firing: 0, alerts: 0 });
  });
});

it('an episode is named by alert and start', () => {
  expect(episodeKey(fact('a', 'firing'))).toBe(`a@${t0}`);
});

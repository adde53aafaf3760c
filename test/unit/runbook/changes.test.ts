import { describe, expect, it } from 'vitest';
import type { ChangeRecord } from '../../../lib/domain/action/rows.ts';
import type { PersonPolicy, TenantPolicy } from '../../../lib/domain/policy/policy.ts';
import { authorsOf, knownAuthorsOf } from '../../../lib/domain/runbook/authors.ts';
import { placeChange } from '../../../lib/domain/runbook/place-change.ts';
import { rankChanges } from '../../../lib/domain/runbook/rank-changes.ts';
import type { ToldChange } from '../../../lib/domain/runbook/told-change.ts';
import { epochMs, hours, minutes, type DurationMs } from '../../../lib/domain/shared/time.ts';

const began = epochMs(Date.parse('2026-11-20T10:00:00Z'));
const incident = { openedAtMs: began, environment: 'production' };

const change = (beforeMs: number, of: Partial<ChangeRecord> = {}): ChangeRecord => ({
  tenant: 'acme',
  id: `d${beforeMs}`,
  sourceId: 'ci',
  kind: 'rollout',
  service: 'checkout',
  environment: 'production',
  title: 'Deployed checkout',
  url: null,
  author: 'bob',
  status: 'succeeded',
  atMs: epochMs(began - beforeMs),
  versions: [],
  previous: [],
  ...of,
});

describe('how likely a change is the cause', () => {
  it.each<[string, DurationMs, Partial<ChangeRecord>, number, string]>([
    [
      'just before',
      minutes(4),
      {},
      90,
      'Rolled out 4 min before the incident began, for checkout in production.',
    ],
    ['at the edge of 15 min', minutes(15), {}, 90, 'Rolled out 15 min before'],
    ['within two hours', minutes(16), {}, 60, 'Rolled out 16 min before'],
    ['within a day', hours(3), {}, 20, 'Rolled out 3 h before'],
    [
      'elsewhere',
      minutes(4),
      { environment: 'staging' },
      23,
      'Rolled out 4 min before the incident began, for checkout, but in staging and not in ' +
        'production.',
    ],
    ['in the same place by a short name', minutes(4), { environment: 'prod' }, 90, 'in prod.'],
    ['nobody knows where', minutes(4), { environment: null }, 81, 'for checkout.'],
    [
      'not ended',
      minutes(4),
      { status: 'started' },
      90,
      'A rollout that has not ended began 4 min',
    ],
    ['failed', minutes(4), { status: 'failed' }, 90, 'A rollout failed 4 min before'],
    ['only written', minutes(4), { kind: 'commit' }, 45, 'Committed, which no rollout is known'],
  ])('%s', (_what, beforeMs, of, pct, reason) => {
    const [found] = rankChanges([change(beforeMs, of)], incident);
    expect(found?.likelihoodPct).toBe(pct);
    expect(found?.reason).toContain(reason);
  });

  it('is small after the beginning, and none after a day', () => {
    const soon = change(-60_000);
    const later = change(-30 * 60_000);
    const old = change(hours(24) + 1);
    expect(rankChanges([soon, later, old], incident)).toMatchObject([
      { likelihoodPct: 30, changeId: `ci/${soon.id}` },
      { likelihoodPct: 5, reason: expect.stringContaining('perhaps to repair it') as string },
    ]);
  });

  it('orders the likeliest first, the newest of equals, and keeps five', () => {
    const all = [hours(5), minutes(3), minutes(60), minutes(9), hours(6), hours(7)].map((ms) =>
      change(ms),
    );
    const ids = rankChanges(all, incident).map(({ changeId }) => changeId);
    expect(ids).toEqual(
      [minutes(3), minutes(9), minutes(60), hours(5), hours(6)].map((ms) => `ci/d${ms}`),
    );
  });

  it('tells a commit once, as the rollout that brought it', () => {
    const commit = change(minutes(20), { kind: 'commit', versions: ['abc'] });
    const rollout = change(minutes(5), { versions: ['image:2', 'abc'] });
    expect(rankChanges([commit, rollout], incident)).toHaveLength(1);
  });
});

describe('whose change it is', () => {
  // Only what placing reads.
  const tenant = {
    id: 'acme',
    services: [{ id: 'search' }],
    people: [{ id: 'bob', email: 'Bob@example.com', logins: ['bob-builds'] }] as const,
  } as unknown as TenantPolicy & { readonly people: readonly PersonPolicy[] };
  const source = {
    id: 'ci',
    kind: 'github',
    services: { 'Example/Shop': 'checkout' },
  } as const;
  const told = (of: Partial<ToldChange> = {}): ToldChange => ({
    id: 'd1',
    kind: 'rollout',
    subject: 'example/shop',
    environment: null,
    title: 'Deployed',
    url: null,
    authorNames: [],
    status: 'succeeded',
    atMs: null,
    versions: [],
    previous: [],
    ...of,
  });

  it.each([
    [['bob-builds'], 'bob'],
    [['@Bob-Builds'], 'bob'],
    [['Somebody', 'bob@EXAMPLE.com'], 'bob'],
    [['carol'], 'carol'],
    [['github-actions[bot]'], null],
    [['project_30_bot_ab12', 'carol'], 'carol'],
    [['1+x@users.noreply.github.com'], null],
    [[], null],
  ])('author %j is %s', (authorNames, author) => {
    const placed = placeChange(told({ authorNames }), { tenant, source }, began);
    expect(placed?.author).toBe(author);
  });

  it('finds the service by the subject, in whatever case, and else has none', () => {
    const placed = (subject: string, kind: 'github' | 'tocsin' = 'github') =>
      placeChange(told({ subject }), { tenant, source: { ...source, kind } }, began)?.service;
    expect(placed('example/shop')).toBe('checkout');
    expect(placed('search')).toBeUndefined();
    expect(placed('search', 'tocsin')).toBe('search');
    expect(placed('__proto__', 'tocsin')).toBeUndefined();
  });

  it('believes no instant that lies ahead', () => {
    const ahead = told({ atMs: epochMs(began + 1) });
    expect(placeChange(ahead, { tenant, source }, began)?.atMs).toBe(began);
  });
});

describe('who made what a plan takes back', () => {
  const commit = (beforeMs: number, author: string | null, sha = `c${beforeMs}`) =>
    change(beforeMs, { kind: 'commit', author, versions: [sha] });
  const before = change(hours(9), { versions: ['v1'], author: 'dora' });
  const rollout = change(minutes(5), { versions: ['v2', 'sha2'] });
  const authors = (...changes: ChangeRecord[]) => authorsOf(changes, { from: ['v2'], to: ['v1'] });

  it('is who rolled it out, who wrote it, and who made what comes back', () => {
    const own = commit(minutes(30), 'carol');
    const older = commit(hours(10), 'erin');
    const newer = commit(minutes(1), 'frank');
    expect(authors(newer, rollout, own, before, older)).toEqual(['bob', 'carol', 'dora']);
  });

  it('is found by the commit that the rollout names, with no rollout before it', () => {
    const named = commit(hours(2), 'carol', 'sha2');
    const others = commit(hours(3), 'erin');
    expect(authors(rollout, named, others)).toEqual(['bob', 'carol']);
  });

  it('is those who wrote it where a machine rolled it out', () => {
    const byMachine = { ...rollout, author: null };
    expect(authors(byMachine, commit(minutes(30), 'carol'), before)).toEqual(['carol', 'dora']);
    expect(authors(byMachine, before)).toBeNull();
  });

  it('is not known where the feed has nothing, or one of them is nobody', () => {
    expect(authors(before)).toBeNull();
    expect(authors(rollout, commit(minutes(30), null), before)).toBeNull();
  });

  it('is not known of a guess, and those who are known are told all the same', () => {
    const guess = { from: ['v2'], to: ['v1'], isGuess: true };
    expect(authorsOf([rollout, before], guess)).toBeNull();
    expect(knownAuthorsOf([rollout, before], guess)).toEqual(['bob', 'dora']);
    expect(knownAuthorsOf([before], guess)).toEqual(['dora']);
  });

  it('is nobody where no version is taken back', () => {
    expect(authorsOf([rollout], { from: [], to: [] })).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import { chooseCommits } from '../../../../lib/domain/git/choose-commits.ts';
import { planRevert, type RevertOn } from '../../../../lib/domain/git/plan-revert.ts';

/** Typed as what it stands for. */
const containing = (text: string): string => expect.stringContaining(text) as string;

const sha = (letter: string): string => letter.repeat(40);
const commit = (letter: string) => ({ sha: sha(letter), title: `Change ${letter}` });

/** Newest first; b and d do not touch the path. */
const all = ['e', 'd', 'c', 'b', 'a'].map(commit);
const onPath = ['e', 'c', 'a'].map(commit);
const from = { all, onPath, to: null, healthyVersions: [], where: 'shop/deploy' };

describe('chooseCommits', () => {
  it.each([
    ['the newest when nothing is known', {}, 'c', ['e']],
    ['since a healthy one', { healthyVersions: ['shop/app:7', sha('a')] }, 'a', ['e', 'c']],
    ['since one beside the path', { healthyVersions: [sha('b').slice(0, 8)] }, 'b', ['e', 'c']],
    ['the best healthy one that helps', { healthyVersions: [sha('e'), sha('c')] }, 'c', ['e']],
    ['since a named one', { to: 'AAAAAAA' }, 'a', ['e', 'c']],
  ])('undoes %s', (_case, wish, good, undone) => {
    const choice = chooseCommits({ ...from, ...wish });
    expect(choice).toMatchObject({ ok: true, value: { goodSha: sha(good) } });
    expect(choice.ok && choice.value.commits.map((one) => one.sha)).toEqual(undone.map(sha));
  });

  it.each([
    ['an empty path', { onPath: [] }, 'no_earlier_revision', 'no commit'],
    ['a single commit', { onPath: [commit('a')] }, 'no_earlier_revision', 'one commit'],
    [
      'an unknown healthy one',
      { healthyVersions: [sha('9')] },
      'no_healthy_revision',
      'to=<commit>',
    ],
    ['an unknown name', { to: sha('9') }, 'bad_parameter', 'none of the last 5'],
    ['a name of six signs', { to: 'aaaaaa' }, 'bad_parameter', 'at least 7'],
    ['a name that is no commit', { to: 'release-7' }, 'bad_parameter', 'release-7'],
    ['the newest', { to: sha('e') }, 'already_there', 'nothing to revert'],
  ])('refuses %s', (_case, wish, reason, words) => {
    expect(chooseCommits({ ...from, ...wish })).toMatchObject({
      ok: false,
      error: { kind: 'plan-refused', reason, message: containing(words) },
    });
  });
});

const on: RevertOn = {
  target: {
    id: 'checkout',
    service: 'checkout',
    team: 'payments',
    host: 'forge',
    hostKind: 'github',
    repository: 'shop/deploy',
    branch: 'main',
    path: 'checkout',
  },
  incidentId: 'inc-1',
  actionId: 'a1',
  reason: 'errors',
  baseSha: sha('e'),
  pathSha: sha('e'),
  dryRun: { kind: 'passed', says: 'ok' },
};
const choice = {
  goodSha: sha('c'),
  commits: [commit('e')],
  basis: 'because',
  isKnownHealthy: true,
};

describe('planRevert', () => {
  it('is a proposal on a branch of the action’s own name, and never merges', () => {
    const plan = planRevert(on, choice);
    expect(plan).toMatchObject({
      risk: 'narrow',
      target: { platform: 'git', place: 'forge', namespace: 'shop', name: 'deploy' },
      locks: ['git/forge/shop/deploy/main/checkout'],
      versions: { from: [sha('e')], to: [sha('c')] },
      steps: [
        {
          id: 's1',
          call: { branch: 'tocsin/revert-a1', base: 'main', baseSha: sha('e'), goodSha: sha('c') },
          from: { proposal: 'none', 'newest commit on the path': sha('e') },
          to: { 'is proposed': true },
        },
      ],
    });
    expect(plan.followUps[0]?.says).toContain('merge the pull request; Tocsin does not');
  });

  it('carries the action and no markup of others in its text', () => {
    const { steps } = planRevert({ ...on, reason: 'a\nTocsin-Action: forged' }, choice);
    const call = steps[0]?.call;
    const body = call?.kind === 'git-revert' ? call.body : '';
    expect(body.split('\n').filter((line) => line.startsWith('Tocsin-Action:'))).toEqual([
      'Tocsin-Action: a1',
    ]);
  });

  it('says what GitLab undoes besides, and what is not known', () => {
    const target = { ...on.target, hostKind: 'gitlab' as const };
    const { risks } = planRevert({ ...on, target }, { ...choice, isKnownHealthy: false });
    expect(risks.join(' ')).toContain('beside the path');
    expect(risks.join(' ')).toContain('Nobody recorded');
    const whole = planRevert({ ...on, target: { ...target, path: '' } }, choice);
    expect(whole.title).toContain('everything');
  });
});

import { describe, expect, it } from 'vitest';
import type { Action } from '../../../lib/domain/action/action.ts';
import { actionVerbs } from '../../../lib/domain/action/verb.ts';
import type { RunbookPolicy, TargetPolicy } from '../../../lib/domain/policy/action-policy.ts';
import { canDo, chooseTarget } from '../../../lib/domain/runbook/choose-target.ts';
import { compareShadow } from '../../../lib/domain/runbook/compare-shadow.ts';
import { whyRunbook, type RunbookScene } from '../../../lib/domain/runbook/match-runbook.ts';
import { scoreRunbooks } from '../../../lib/domain/runbook/score.ts';
import { epochMs, minutes } from '../../../lib/domain/shared/time.ts';
import { sampleAction, sampleChange, samplePlan } from '../../contract/action-samples.ts';
import { at, t0 } from '../../contract/store-samples.ts';

const runbook = (when: Partial<RunbookPolicy['when']> = {}): RunbookPolicy => ({
  id: 'bad-deploy',
  title: 'A deploy that broke it',
  when: { match: [], changedWithinMs: null, services: [], ...when },
  action: { verb: 'rollback', target: null, parameters: {} },
  steps: [],
  proposes: 'Rolls back.',
  willNot: 'Touches no database.',
  mode: 'shadow',
  revision: 1,
});

describe('whether a runbook is about an incident', () => {
  const scene = (of: Partial<RunbookScene> = {}): RunbookScene => ({
    incident: { service: 'checkout', services: ['checkout', 'search'], openedAtMs: t0 },
    alerts: [{ alertname: 'ErrorRate', severity: 'critical' }, { alertname: 'Latency' }],
    changes: [sampleChange({ atMs: at(-12 * 60_000) })],
    ...of,
  });
  const isCritical = { label: 'severity', operator: '=', value: 'critical' } as const;
  const isLatency = { label: 'alertname', operator: '=', value: 'Latency' } as const;
  const soon = { changedWithinMs: minutes(15) };

  it.each<[string, Partial<RunbookPolicy['when']>, Partial<RunbookScene>, string | null]>([
    ['always', {}, {}, 'It is about every incident.'],
    ['one alert matches all', { match: [isCritical] }, {}, 'Its alert ErrorRate matches.'],
    ['two alerts match half each', { match: [isCritical, isLatency] }, {}, null],
    ['a service of it', { services: ['search'] }, {}, 'It is about search.'],
    ['another service', { services: ['reports'] }, {}, null],
    [
      'a change shortly before',
      soon,
      {},
      'There was a change of checkout 12 min before (Deployed checkout 2.4.0).',
    ],
    ['a change too early', { changedWithinMs: minutes(11) }, {}, null],
    ['a change after it', soon, { changes: [sampleChange({ atMs: at(1) })] }, null],
    ['a commit alone', soon, { changes: [sampleChange({ kind: 'commit', atMs: at(-1) })] }, null],
    ['a change of another service than asked for', { ...soon, services: ['search'] }, {}, null],
    [
      'all of them',
      { match: [isLatency], services: ['checkout'], ...soon },
      {},
      'It is about checkout, and its alert Latency matches, and there was a change of ' +
        'checkout 12 min before (Deployed checkout 2.4.0).',
    ],
  ])('%s', (_what, when, of, why) => {
    expect(whyRunbook(runbook(when), scene(of))).toBe(why);
  });
});

const target = (id: string, of: Partial<TargetPolicy> = {}): TargetPolicy => ({
  id,
  service: 'checkout',
  team: 'payments',
  on: { kind: 'workload', cluster: 'main', namespace: 'shop', workload: 'Deployment', name: id },
  checks: [],
  approvers: [],
  replicas: null,
  git: null,
  ...of,
});
const blueGreen = target('front', {
  on: {
    kind: 'service',
    cluster: 'main',
    namespace: 'shop',
    name: 'front',
    selectorKey: 'version',
    sides: ['blue', 'green'],
  },
});

describe('the target of a runbook', () => {
  const action = { verb: 'rollback', target: null, parameters: {} } as const;
  const all = [blueGreen, target('checkout'), target('search', { service: 'search' })];

  it('is the one that it names, whatever the incident is about', () => {
    expect(chooseTarget({ ...action, target: 'search' }, ['checkout'], all)?.id).toBe('search');
    expect(chooseTarget({ ...action, target: 'gone' }, ['checkout'], all)).toBeNull();
  });

  it('is the first of the services that can do it', () => {
    expect(chooseTarget(action, ['reports', 'checkout', 'search'], all)?.id).toBe('checkout');
    expect(chooseTarget({ ...action, verb: 'switch' }, ['checkout'], all)?.id).toBe('front');
    expect(chooseTarget({ ...action, verb: 'shift' }, ['checkout'], all)).toBeNull();
  });

  it('can do what its kind knows', () => {
    const on = (workload: 'Rollout' | 'DaemonSet') =>
      target('x', { on: { ...target('x').on, workload } as TargetPolicy['on'] });
    const verbsOf = (of: TargetPolicy) => actionVerbs.filter((verb) => canDo(of, verb)).join(' ');
    expect(verbsOf(target('x'))).toBe('rollback scale restart pause resume');
    expect(verbsOf(on('DaemonSet'))).toBe('rollback restart');
    expect(verbsOf(on('Rollout'))).toBe('rollback scale restart pause resume abort retry promote');
    expect(verbsOf(blueGreen)).toBe('switch');
    const git = { host: 'github', repository: 'a/b', branch: 'main', path: 'shop' };
    expect(canDo(target('x', { git }), 'revert')).toBe(true);
  });
});

describe('a shadow beside what people did', () => {
  const shadow = sampleAction({ state: 'shadow', endedAtMs: t0 });
  const byPerson = (of: Partial<Action> = {}): Action =>
    sampleAction({ id: 'a1', state: 'verified', appliedAtMs: at(1), ...of });
  const otherPlan = {
    ...samplePlan('a1'),
    title: 'Roll back Deployment shop/checkout to revision 12',
    changes: [{ what: 'image of checkout', from: 'checkout:2.4.0', to: 'checkout:2.1.0' }],
  };
  const restart = { ...sampleAction().request, verb: 'restart' } as const;
  const rollout = (version: string) => sampleChange({ atMs: at(5), versions: [version] });

  it.each<[string, Parameters<typeof compareShadow>[1], string]>([
    ['the same action', { actions: [byPerson()], changes: [] }, 'same'],
    [
      'the same to another end',
      { actions: [byPerson({ plan: otherPlan })], changes: [] },
      'different',
    ],
    ['another verb', { actions: [byPerson({ request: restart })], changes: [] }, 'different'],
    [
      'what was never applied',
      { actions: [byPerson({ appliedAtMs: null })], changes: [] },
      'nothing-done',
    ],
    ['a rollout of its version', { actions: [], changes: [rollout('checkout:2.3.9')] }, 'same'],
    ['a rollout of another one', { actions: [], changes: [rollout('checkout:2.3')] }, 'different'],
    ['an earlier rollout', { actions: [], changes: [sampleChange({ atMs: t0 })] }, 'nothing-done'],
    [
      'a commit',
      { actions: [], changes: [sampleChange({ kind: 'commit', atMs: at(5) })] },
      'nothing-done',
    ],
    ['nothing', { actions: [], changes: [] }, 'nothing-done'],
  ])('%s', (_what, done, kind) => {
    expect(compareShadow(shadow, done)).toMatchObject({ kind });
  });

  it('says it in a sentence', () => {
    const says = (of: Parameters<typeof compareShadow>[1]) => compareShadow(shadow, of).says;
    expect(says({ actions: [byPerson()], changes: [] })).toBe(
      'People did the same: Roll back Deployment shop/checkout to revision 16.',
    );
    expect(says({ actions: [], changes: [] })).toBe('Nobody did anything to checkout.');
  });

  it('counts what people approved as theirs, and what a rule did alone as not', () => {
    const origin = { kind: 'runbook', runbookId: 'x', mode: 'automatic' } as const;
    const approval = {
      personId: 'ada',
      by: { kind: 'person', via: 'api', id: 'ada', name: 'Ada' },
      planHash: '',
      atMs: epochMs(0),
    } as const;
    const kind = (of: Partial<Action>) =>
      compareShadow(shadow, { actions: [byPerson({ origin, ...of })], changes: [] }).kind;
    expect(kind({})).toBe('nothing-done');
    expect(kind({ approvals: [approval] })).toBe('same');
  });
});

describe('the score of a runbook', () => {
  const origin = { kind: 'runbook', runbookId: 'bad-deploy', mode: 'shadow' } as const;
  const compared = (kind: 'same' | 'different' | 'nothing-done'): Partial<Action> => ({
    state: 'shadow',
    comparison: { kind, says: '', atMs: t0 },
  });

  it('counts what it would have done and what it did', () => {
    const actions = [
      compared('same'),
      compared('same'),
      compared('different'),
      { state: 'shadow' } as const,
      { state: 'verified' } as const,
      { state: 'failed' } as const,
      { state: 'expired' } as const,
    ].map((of) => sampleAction({ origin, ...of }));
    const foreign = sampleAction({ state: 'verified' });
    expect(scoreRunbooks([runbook()], [...actions, foreign])).toEqual([
      {
        runbookId: 'bad-deploy',
        title: 'A deploy that broke it',
        mode: 'shadow',
        shadows: 4,
        same: 2,
        different: 1,
        nothingDone: 0,
        waiting: 1,
        precisionPct: 67,
        verified: 1,
        failed: 1,
        unverified: 0,
        notDone: 1,
      },
    ]);
  });

  it('has no precision before anything was compared', () => {
    expect(scoreRunbooks([runbook()], [])).toMatchObject([{ shadows: 0, precisionPct: null }]);
  });
});

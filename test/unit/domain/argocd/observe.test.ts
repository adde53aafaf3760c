import { describe, expect, it } from 'vitest';
import type { PlanStep } from '../../../../lib/domain/action/plan.ts';
import { convergenceOf, factsOf } from '../../../../lib/domain/argocd/observe.ts';
import { A, application, digest, operationState, SOURCE, type Parts } from './samples.ts';

/** Typed as what it stands for. */
const containing = (text: string): string => expect.stringContaining(text) as string;

const patch: PlanStep = {
  id: 's1',
  says: '',
  call: { kind: 'argocd-patch', patch: [] },
  from: { 'the operation began': '2026-11-21T09:00:00Z' },
  to: { 'auto-sync': 'off' },
};
const rollback: PlanStep = {
  ...patch,
  call: { kind: 'argocd-rollback', historyId: 0, revision: A },
};

const healthy = { health: { status: 'Healthy' } };

describe('convergenceOf a rollback', () => {
  it.each<readonly [string, Parts, string, string]>([
    ['no operation', {}, 'waiting', 'no operation'],
    ['asked for', { operation: { sync: { revision: A } } }, 'waiting', 'Pending'],
    [
      'running',
      { status: operationState({ phase: 'Running', message: 'applying' }) },
      'waiting',
      'Running: applying',
    ],
    [
      'held',
      {
        status: operationState({
          phase: 'Running',
          message: 'Sync operation blocked by sync window',
        }),
      },
      'waiting',
      'sync window of project shop holds',
    ],
    ['terminating', { status: operationState({ phase: 'Terminating' }) }, 'waiting', 'Terminating'],
    [
      'failed',
      { status: operationState({ phase: 'Failed', message: 'no quota' }) },
      'broken',
      'Failed: no quota',
    ],
    ['an error', { status: operationState({ phase: 'Error', message: 'x' }) }, 'broken', 'Error'],
    ['degraded', { status: operationState({}) }, 'waiting', 'Degraded'],
    [
      'healthy, looked at before its end',
      { status: { ...operationState({}), ...healthy, reconciledAt: '2026-11-21T10:00:05Z' } },
      'waiting',
      'not known yet',
    ],
    ['healthy', { status: { ...operationState({}), ...healthy } }, 'converged', 'is healthy'],
  ])('%s', (_case, parts, kind, words) => {
    const seen = convergenceOf(application(parts), { verb: 'rollback', step: rollback });
    expect(seen).toEqual({ kind, says: containing(words) });
  });
});

describe('convergenceOf pause and resume', () => {
  const on = { syncPolicy: { automated: {} } };
  const synced = { ...healthy, sync: { status: 'Synced' } };
  const again = operationState({ phase: 'Failed', message: 'bad manifest' });
  it.each<readonly [string, 'pause' | 'resume', Parts, string]>([
    ['paused', 'pause', {}, 'converged'],
    ['not yet paused', 'pause', { spec: on }, 'waiting'],
    ['not yet resumed', 'resume', { status: synced }, 'waiting'],
    ['resumed and synced', 'resume', { spec: on, status: synced }, 'converged'],
    [
      'resumed, out of sync',
      'resume',
      { spec: on, status: { sync: { status: 'OutOfSync' } } },
      'waiting',
    ],
    ['resumed, syncing', 'resume', { spec: on, operation: { sync: {} } }, 'waiting'],
    ['resumed, and that failed', 'resume', { spec: on, status: again }, 'broken'],
  ])('%s', (_case, verb, parts, kind) => {
    const step = verb === 'pause' ? patch : { ...patch, to: { 'auto-sync': 'on' } };
    expect(convergenceOf(application(parts), { verb, step }).kind).toBe(kind);
  });

  it('does not count a failure from before', () => {
    const step = { ...patch, from: { 'the operation began': '2026-11-21T10:00:00Z' } };
    const seen = application({ spec: on, status: { ...again, ...synced } });
    expect(convergenceOf(seen, { verb: 'resume', step }).kind).toBe('converged');
  });
});

describe('factsOf', () => {
  it('names what a plan is about', () => {
    const source = JSON.stringify(SOURCE).length;
    expect(factsOf(application({ status: operationState({}) }), digest)).toEqual({
      uid: 'uid-1',
      'auto-sync': 'off',
      'an operation is under way': false,
      'newest entry of the history': 1,
      'the operation began': '2026-11-21T10:00:00Z',
      'the operation goes to': `${A}+${`${source}`.padEnd(8, '0')}`,
      health: 'Degraded',
      sync: 'Synced',
    });
  });
});

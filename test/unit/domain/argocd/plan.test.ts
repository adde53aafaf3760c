import { describe, expect, it } from 'vitest';
import { markAnnotation, savedAnnotation } from '../../../../lib/domain/argocd/application.ts';
import type { OnApplication } from '../../../../lib/domain/argocd/draft.ts';
import { planPause, planResume } from '../../../../lib/domain/argocd/plan-auto-sync.ts';
import { planRollback } from '../../../../lib/domain/argocd/plan-rollback.ts';
import { A, application, B, C, digest, operationState, SOURCE, type Parts } from './samples.ts';

/** Typed as what it stands for. */
const containing = (text: string): string => expect.stringContaining(text) as string;

const on = (parts: Parts = {}): OnApplication => ({
  application: application(parts),
  target: { id: 'checkout', service: null, team: 'payments', server: 'main', project: 'shop' },
  actionId: 'a1',
  digest,
});

const auto = { syncPolicy: { automated: { prune: true }, retry: { limit: 2 } } };
const rehearsal = { dryRun: { kind: 'none', says: '' }, isHeld: false } as const;

const rollback = (parts: Parts, to: string | null, healthyVersions: readonly string[] = []) =>
  planRollback(on(parts), { ...rehearsal, wish: { to, healthyVersions } });

const history = (...revisions: readonly string[]) => ({
  history: revisions.map((revision, id) => ({ id, revision, source: SOURCE })),
});

describe('planRollback', () => {
  it.each([
    ['the newest other one when nothing is known', history(A, C, B), null, [], 1],
    ['the best healthy one', history(A, C, B), null, [A.slice(0, 8), C], 0],
    ['id 0 by name', history(A, C, B), '0', [C], 0],
    ['a commit by name', history(A, C, B), C.slice(0, 7), [], 1],
    ['the newest entry of a commit', history(A, C, A, B), A, [], 2],
    ['an entry that is not a repeat of what runs', history(A, B, B), null, [], 0],
  ])('goes to %s', (_case, status, to, healthy, id) => {
    const plan = rollback({ status }, to, healthy);
    expect(plan).toMatchObject({ value: { steps: [{ call: { historyId: id } }] } });
  });

  it('goes to the newest entry when a sync after it failed', () => {
    const failed = operationState({ phase: 'Failed', operation: { sync: { revision: C } } });
    const plan = rollback({ status: { ...history(A, B), ...failed } }, null);
    expect(plan).toMatchObject({ value: { steps: [{ call: { historyId: 1, revision: B } }] } });
  });

  it('goes to the same entry again when a rollback to it failed', () => {
    const failed = operationState({ phase: 'Failed' });
    const plan = rollback({ status: { ...history(A, B), ...failed } }, null, [A]);
    expect(plan).toMatchObject({ value: { steps: [{ call: { historyId: 0, revision: A } }] } });
  });

  it('tells apart what differs in the parameters alone', () => {
    const source = { ...SOURCE, helm: { parameters: [{ name: 'tag', value: '2' }] } };
    const entries = [
      { id: 3, revision: A, source: SOURCE },
      { id: 4, revision: A, source },
    ];
    const plan = rollback({ status: { history: entries } }, null);
    expect(plan).toMatchObject({ value: { steps: [{ call: { historyId: 3 } }] } });
  });

  it.each([
    ['nothing', {}, null, [], 'no_earlier_revision', 'Revert the commit in Git'],
    ['one entry', history(A), null, [], 'no_earlier_revision', 'one entry'],
    ['repeats of one', history(A, A), null, [], 'no_earlier_revision', '2 entries'],
    ['no healthy one', history(A, B), null, [C], 'no_healthy_revision', 'to=<id>'],
    ['an unknown id', history(A, B), '9', [], 'bad_parameter', '"9" is no entry'],
    ['too short a commit', history(A, B), 'aaaaaa', [], 'bad_parameter', 'at least 7'],
    ['what runs', history(A, B), '1', [], 'already_there', 'runs already'],
  ])('refuses %s', (_case, status, to, healthy, reason, words) => {
    const refused = rollback({ status: { history: [], ...status } }, to, healthy);
    expect(refused).toMatchObject({
      error: { kind: 'plan-refused', reason, message: containing(words) },
    });
  });

  it('says that an id was trimmed', () => {
    const entries = [5, 6].map((id) => ({ id, revision: id === 5 ? A : B, source: SOURCE }));
    expect(rollback({ status: { history: entries } }, '2')).toMatchObject({
      error: { reason: 'history_trimmed', message: containing('from entry 5 on') },
    });
  });

  it.each([
    ['deleted', { metadata: { deletionTimestamp: '2026-11-21T10:00:00Z' } }, 'gone'],
    ['in an operation', { status: operationState({ phase: 'Running' }) }, 'operation_in_progress'],
    ['being asked', { operation: { sync: { revision: A } } }, 'operation_in_progress'],
  ])('refuses while it is %s', (_case, parts, reason) => {
    expect(rollback(parts, null)).toMatchObject({ error: { reason } });
    expect(planPause(on({ ...parts, spec: auto }))).toMatchObject({ error: { reason } });
    expect(planResume(on(parts))).toMatchObject({ error: { reason } });
  });

  it('refuses where an owner would put auto-sync back, and goes on where it is off', () => {
    const metadata = { ownerReferences: [{ kind: 'ApplicationSet', name: 'all' }] };
    expect(rollback({ metadata, spec: auto }, null)).toMatchObject({
      error: { reason: 'owner_would_heal', message: containing('ApplicationSet all') },
    });
    expect(rollback({ metadata }, null)).toMatchObject({ value: { owner: { kind: 'argocd' } } });
  });

  it('switches auto-sync off first, with the old settings kept and a follow-up', () => {
    const plan = rollback({ spec: auto, metadata: { annotations: { team: 'x' } } }, null);
    expect(plan).toMatchObject({
      value: {
        risk: 'wide',
        before: { syncPolicy: auto.syncPolicy },
        locks: ['argocd/main/shop/Application/checkout'],
        followUps: [{ says: containing('Revert') }, { says: containing('verb resume') }],
        steps: [
          {
            id: 's1',
            from: { 'auto-sync': 'on', 'an operation is under way': false },
            call: {
              patch: [
                { op: 'test', path: '/metadata/uid', value: 'uid-1' },
                { op: 'test', path: '/spec/syncPolicy/automated', value: { prune: true } },
                { op: 'add', path: '/metadata/annotations/tocsin.dev~1action', value: 'a1.s1' },
                {
                  op: 'add',
                  path: '/metadata/annotations/tocsin.dev~1auto-sync',
                  value: '{"prune":true}',
                },
                { op: 'remove', path: '/spec/syncPolicy/automated' },
              ],
            },
          },
          { id: 's2', from: { 'auto-sync': 'off' }, to: { 'auto-sync': 'off' } },
        ],
      },
    });
  });

  it('makes the annotations where there are none', () => {
    const pause = planPause(on({ spec: auto }));
    const value = { [markAnnotation]: 'a1.s1', [savedAnnotation]: '{"prune":true}' };
    expect(pause).toMatchObject({
      value: {
        risk: 'narrow',
        steps: [
          {
            call: {
              patch: [
                { op: 'test' },
                { op: 'test' },
                { op: 'add', path: '/metadata/annotations', value },
                { op: 'remove' },
              ],
            },
          },
        ],
      },
    });
  });
});

describe('planResume', () => {
  const resumed = (parts: Parts) => {
    const plan = planResume(on(parts));
    if (!plan.ok) return plan.error.reason;
    const call = plan.value.steps[0]?.call;
    return call?.kind === 'argocd-patch' ? call.patch.at(-1) : null;
  };
  const saved = (text: string): Parts => ({
    metadata: { annotations: { [savedAnnotation]: text } },
  });

  it.each([
    [
      'puts back what was kept',
      saved('{"prune":true,"selfHeal":true}'),
      {
        op: 'add',
        path: '/spec/syncPolicy',
        value: { automated: { prune: true, selfHeal: true } },
      },
    ],
    [
      'takes only settings of auto-sync from the annotation',
      saved('{"prune":true,"project":"bank","selfHeal":"yes"}'),
      { op: 'add', path: '/spec/syncPolicy', value: { automated: { prune: true } } },
    ],
    [
      'enables what is only switched off',
      { spec: { syncPolicy: { automated: { enabled: false, prune: true } } } },
      { op: 'add', path: '/spec/syncPolicy/automated', value: { prune: true } },
    ],
    ['refuses without settings', {}, 'not_paused'],
    ['refuses settings that are no JSON', saved('yes'), 'not_paused'],
    ['refuses settings that are a list', saved('[]'), 'not_paused'],
    ['refuses when it is on', { spec: auto }, 'not_paused'],
  ])('%s', (_case, parts, expected) => {
    expect(resumed(parts)).toEqual(expected);
  });

  it('refuses where an owner keeps it off, and pause where it keeps it on', () => {
    const metadata = {
      ownerReferences: [{ kind: 'ApplicationSet', name: 'all' }],
      annotations: { [savedAnnotation]: '{}' },
    };
    const reason = 'owner_would_heal';
    expect(planResume(on({ metadata }))).toMatchObject({ error: { reason } });
    expect(planPause(on({ metadata, spec: auto }))).toMatchObject({ error: { reason } });
    expect(planPause(on())).toMatchObject({ error: { reason: 'paused' } });
  });

  it('warns that the bad commit comes back', () => {
    const plan = planResume(on(saved('{}')));
    expect(plan).toMatchObject({
      value: { risk: 'wide', risks: [containing('it comes back')] },
    });
  });
});

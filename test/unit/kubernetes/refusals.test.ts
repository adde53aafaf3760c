import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../lib/domain/shared/json.ts';
import {
  autoscaler,
  controllerRevision,
  deployment,
  pod,
  replicaSet,
  rolloutReplicaSet,
  workload,
} from './objects.ts';
import { createWorld, target, workloadPlace, type Wanted } from './world.ts';

const good = replicaSet('16', 'shop/checkout:1.4.1');
const current = replicaSet('17', 'shop/checkout:1.4.2', { available: 4 });
const live = deployment('17');
const onRollout = target(workloadPlace('Rollout'));
const rollout = (status: JsonObject, spec: JsonObject = {}): JsonObject =>
  workload({ kind: 'Rollout', status: { observedGeneration: '1', ...status }, spec });
const updating = { currentPodHash: 'hash17', stableRS: 'hash16' };

type Row = readonly [string, readonly JsonObject[], Wanted, string, string];

const rows: readonly Row[] = [
  [
    'no object',
    [],
    { verb: 'rollback' },
    'no_such_target',
    'There is no Deployment shop/checkout in the cluster: correct the target in the policy, or deploy it.',
  ],
  [
    'an object that goes',
    [deployment('17', { metadata: { deletionTimestamp: '2026-11-21T09:00:00Z' } })],
    { verb: 'restart' },
    'gone',
    'Deployment shop/checkout is being deleted: nothing is done to it. Deploy it anew.',
  ],
  [
    'another verb',
    [live],
    { verb: 'abort' },
    'verb_not_for_target',
    'abort cannot be done to checkout: it takes rollback, scale, restart, pause, resume. Name another target, or one of these verbs.',
  ],
  [
    'another namespace',
    [live],
    { verb: 'rollback', namespaces: ['web'] },
    'not_allowed_there',
    'Deployment shop/checkout is outside of the namespaces that the policy opens in cluster main (web): add the namespace there, or act by hand.',
  ],
  [
    'one revision',
    [deployment('1'), replicaSet('1', 'shop/checkout:1.4.2', { available: 4 })],
    { verb: 'rollback' },
    'no_earlier_revision',
    'Deployment shop/checkout was never deployed in another version: there is nothing to roll back to. Deploy a fixed version, or scale or restart it.',
  ],
  [
    'no history kept',
    [deployment('17', { spec: { revisionHistoryLimit: 0 } }), current],
    { verb: 'rollback' },
    'history_trimmed',
    'Deployment shop/checkout keeps no earlier revision (revisionHistoryLimit is 0): deploy the last good version from its pipeline or revert the commit, and raise revisionHistoryLimit afterwards.',
  ],
  [
    'a revision that is no longer kept',
    [live, good, current],
    { verb: 'rollback', parameters: { to: '3' } },
    'history_trimmed',
    'Deployment shop/checkout has no revision 3 any more: it keeps 16. Ask for one of these.',
  ],
  [
    'a revision that never was',
    [live, good, current],
    { verb: 'rollback', parameters: { to: '99' } },
    'bad_parameter',
    'Deployment shop/checkout has no revision 99: it keeps 16. Ask for one of these.',
  ],
  [
    'the revision that runs',
    [live, good, current],
    { verb: 'rollback', parameters: { to: '17' } },
    'already_there',
    'Deployment shop/checkout runs the template of revision 17 already: nothing to do. Name another revision.',
  ],
  [
    'only failing revisions',
    [live, replicaSet('16', 'shop/checkout:1.4.1', { replicas: 1, available: 0 }), current],
    { verb: 'rollback' },
    'no_healthy_revision',
    'No earlier revision of Deployment shop/checkout works: the pods of 16 fail too. Look for a cause outside of the deploys, or name a revision with `to`.',
  ],
  [
    'the template of another object',
    [
      rollout(updating, { workloadRef: { kind: 'Deployment', name: 'web' } }),
      rolloutReplicaSet('16', 'a:1'),
    ],
    { verb: 'rollback', target: onRollout },
    'verb_not_for_target',
    'Rollout shop/checkout takes its template from web (workloadRef): abort it, and put the template of web back where it is kept.',
  ],
  [
    'a set that rolls by hand',
    [
      workload({ kind: 'DaemonSet', spec: { updateStrategy: { type: 'OnDelete' } } }),
      controllerRevision('DaemonSet', 1, 'a:1'),
    ],
    { verb: 'rollback', target: target(workloadPlace('DaemonSet')) },
    'verb_not_for_target',
    'DaemonSet shop/checkout has the update strategy OnDelete: a rollback changes no pod. Put the template back and delete its pods by hand.',
  ],
  [
    'a restart while paused',
    [deployment('17', { spec: { paused: true } })],
    { verb: 'restart' },
    'paused',
    'Deployment shop/checkout is paused: a restart would not roll. Ask for `resume` first.',
  ],
  [
    'a restart of a set that rolls by hand',
    [workload({ kind: 'StatefulSet', spec: { updateStrategy: { type: 'OnDelete' } } })],
    { verb: 'restart', target: target(workloadPlace('StatefulSet')) },
    'verb_not_for_target',
    'StatefulSet shop/checkout has the update strategy OnDelete: delete its pods by hand to restart them.',
  ],
  [
    'a second pause',
    [deployment('17', { spec: { paused: true } })],
    { verb: 'pause' },
    'already_there',
    'Deployment shop/checkout is paused already: nothing to do.',
  ],
  [
    'a resume of what rolls',
    [live],
    { verb: 'resume' },
    'not_paused',
    'Deployment shop/checkout is not paused: there is nothing to resume.',
  ],
  [
    'a resume at a step',
    [rollout({ ...updating, pauseConditions: [{ reason: 'CanaryPauseStep' }] })],
    { verb: 'resume', target: onRollout },
    'not_paused',
    'Rollout shop/checkout waits at a step of its own rollout: ask for `promote checkout` to go on, or `abort checkout` to go back.',
  ],
  [
    'no number',
    [live],
    { verb: 'scale', parameters: { replicas: 'many' } },
    'bad_parameter',
    'Say how many: `replicas` as a whole number, such as 12, or `by` such as +3 or +50%. Deployment shop/checkout has 4.',
  ],
  [
    'no bounds',
    [live],
    {
      verb: 'scale',
      parameters: { replicas: '6' },
      target: target(workloadPlace('Deployment'), { replicas: null }),
    },
    'out_of_bounds',
    'The policy gives no bounds for checkout: add `replicas: {min, max}` to the target to let it be scaled.',
  ],
  [
    'too many',
    [live],
    { verb: 'scale', parameters: { replicas: '31' } },
    'out_of_bounds',
    "31 replicas of Deployment shop/checkout are outside of the policy's bounds: ask for 1 to 30.",
  ],
  [
    'less than half',
    [deployment('17', { spec: { replicas: 9 } })],
    { verb: 'scale', parameters: { replicas: '4' } },
    'out_of_bounds',
    '4 replicas would take too much away from Deployment shop/checkout, which has 9: ask for at least 5 (half of it, and never under 2).',
  ],
  [
    'a last replica alone',
    [deployment('17', { spec: { replicas: 2 } })],
    { verb: 'scale', parameters: { by: '-1' } },
    'out_of_bounds',
    '1 replica would take too much away from Deployment shop/checkout, which has 2: ask for at least 2 (half of it, and never under 2).',
  ],
  [
    'as many as there are',
    [live],
    { verb: 'scale', parameters: { replicas: '4' } },
    'already_there',
    'Deployment shop/checkout has 4 replicas already: nothing to do. Ask for another number.',
  ],
  [
    'the floor that is there',
    [live, autoscaler({ min: 6 })],
    { verb: 'scale', parameters: { replicas: '6' } },
    'already_there',
    'HorizontalPodAutoscaler shop/checkout-hpa keeps at least 6 replicas already: ask for another number.',
  ],
  [
    'an update that is over',
    [rollout({ currentPodHash: 'hash17', stableRS: 'hash17' })],
    { verb: 'abort', target: onRollout },
    'not_in_progress',
    'Rollout shop/checkout is not between two versions: there is nothing to abort. Ask for `rollback checkout` to leave the version that it has.',
  ],
  [
    "the Rollout's own abort",
    [rollout({ ...updating, abort: true, abortedAt: '2026-11-21T09:58:00Z' })],
    { verb: 'abort', target: onRollout },
    'already_there',
    'Argo Rollouts aborted the update of Rollout shop/checkout already at 2026-11-21T09:58:00Z: traffic is on the stable version. What remains: Put the good template back into Rollout shop/checkout: by `rollback checkout`, or in Git where it is kept there.',
  ],
  [
    'a retry of what goes on',
    [rollout(updating)],
    { verb: 'retry', target: onRollout },
    'not_in_progress',
    'Rollout shop/checkout was not aborted: there is nothing to retry.',
  ],
  [
    'a promotion of what is over',
    [rollout({ currentPodHash: 'a', stableRS: 'a' })],
    { verb: 'promote', target: onRollout },
    'not_in_progress',
    'Rollout shop/checkout is not between two versions: there is nothing to promote.',
  ],
  [
    'a promotion of what is aborted',
    [rollout({ ...updating, abort: true })],
    { verb: 'promote', target: onRollout },
    'not_ready',
    'The update of Rollout shop/checkout is aborted: ask for `retry checkout` first.',
  ],
  [
    'a promotion while paused',
    [rollout(updating, { paused: true })],
    { verb: 'promote', target: onRollout },
    'paused',
    'Rollout shop/checkout is paused: ask for `resume checkout` first.',
  ],
];

describe('No plan, and what to do instead', () => {
  it.each(rows)('%s', async (_name, objects, wanted, reason, message) => {
    const world = createWorld(objects);
    expect(await world.plan(wanted)).toEqual({
      ok: false,
      error: { kind: 'plan-refused', reason, message },
    });
    expect(world.cluster.writes()).toEqual([]);
  });

  it('more replicas than the autoscaler allows', async () => {
    const world = createWorld([live, autoscaler({ min: 2, max: 7 })]);
    expect(await world.plan({ verb: 'scale', parameters: { by: '+100%' } })).toMatchObject({
      error: {
        reason: 'out_of_bounds',
        message:
          '8 replicas are more than HorizontalPodAutoscaler shop/checkout-hpa allows: ask for at ' +
          'most 7, or raise its maxReplicas where it is kept.',
      },
    });
  });

  it('a stuck pod that may not be deleted', async () => {
    const world = createWorld([
      workload({
        kind: 'StatefulSet',
        status: { currentRevision: 'checkout-rev1', updateRevision: 'checkout-rev2' },
      }),
      controllerRevision('StatefulSet', 1, 'shop/checkout:1.4.1'),
      controllerRevision('StatefulSet', 2, 'shop/checkout:1.4.2'),
      pod('checkout-3', { 'controller-revision-hash': 'checkout-rev2' }, { isReady: false }),
    ]);
    world.cluster.allowDeletes(false);
    const wanted = { verb: 'rollback', target: target(workloadPlace('StatefulSet')) } as const;
    expect(await world.plan(wanted)).toMatchObject({ error: { reason: 'forbidden' } });
  });
});

import type { Convergence } from '../../../domain/action/observation.ts';
import { podTrouble } from '../../../domain/kubernetes/pod-trouble.ts';
import { nameOf, numberAt, objectAt, textAt } from '../../../domain/kubernetes/read.ts';
import { ofKind } from '../../../domain/kubernetes/refs.ts';
import {
  revisionsOfController,
  revisionsOfReplicaSets,
} from '../../../domain/kubernetes/revisions.ts';
import {
  abortStatus,
  broken,
  observedStatus,
  restartStatus,
  rolloutStatus,
  scaleStatus,
} from '../../../domain/kubernetes/rollout-status.ts';
import { selectorText } from '../../../domain/kubernetes/selector.ts';
import { templateHash, templateOf } from '../../../domain/kubernetes/template.ts';
import { writtenAtMs } from '../../../domain/kubernetes/written-at.ts';
import type { JsonObject } from '../../../domain/shared/json.ts';
import { ok } from '../../../domain/shared/result.ts';
import type { EpochMs } from '../../../domain/shared/time.ts';
import type { ClusterResult } from '../../../ports/cluster.ts';
import type { Looking } from './deps.ts';
import { listOf } from './read-around.ts';

/** How far a workload is, by what the step wanted of it. */
export function workloadConvergence(
  looking: Looking,
  workload: JsonObject,
): ClusterResult<Convergence> {
  const { verb } = looking.plan;
  switch (verb) {
    case 'scale':
      return answer(scaleStatus(workload, numberAt(workload, ['spec', 'replicas']) ?? 1));
    case 'pause':
      return answer(observedStatus(workload));
    case 'abort':
      return aborted(looking, workload);
    case 'restart':
      return looking.plan.target.kind === 'Rollout'
        ? answer(restartStatus(workload))
        : rolled(looking, workload);
    case 'rollback':
    case 'resume':
    case 'retry':
    case 'promote':
    case 'switch':
    case 'shift':
    case 'revert':
      return rolled(looking, workload);
  }
}

const answer = (convergence: Convergence): ClusterResult<Convergence> =>
  Promise.resolve(ok(convergence));

/** As `kubectl rollout status`, and sooner where the new pods cannot come up at all. */
async function rolled(looking: Looking, workload: JsonObject): ClusterResult<Convergence> {
  const sinceMs = writtenAtMs(workload) ?? looking.plan.plannedAtMs;
  const status = rolloutStatus(workload, sinceMs);
  if (status.kind !== 'waiting') return ok(status);
  const trouble = await readTrouble(looking, workload, sinceMs);
  if (!trouble.ok) return trouble;
  const why = trouble.value;
  return ok(why === null ? status : broken(`Its new pods do not come up: ${why}.`));
}

async function readTrouble(
  { deps, cluster, plan }: Looking,
  workload: JsonObject,
  sinceMs: EpochMs,
): ClusterResult<string | null> {
  const { namespace, kind } = plan.target;
  const selector = selectorText(workload);
  const isOfReplicaSets = kind === 'Deployment' || kind === 'Rollout';
  const history = await listOf(
    cluster,
    ofKind(isOfReplicaSets ? 'ReplicaSet' : 'ControllerRevision', namespace),
    selector,
  );
  if (!history.ok) return history;
  const revisions = (isOfReplicaSets ? revisionsOfReplicaSets : revisionsOfController)(
    workload,
    history.value,
    deps.hashing.digest,
  );
  const wanted = templateHash(templateOf(workload), deps.hashing.digest);
  const target = revisions.find(({ hash }) => hash === wanted);
  if (target === undefined) return ok(null);
  const pods = await listOf(cluster, ofKind('Pod', namespace), selector);
  if (!pods.ok) return pods;
  const nowMs = deps.clock.now();
  // Pods of a StatefulSet carry the whole name, those of a DaemonSet only the hash.
  const hashes = [target.podHash, target.name];
  const reasons = hashes.map((podHash) =>
    podTrouble({ pods: pods.value, podHash, sinceMs, nowMs }),
  );
  return ok(reasons.find((reason) => reason !== null) ?? null);
}

async function aborted(
  { cluster, plan }: Looking,
  rollout: JsonObject,
): ClusterResult<Convergence> {
  const replicaSets = await listOf(
    cluster,
    ofKind('ReplicaSet', plan.target.namespace),
    selectorText(rollout),
  );
  if (!replicaSets.ok) return replicaSets;
  const stableHash = textAt(rollout, ['status', 'stableRS']);
  const stable = replicaSets.value.find(
    (replicaSet) =>
      textAt(objectAt(replicaSet, ['metadata', 'labels']), ['rollouts-pod-template-hash']) ===
        stableHash || nameOf(replicaSet).endsWith(`-${stableHash}`),
  );
  return ok(abortStatus(rollout, stable ?? null));
}

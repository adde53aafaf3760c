import type { Convergence } from '../action/observation.ts';
import type { JsonObject } from '../shared/json.ts';
import type { EpochMs } from '../shared/time.ts';
import { generationOf, replicasOf } from './facts.ts';
import { at, countAt, instantAt, isTrueAt, kindOf, numberAt, objectsAt, textAt } from './read.ts';

export const waiting = (says: string): Convergence => ({ kind: 'waiting', says });
export const converged = (says: string): Convergence => ({ kind: 'converged', says });
export const broken = (says: string): Convergence => ({ kind: 'broken', says });

/**
 * How far a workload is, exactly as `kubectl rollout status` says it (kubectl 1.36), for all kinds
 * that roll. A deadline that was exceeded before `sinceMs` is of an earlier rollout: not ours.
 */
export function rolloutStatus(workload: JsonObject, sinceMs: EpochMs): Convergence {
  switch (kindOf(workload)) {
    case 'StatefulSet':
      return statefulSetStatus(workload);
    case 'DaemonSet':
      return daemonSetStatus(workload);
    case 'Rollout':
      return argoRolloutStatus(workload);
    default:
      return deploymentStatus(workload, sinceMs);
  }
}

const notObserved = waiting('Its controller has not seen the change yet.');

const isObserved = (workload: JsonObject): boolean =>
  (generationOf(workload) ?? 0) <= countAt(workload, ['status', 'observedGeneration']);

/** Whether its controller has seen it as it is; Argo Rollouts writes the number as a text. */
export const hasObserved = (workload: JsonObject): boolean =>
  kindOf(workload) === 'Rollout'
    ? Number(at(workload, ['status', 'observedGeneration'])) === generationOf(workload)
    : isObserved(workload);

/** Whether a change that needs no pods has been taken over. */
export const observedStatus = (workload: JsonObject): Convergence =>
  hasObserved(workload) ? converged('Its controller has taken the change over.') : notObserved;

/** Whether a Rollout has started its pods anew since the instant that was asked for. */
export function restartStatus(rollout: JsonObject): Convergence {
  const wanted = instantAt(rollout, ['spec', 'restartAt']);
  const done = instantAt(rollout, ['status', 'restartedAt']);
  if (wanted === null || done === null || done < wanted) {
    return waiting('Argo Rollouts is starting its pods anew.');
  }
  return argoRolloutStatus(rollout);
}

function deploymentStatus(deployment: JsonObject, sinceMs: EpochMs): Convergence {
  if (!isObserved(deployment)) return notObserved;
  if (hasExceededDeadline(deployment, sinceMs)) {
    return broken('It made no progress within progressDeadlineSeconds (ProgressDeadlineExceeded).');
  }
  const status = (name: string): number => countAt(deployment, ['status', name]);
  const wanted = replicasOf(deployment);
  const updated = status('updatedReplicas');
  if (updated < wanted) return waiting(`${updated} of ${wanted} new replicas were updated.`);
  const old = status('replicas') - updated;
  if (old > 0) return waiting(`${old} old replicas are still to end.`);
  const available = status('availableReplicas');
  if (available < updated)
    return waiting(`${available} of ${updated} updated replicas are available.`);
  return converged(`All ${available} replicas are updated and available.`);
}

function hasExceededDeadline(deployment: JsonObject, sinceMs: EpochMs): boolean {
  return objectsAt(deployment, ['status', 'conditions']).some((condition) => {
    if (textAt(condition, ['type']) !== 'Progressing') return false;
    if (textAt(condition, ['reason']) !== 'ProgressDeadlineExceeded') return false;
    const updatedAtMs = instantAt(condition, ['lastUpdateTime']);
    return updatedAtMs === null || updatedAtMs > sinceMs;
  });
}

const rollsByHand = (workload: JsonObject): boolean =>
  textAt(workload, ['spec', 'updateStrategy', 'type']) === 'OnDelete';

const onDelete = waiting('Its strategy is OnDelete: pods change only when somebody deletes them.');

function daemonSetStatus(daemonSet: JsonObject): Convergence {
  if (!isObserved(daemonSet)) return notObserved;
  if (rollsByHand(daemonSet)) return onDelete;
  const status = (name: string): number => countAt(daemonSet, ['status', name]);
  const wanted = status('desiredNumberScheduled');
  const updated = status('updatedNumberScheduled');
  if (updated < wanted) return waiting(`${updated} of ${wanted} new pods were updated.`);
  const available = status('numberAvailable');
  if (available < wanted) return waiting(`${available} of ${wanted} updated pods are available.`);
  return converged(`All ${wanted} pods are updated and available.`);
}

function statefulSetStatus(statefulSet: JsonObject): Convergence {
  const status = (name: string): number => countAt(statefulSet, ['status', name]);
  if (status('observedGeneration') === 0 || !isObserved(statefulSet)) return notObserved;
  if (rollsByHand(statefulSet)) return onDelete;
  const wanted = replicasOf(statefulSet);
  const ready = status('readyReplicas');
  if (ready < wanted) return waiting(`${ready} of ${wanted} pods are ready.`);
  const partition = countAt(statefulSet, ['spec', 'updateStrategy', 'rollingUpdate', 'partition']);
  const updated = status('updatedReplicas');
  if (partition > 0) {
    return updated < wanted - partition
      ? waiting(`${updated} of ${wanted - partition} pods above the partition were updated.`)
      : converged(`All ${wanted - partition} pods above partition ${partition} are updated.`);
  }
  if (!isSameRevision(statefulSet)) return waiting(`${updated} of ${wanted} pods were updated.`);
  return converged(`All ${wanted} pods are updated and ready.`);
}

const isSameRevision = (statefulSet: JsonObject): boolean =>
  at(statefulSet, ['status', 'updateRevision']) === at(statefulSet, ['status', 'currentRevision']);

/** A pending unpause is progress. */
function argoRolloutStatus(rollout: JsonObject): Convergence {
  if (!hasObserved(rollout)) return notObserved;
  const phase = textAt(rollout, ['status', 'phase']);
  const message = textAt(rollout, ['status', 'message']);
  const says = `Argo Rollouts says ${phase || 'nothing yet'}${message === '' ? '' : `: ${message}`}.`;
  const isUnpausing =
    isTrueAt(rollout, ['status', 'controllerPause']) &&
    objectsAt(rollout, ['status', 'pauseConditions']).length === 0;
  if (phase === 'Degraded') return broken(says);
  return phase === 'Healthy' && !isUnpausing ? converged(says) : waiting(says);
}

/** Whether an aborted Rollout serves the stable version again. */
export function abortStatus(rollout: JsonObject, stable: JsonObject | null): Convergence {
  const phase = textAt(rollout, ['status', 'phase']);
  if (phase !== 'Degraded') return waiting(`Argo Rollouts says ${phase || 'nothing yet'}.`);
  const weight = numberAt(rollout, ['status', 'canary', 'weights', 'canary', 'weight']);
  if (weight !== null && weight > 0)
    return waiting(`The canary still gets ${weight} % of traffic.`);
  const available = countAt(stable ?? {}, ['status', 'availableReplicas']);
  const wanted = replicasOf(rollout);
  return available < wanted
    ? waiting(`${available} of ${wanted} stable replicas are available.`)
    : converged(`The stable version serves with ${available} replicas; the update is aborted.`);
}

/** Whether as many replicas work as were asked for. */
export function scaleStatus(workload: JsonObject, atLeast: number): Convergence {
  if (!hasObserved(workload)) return notObserved;
  const field = kindOf(workload) === 'StatefulSet' ? 'readyReplicas' : 'availableReplicas';
  const available = countAt(workload, ['status', field]);
  if (available < atLeast) return waiting(`${available} of ${atLeast} replicas are available.`);
  return converged(`${available} replicas are available.`);
}

import type { JsonObject } from '../shared/json.ts';
import { between, latest, seconds, type EpochMs } from '../shared/time.ts';
import { instantAt, labelOf, nameOf, objectsAt, textAt } from './read.ts';

/** Waiting for these does not help: the container cannot come up by itself. */
const hopeless = new Set([
  'CrashLoopBackOff',
  'ImagePullBackOff',
  'ErrImageNeverPull',
  'InvalidImageName',
  'CreateContainerConfigError',
  'CreateContainerError',
]);

/** Longer than two looks, so that one bad moment is not yet a verdict. */
const patienceMs = seconds(10);

export interface PodTroubleQuestion {
  readonly pods: readonly JsonObject[];
  /** Value of the label by which the pods of the target revision are known. */
  readonly podHash: string;
  readonly sinceMs: EpochMs;
  readonly nowMs: EpochMs;
}

/**
 * Why the pods of the target revision will not come up, in a clause, or null. Only what lasts
 * counts: each pod is given ten seconds from its start or from our write, whichever is later.
 */
export function podTrouble({ pods, podHash, sinceMs, nowMs }: PodTroubleQuestion): string | null {
  for (const pod of pods.filter((candidate) => isOfHash(candidate, podHash))) {
    const startedAtMs = instantAt(pod, ['metadata', 'creationTimestamp']) ?? sinceMs;
    if (between(latest(startedAtMs, sinceMs), nowMs) < patienceMs) continue;
    const reason = troubleOf(pod);
    if (reason !== null) return `pod ${nameOf(pod)} is in ${reason}`;
  }
  return null;
}

export const isOfHash = (pod: JsonObject, podHash: string): boolean =>
  podHash !== '' &&
  ['pod-template-hash', 'rollouts-pod-template-hash', 'controller-revision-hash'].some(
    (label) => labelOf(pod, label) === podHash,
  );

function troubleOf(pod: JsonObject): string | null {
  const containers = ['containerStatuses', 'initContainerStatuses'].flatMap((list) =>
    objectsAt(pod, ['status', list]),
  );
  const reasons = containers.map((container) => textAt(container, ['state', 'waiting', 'reason']));
  return reasons.find((reason) => hopeless.has(reason)) ?? null;
}

export const isReady = (pod: JsonObject): boolean =>
  textAt(pod, ['metadata', 'deletionTimestamp']) === '' &&
  objectsAt(pod, ['status', 'conditions']).some(
    (condition) =>
      textAt(condition, ['type']) === 'Ready' && textAt(condition, ['status']) === 'True',
  );

/** Number at the end of a StatefulSet's pod name; -1 when it has none. */
export const ordinalOf = (pod: JsonObject): number =>
  Number(/-(\d+)$/.exec(nameOf(pod))?.[1] ?? -1);

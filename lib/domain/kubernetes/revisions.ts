import type { Digest, JsonObject } from '../shared/json.ts';
import {
  at,
  countAt,
  isControlledBy,
  kindOf,
  nameOf,
  numberAt,
  objectAt,
  textAt,
  uidOf,
  without,
} from './read.ts';
import { bareTemplate, templateHash, templateOf } from './template.ts';

export const revisionAnnotation = 'deployment.kubernetes.io/revision';
export const rolloutRevisionAnnotation = 'rollout.argoproj.io/revision';

/** One entry of a workload's history. */
export interface Revision {
  readonly number: number;
  /** Of the ReplicaSet or the ControllerRevision. */
  readonly name: string;
  /** As its author wrote it. */
  readonly template: JsonObject;
  readonly hash: string;
  readonly annotations: JsonObject;
  /** Value of the label by which its pods are known. */
  readonly podHash: string;
  /** Whether its pods work now; `idle`: it has none. */
  readonly pods: 'serving' | 'failing' | 'idle';
}

/**
 * History of a Deployment or an Argo Rollout, the newest first, as kubectl reads it: ReplicaSets
 * whose controller is this very object; no number counts as 0, one that cannot be read is left
 * out.
 */
export function revisionsOfReplicaSets(
  workload: JsonObject,
  replicaSets: readonly JsonObject[],
  digest: Digest,
): readonly Revision[] {
  const numbered = replicaSets
    .filter((replicaSet) => isControlledBy(replicaSet, uidOf(workload)))
    .map((replicaSet) => ({ replicaSet, number: revisionNumber(replicaSet) }))
    .filter(({ number }) => !Number.isNaN(number));
  return newestFirst(
    numbered.map(({ replicaSet, number }) => ({
      number,
      name: nameOf(replicaSet),
      template: bareTemplate(templateOf(replicaSet)),
      hash: templateHash(templateOf(replicaSet), digest),
      annotations: objectAt(replicaSet, ['metadata', 'annotations']),
      podHash: podHashOf(replicaSet),
      pods: podsOf(replicaSet),
    })),
  );
}

/** History of a StatefulSet or a DaemonSet, the newest first: its ControllerRevisions. */
export function revisionsOfController(
  workload: JsonObject,
  controllerRevisions: readonly JsonObject[],
  digest: Digest,
): readonly Revision[] {
  return newestFirst(
    controllerRevisions
      .filter((revision) => isControlledBy(revision, uidOf(workload)))
      .map((revision) => {
        // The marker of a strategic merge patch, which the data also is.
        const template = without(objectAt(revision, ['data', 'spec', 'template']), '$patch');
        return {
          number: numberAt(revision, ['revision']) ?? 0,
          name: nameOf(revision),
          template: bareTemplate(template),
          hash: templateHash(template, digest),
          annotations: objectAt(revision, ['metadata', 'annotations']),
          podHash: textAt(revision, ['metadata', 'labels', 'controller-revision-hash']),
          pods: 'idle' as const,
        };
      }),
  );
}

/**
 * The one that runs, or is rolled out: the newest with the template of the object. What
 * ControllerRevisions hold may lack defaults of newer servers; there it is the newest.
 */
export function currentRevision(
  workload: JsonObject,
  revisions: readonly Revision[],
  digest: Digest,
): Revision | null {
  const hash = templateHash(templateOf(workload), digest);
  const same = revisions.find((revision) => revision.hash === hash);
  if (same !== undefined) return same;
  const isByController = ['StatefulSet', 'DaemonSet'].includes(kindOf(workload));
  return (isByController ? revisions[0] : undefined) ?? null;
}

const newestFirst = (revisions: readonly Revision[]): readonly Revision[] =>
  [...revisions].sort((a, b) => b.number - a.number);

function revisionNumber(replicaSet: JsonObject): number {
  const annotations = objectAt(replicaSet, ['metadata', 'annotations']);
  const text =
    at(annotations, [revisionAnnotation]) ?? at(annotations, [rolloutRevisionAnnotation]) ?? '0';
  return typeof text === 'string' && /^\d+$/.test(text) ? Number(text) : Number.NaN;
}

const podHashOf = (replicaSet: JsonObject): string =>
  textAt(replicaSet, ['metadata', 'labels', 'pod-template-hash']) ||
  textAt(replicaSet, ['metadata', 'labels', 'rollouts-pod-template-hash']);

function podsOf(replicaSet: JsonObject): Revision['pods'] {
  if (countAt(replicaSet, ['status', 'availableReplicas']) > 0) return 'serving';
  return countAt(replicaSet, ['status', 'replicas']) > 0 ? 'failing' : 'idle';
}

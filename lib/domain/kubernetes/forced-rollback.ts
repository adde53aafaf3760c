import type { PlanStep } from '../action/plan.ts';
import { isOfHash, isReady, ordinalOf } from './pod-trouble.ts';
import { nameOf, textAt, uidOf } from './read.ts';
import { refTo } from './refs.ts';
import type { Revision } from './revisions.ts';
import type { Scene } from './scene.ts';
import { templateHash } from './template.ts';

/** More stuck pods than this are not the work of one plan. */
const maxPods = 10;

/** The fact of a step that deletes a pod. */
export const stuckPodFact = 'stuckPod';

/**
 * With OrderedReady a StatefulSet waits for its broken pod even when the template is good again
 * (kubernetes.io, "Forced rollback"). Those pods are deleted one by one, the highest first, each
 * only while it is the very pod that was seen.
 */
export function forcedSteps(scene: Scene, revision: Revision): readonly PlanStep[] {
  const { object, pods, ref, digest } = scene;
  if (textAt(object, ['spec', 'podManagementPolicy']) === 'Parallel') return [];
  const bad = textAt(object, ['status', 'updateRevision']);
  const template = templateHash(revision.template, digest);
  return pods
    .filter((pod) => isOfHash(pod, bad) && bad !== revision.name && !isReady(pod))
    .sort((a, b) => ordinalOf(b) - ordinalOf(a))
    .slice(0, maxPods)
    .map((pod, index) => ({
      id: `s${index + 2}`,
      says: `Delete the stuck pod ${nameOf(pod)}, so that it starts with the good template`,
      call: {
        kind: 'kube-delete-pod',
        ref: refTo('Pod', ref.namespace, nameOf(pod)),
        uid: uidOf(pod),
      },
      from: { uid: uidOf(object), template, [stuckPodFact]: uidOf(pod) },
      to: { uid: uidOf(object), template, [stuckPodFact]: null },
    }));
}

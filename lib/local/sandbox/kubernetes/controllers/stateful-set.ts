import {
  countAt,
  isLeaving,
  labelsOf,
  nameOf,
  numberAt,
  objectAt,
  textAt,
  valueAt,
  type KubeObject,
} from '../fields.ts';
import {
  currentRevision,
  historyOf,
  REVISION_LABEL,
  templateIn,
  trimRevisions,
} from './controller-revision.ts';
import {
  endPod,
  isReady,
  ownedBy,
  ownerReference,
  POD,
  STATEFUL_SET,
  withStatus,
  type World,
} from './world.ts';

/** Keeps the numbered pods of each StatefulSet, one after another. */
export function syncStatefulSets(world: World): void {
  for (const set of world.store.list(STATEFUL_SET)) sync(world, set);
}

/** A StatefulSet with its two revisions: where it comes from and where it goes. */
interface Aim {
  readonly set: KubeObject;
  readonly replicas: number;
  readonly partition: number;
  readonly current: KubeObject;
  readonly update: KubeObject;
}

function sync(world: World, set: KubeObject): void {
  const update = currentRevision(world, set);
  const name = textAt(set, 'status', 'currentRevision');
  const current = historyOf(world, set).find((one) => nameOf(one) === name) ?? update;
  const aim: Aim = {
    set,
    replicas: countAt(set, 'spec', 'replicas'),
    partition: numberAt(set, 'spec', 'updateStrategy', 'rollingUpdate', 'partition') ?? 0,
    current,
    update,
  };
  if (isFilled(world, aim) && isTrimmed(world, aim)) renew(world, aim);
  const status = statusOf(world, aim);
  world.store.replace(STATEFUL_SET, withStatus(set, status));
  trimRevisions(world, set, new Set([nameOf(update), textAt(status, 'currentRevision')]));
}

const podsOf = ({ store }: World, set: KubeObject): readonly KubeObject[] =>
  [...ownedBy(store, POD, set)].sort((one, other) => ordinalOf(one) - ordinalOf(other));

const ordinalOf = (pod: KubeObject): number => Number(/-(\d+)$/.exec(nameOf(pod))?.[1] ?? -1);
/** Unlike those of a DaemonSet, its pods carry the whole name of their revision. */
const isOf = (pod: KubeObject, revision: KubeObject): boolean =>
  labelsOf(pod)[REVISION_LABEL] === nameOf(revision);

const isParallel = ({ set }: Aim): boolean =>
  textAt(set, 'spec', 'podManagementPolicy') === 'Parallel';

/**
 * Makes the missing pods in order, each when the one before is ready. It waits for a pod that never
 * gets ready for ever, even after the template was mended: that is the known trap of this kind.
 */
function isFilled(world: World, aim: Aim): boolean {
  const pods = new Map(podsOf(world, aim.set).map((pod) => [ordinalOf(pod), pod]));
  for (let ordinal = 0; ordinal < aim.replicas; ordinal += 1) {
    const pod = pods.get(ordinal);
    if (pod === undefined) createPod(world, aim, ordinal);
    if (!isParallel(aim) && (pod === undefined || !isReady(pod))) return false;
  }
  return true;
}

function createPod(world: World, { set, partition, current, update }: Aim, ordinal: number): void {
  const revision = ordinal < partition ? current : update;
  const template = templateIn(revision);
  const name = `${nameOf(set)}-${String(ordinal)}`;
  world.store.create(POD, {
    metadata: {
      ...objectAt(template, 'metadata'),
      name,
      namespace: valueAt(set, 'metadata', 'namespace') ?? '',
      labels: {
        ...labelsOf(template),
        [REVISION_LABEL]: nameOf(revision),
        'statefulset.kubernetes.io/pod-name': name,
        'apps.kubernetes.io/pod-index': String(ordinal),
      },
      ownerReferences: [ownerReference(set)],
    },
    spec: objectAt(template, 'spec'),
  });
  world.note({
    about: set,
    type: 'Normal',
    reason: 'SuccessfulCreate',
    message: `create Pod ${name} in StatefulSet ${nameOf(set)} successful`,
    by: 'statefulset-controller',
  });
}

/** Ends the pods above the number of replicas, the highest first, one at a time. */
function isTrimmed(world: World, aim: Aim): boolean {
  const extra = podsOf(world, aim.set).filter((pod) => ordinalOf(pod) >= aim.replicas);
  const last = extra.at(-1);
  if (last === undefined) return true;
  for (const pod of isParallel(aim) ? extra : [last]) endPod(world, pod);
  return false;
}

/** Ends the next pod of an older revision, the highest first, when all above it are well. */
function renew(world: World, { set, partition, update }: Aim): void {
  if (textAt(set, 'spec', 'updateStrategy', 'type') === 'OnDelete') return;
  const highestFirst = [...podsOf(world, set)].reverse();
  for (const pod of highestFirst.filter((one) => ordinalOf(one) >= partition)) {
    if (!isOf(pod, update)) {
      endPod(world, pod);
      return;
    }
    if (!isReady(pod)) return;
  }
}

function statusOf(world: World, { set, replicas, current, update }: Aim) {
  const pods = podsOf(world, set);
  const here = pods.filter((pod) => !isLeaving(pod));
  const updated = here.filter((pod) => isOf(pod, update));
  const ready = here.filter(isReady);
  const isDone = updated.length === replicas && ready.length === replicas;
  const held = isDone ? update : current;
  return {
    observedGeneration: numberAt(set, 'metadata', 'generation') ?? 1,
    replicas: pods.length,
    readyReplicas: ready.length,
    availableReplicas: ready.length,
    currentReplicas: here.filter((pod) => isOf(pod, held)).length,
    updatedReplicas: updated.length,
    currentRevision: nameOf(held),
    updateRevision: nameOf(update),
    collisionCount: 0,
  };
}

import {
  countAt,
  instantAt,
  isLeaving,
  nameOf,
  numberAt,
  objectAt,
  valueAt,
  type KubeObject,
} from '../fields.ts';
import {
  conditionOf,
  endPod,
  isReady,
  ownedBy,
  ownerReference,
  POD,
  REPLICA_SET,
  withStatus,
  type World,
} from './world.ts';

/** Keeps as many pods of each ReplicaSet as it asks for. */
export function syncReplicaSets(world: World): void {
  for (const set of world.store.list(REPLICA_SET)) sync(world, set);
}

function sync(world: World, set: KubeObject): void {
  const { store } = world;
  const active = (): readonly KubeObject[] =>
    ownedBy(store, POD, set).filter((pod) => !isLeaving(pod));
  const wanted = countAt(set, 'spec', 'replicas');
  const pods = active();
  for (let missing = wanted - pods.length; missing > 0; missing -= 1) createPod(world, set);
  for (const pod of worstFirst(pods).slice(0, Math.max(pods.length - wanted, 0))) {
    endPod(world, pod);
    world.note({
      about: set,
      type: 'Normal',
      reason: 'SuccessfulDelete',
      message: `Deleted pod: ${nameOf(pod)}`,
      by: 'replicaset-controller',
    });
  }
  const left = active();
  store.replace(REPLICA_SET, withStatus(set, statusOf(world, set, left)));
}

function createPod(world: World, set: KubeObject): void {
  const template = objectAt(set, 'spec', 'template');
  const name = `${nameOf(set)}-${world.suffix()}`;
  const metadata = {
    ...objectAt(template, 'metadata'),
    name,
    generateName: `${nameOf(set)}-`,
    namespace: valueAt(set, 'metadata', 'namespace') ?? '',
    ownerReferences: [ownerReference(set)],
  };
  world.store.create(POD, { metadata, spec: objectAt(template, 'spec') });
  world.note({
    about: set,
    type: 'Normal',
    reason: 'SuccessfulCreate',
    message: `Created pod: ${name}`,
    by: 'replicaset-controller',
  });
}

/** Those that do nothing yet go first, then the newest. */
const worstFirst = (pods: readonly KubeObject[]): readonly KubeObject[] =>
  [...pods].sort(
    (one, other) =>
      Number(isReady(one)) - Number(isReady(other)) || createdAt(other) - createdAt(one),
  );

const createdAt = (object: KubeObject): number =>
  instantAt(object, 'metadata', 'creationTimestamp');

function statusOf(world: World, set: KubeObject, pods: readonly KubeObject[]) {
  const ready = pods.filter(isReady);
  const least = countAt(set, 'spec', 'minReadySeconds') * 1000;
  const available = ready.filter((pod) => isAvailable(world, pod, least));
  return {
    replicas: pods.length,
    fullyLabeledReplicas: pods.length,
    readyReplicas: ready.length,
    availableReplicas: available.length,
    observedGeneration: numberAt(set, 'metadata', 'generation') ?? 1,
  };
}

/** Ready for so long without a break. */
export function isAvailable({ nowMs, wakeAt }: World, pod: KubeObject, leastMs: number): boolean {
  if (!isReady(pod)) return false;
  if (leastMs === 0) return true;
  const atMs = instantAt(conditionOf(pod, 'Ready'), 'lastTransitionTime') + leastMs;
  if (atMs > nowMs) wakeAt(atMs);
  return atMs <= nowMs;
}

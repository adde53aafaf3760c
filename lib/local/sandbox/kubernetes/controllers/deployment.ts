import {
  annotationOf,
  countAt,
  instantAt,
  isLeaving,
  isSetAt,
  nameOf,
  numberAt,
  textAt,
  valueAt,
  withValue,
  type KubeObject,
} from '../fields.ts';
import { deploymentStatus } from './deployment-status.ts';
import type { Family } from './family.ts';
import {
  DEPLOYMENT_WORDS as WORDS,
  freshOf,
  makeReplicaSet,
  promoted,
  revisionOf,
} from './revisions.ts';
import { boundsOf, rollingStep, scaledSizes, type Sized, type Sizes } from './rolling.ts';
import { DEPLOYMENT, ownedBy, POD, REPLICA_SET, withStatus, type World } from './world.ts';

/** Brings each Deployment to its template, step by step as its strategy allows. */
export function syncDeployments(world: World): void {
  for (const deployment of world.store.list(DEPLOYMENT)) {
    if (!isLeaving(deployment)) sync(world, deployment);
  }
}

function sync(world: World, deployment: KubeObject): void {
  const before = familyOf(world, deployment);
  const isPaused = isSetAt(deployment, 'spec', 'paused');
  const isNew = before.fresh === undefined && !isPaused;
  if (isNew) makeReplicaSet(world, deployment, { words: WORDS, others: before.old });
  if (before.fresh !== undefined) {
    const { fresh, old } = before;
    world.store.replace(REPLICA_SET, promoted(fresh, deployment, { words: WORDS, others: old }));
  }
  const family = familyOf(world, deployment);
  const sizes = nextSizes(world, family);
  for (const [name, size] of sizes) resize(world, family, { name, size });
  markDesired(world, family);
  if (sizes.size === 0) trimHistory(world, family);
  settle(world, familyOf(world, deployment), isNew);
}

function familyOf({ store }: World, deployment: KubeObject): Family {
  const sets = ownedBy(store, REPLICA_SET, deployment);
  const fresh = freshOf(deployment, sets, WORDS);
  const replicas = countAt(deployment, 'spec', 'replicas');
  const rolling = (name: string) => valueAt(deployment, 'spec', 'strategy', 'rollingUpdate', name);
  return {
    deployment,
    fresh,
    old: sets.filter((set) => set !== fresh),
    bounds: boundsOf(replicas, {
      maxSurge: rolling('maxSurge'),
      maxUnavailable: rolling('maxUnavailable'),
    }),
  };
}

const sized = (set: KubeObject): Sized => ({
  name: nameOf(set),
  wanted: countAt(set, 'spec', 'replicas'),
  available: countAt(set, 'status', 'availableReplicas'),
  createdAtMs: instantAt(set, 'metadata', 'creationTimestamp'),
});

/** Whether it was sized for another number of replicas than are wanted now. */
function isForAnother(set: KubeObject, replicas: number): boolean {
  const desired = annotationOf(set, WORDS.desired);
  const isActive = countAt(set, 'spec', 'replicas') > 0;
  return isActive && desired !== '' && desired !== String(replicas);
}

function nextSizes(world: World, { deployment, fresh, old, bounds }: Family): Sizes {
  const all = fresh === undefined ? old : [...old, fresh];
  const isScaled = all.some((set) => isForAnother(set, bounds.replicas));
  const olds = old.map(sized);
  if (isSetAt(deployment, 'spec', 'paused') || isScaled) {
    return scaledSizes(bounds, fresh === undefined ? undefined : sized(fresh), olds);
  }
  if (fresh === undefined) return new Map();
  return textAt(deployment, 'spec', 'strategy', 'type') === 'Recreate'
    ? recreateStep(world, { bounds, fresh, old })
    : rollingStep(bounds, sized(fresh), olds);
}

/** All old pods end before the first new one begins. */
function recreateStep(
  { store }: World,
  { bounds, fresh, old }: Pick<Family, 'bounds' | 'old'> & { readonly fresh: KubeObject },
): Sizes {
  const active = old.filter((set) => countAt(set, 'spec', 'replicas') > 0);
  if (active.length > 0) return new Map(active.map((set) => [nameOf(set), 0]));
  const isRunning = old.some((set) => ownedBy(store, POD, set).length > 0);
  const isThere = countAt(fresh, 'spec', 'replicas') === bounds.replicas;
  return isRunning || isThere ? new Map() : new Map([[nameOf(fresh), bounds.replicas]]);
}

function resize(
  { store, note }: World,
  { deployment, fresh, old }: Family,
  { name, size }: { readonly name: string; readonly size: number },
): void {
  const set = [...old, ...(fresh === undefined ? [] : [fresh])].find((one) => nameOf(one) === name);
  const from = countAt(set, 'spec', 'replicas');
  if (set === undefined || from === size) return;
  store.replace(REPLICA_SET, withValue(set, ['spec', 'replicas'], size));
  note({
    about: deployment,
    type: 'Normal',
    reason: 'ScalingReplicaSet',
    message: `Scaled ${size > from ? 'up' : 'down'} replica set ${name} from ${String(from)} to ${String(size)}`,
    by: 'deployment-controller',
  });
}

const MAX_REPLICAS = 'deployment.kubernetes.io/max-replicas';

function markDesired({ store }: World, { deployment, bounds }: Family): void {
  for (const set of ownedBy(store, REPLICA_SET, deployment)) {
    if (countAt(set, 'spec', 'replicas') === 0) continue;
    const most = String(bounds.replicas + bounds.maxSurge);
    const marked = withValue(
      withValue(set, ['metadata', 'annotations', WORDS.desired], String(bounds.replicas)),
      ['metadata', 'annotations', MAX_REPLICAS],
      most,
    );
    store.replace(REPLICA_SET, marked);
  }
}

/** Old ReplicaSets without pods, above the limit, the lowest revision first. */
function trimHistory({ store }: World, { deployment, old }: Family): void {
  const limit = numberAt(deployment, 'spec', 'revisionHistoryLimit') ?? 10;
  const empty = old
    .filter((set) => countAt(set, 'spec', 'replicas') + countAt(set, 'status', 'replicas') === 0)
    .sort((one, other) => revisionOf(one, WORDS) - revisionOf(other, WORDS));
  for (const set of empty.slice(0, Math.max(old.length - limit, 0))) store.remove(REPLICA_SET, set);
}

function settle(world: World, family: Family, isNew: boolean): void {
  const { deployment, fresh } = family;
  const revision = fresh === undefined ? '' : annotationOf(fresh, WORDS.revision);
  const marked =
    revision === ''
      ? deployment
      : withValue(deployment, ['metadata', 'annotations', WORDS.revision], revision);
  world.store.replace(DEPLOYMENT, withStatus(marked, deploymentStatus(world, family, isNew)));
}

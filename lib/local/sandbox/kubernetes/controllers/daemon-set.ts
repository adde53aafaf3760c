import {
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
  REVISION_LABEL,
  templateIn,
  trimRevisions,
} from './controller-revision.ts';
import {
  DAEMON_SET,
  endPod,
  isReady,
  NODE,
  ownedBy,
  ownerReference,
  POD,
  share,
  withStatus,
  type World,
} from './world.ts';

/** Keeps one pod of each DaemonSet on every node. */
export function syncDaemonSets(world: World): void {
  for (const set of world.store.list(DAEMON_SET)) sync(world, set);
}

function sync(world: World, set: KubeObject): void {
  const { store } = world;
  const revision = currentRevision(world, set);
  const nodes = store.list(NODE).map(nameOf);
  const pods = (): readonly KubeObject[] => ownedBy(store, POD, set);
  const taken = new Set(pods().map(nodeOf));
  for (const node of nodes.filter((one) => !taken.has(one))) {
    createPod(world, { set, revision, node });
  }
  const isNew = (pod: KubeObject): boolean => labelsOf(pod)[REVISION_LABEL] === hashIn(revision);
  if (textAt(set, 'spec', 'updateStrategy', 'type') !== 'OnDelete') {
    for (const pod of replaceable(set, pods(), isNew)) endPod(world, pod);
  }
  const left = pods().filter((pod) => !isLeaving(pod));
  const ready = left.filter(isReady).length;
  const status = {
    observedGeneration: numberAt(set, 'metadata', 'generation') ?? 1,
    desiredNumberScheduled: nodes.length,
    currentNumberScheduled: left.length,
    updatedNumberScheduled: left.filter(isNew).length,
    numberReady: ready,
    numberAvailable: ready,
    numberUnavailable: nodes.length - ready,
    numberMisscheduled: 0,
  };
  store.replace(DAEMON_SET, withStatus(set, status));
  trimRevisions(world, set, new Set([nameOf(revision)]));
}

const hashIn = (revision: KubeObject): string => labelsOf(revision)[REVISION_LABEL] ?? '';
const nodeOf = (pod: KubeObject): string => textAt(pod, 'spec', 'nodeName');

/** Old pods that may end now: those that do not work, and so many more as may be missing. */
function replaceable(
  set: KubeObject,
  pods: readonly KubeObject[],
  isNew: (pod: KubeObject) => boolean,
): readonly KubeObject[] {
  const most = valueAt(set, 'spec', 'updateStrategy', 'rollingUpdate', 'maxUnavailable');
  const allowed = Math.max(share(most, pods.length, Math.ceil), 1);
  const missing = pods.filter((pod) => !isReady(pod)).length;
  const old = pods.filter((pod) => !isNew(pod) && !isLeaving(pod));
  const broken = old.filter((pod) => !isReady(pod));
  const good = old.filter(isReady);
  return [...broken, ...good.slice(0, Math.max(allowed - missing, 0))];
}

function createPod(
  world: World,
  made: { readonly set: KubeObject; readonly revision: KubeObject; readonly node: string },
): void {
  const { set, revision, node } = made;
  const template = templateIn(revision);
  world.store.create(POD, {
    metadata: {
      ...objectAt(template, 'metadata'),
      name: `${nameOf(set)}-${world.suffix()}`,
      namespace: valueAt(set, 'metadata', 'namespace') ?? '',
      labels: { ...labelsOf(template), [REVISION_LABEL]: hashIn(revision) },
      ownerReferences: [ownerReference(set)],
    },
    spec: { ...objectAt(template, 'spec'), nodeName: node },
  });
}

import type { JsonObject } from '../../../../domain/shared/json.ts';
import {
  countAt,
  isSame,
  labelsOf,
  nameOf,
  numberAt,
  objectAt,
  valueAt,
  withValue,
  type KubeObject,
} from '../fields.ts';
import { CONTROLLER_REVISION, nameHash, ownedBy, ownerReference, type World } from './world.ts';

export const REVISION_LABEL = 'controller-revision-hash';

/** The patch that brings a workload back to a template, as undo sends it. */
export const revisionData = (workload: KubeObject): JsonObject => ({
  spec: { template: { ...objectAt(workload, 'spec', 'template'), $patch: 'replace' } },
});

/** The history of a workload without ReplicaSets, the newest last. */
export const historyOf = ({ store }: World, workload: KubeObject): readonly KubeObject[] =>
  [...ownedBy(store, CONTROLLER_REVISION, workload)].sort(
    (one, other) => countAt(one, 'revision') - countAt(other, 'revision'),
  );

/** The revision of the workload's template: made, or found and made the newest. */
export function currentRevision(world: World, workload: KubeObject): KubeObject {
  const history = historyOf(world, workload);
  const newest = history.at(-1);
  const data = revisionData(workload);
  const known = history.find((revision) => isSame(valueAt(revision, 'data'), data));
  const next = countAt(newest, 'revision') + 1;
  if (known !== undefined) {
    if (known === newest) return known;
    return world.store.replace(CONTROLLER_REVISION, withValue(known, ['revision'], next));
  }
  const hash = nameHash(data);
  return world.store.create(CONTROLLER_REVISION, {
    metadata: {
      name: `${nameOf(workload)}-${hash}`,
      namespace: valueAt(workload, 'metadata', 'namespace') ?? '',
      labels: { ...labelsOf(objectAt(workload, 'spec', 'template')), [REVISION_LABEL]: hash },
      annotations: objectAt(workload, 'metadata', 'annotations'),
      ownerReferences: [ownerReference(workload)],
    },
    data,
    revision: next,
  });
}

/** Removes the oldest above the limit, but none that is still in use. */
export function trimRevisions(world: World, workload: KubeObject, used: ReadonlySet<string>): void {
  const limit = numberAt(workload, 'spec', 'revisionHistoryLimit') ?? 10;
  const spare = historyOf(world, workload).filter((revision) => !used.has(nameOf(revision)));
  for (const revision of spare.slice(0, Math.max(spare.length - limit, 0))) {
    world.store.remove(CONTROLLER_REVISION, revision);
  }
}

/** The template that a revision holds. */
export const templateIn = (revision: KubeObject | undefined): JsonObject =>
  withValue(objectAt(revision, 'data', 'spec', 'template'), ['$patch'], undefined);

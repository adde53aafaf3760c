import type { Json, JsonObject } from '../shared/json.ts';
import type { JsonPatchOperation } from './json-patch.ts';
import { pointer } from './json-patch.ts';
import { annotationOf, at, isObject, textAt } from './read.ts';
import { revisionAnnotation } from './revisions.ts';

/** Names the action and its step on the object that it changed. */
export const markAnnotation = 'tocsin.dev/action';

/** The field manager of all our writes. */
export const fieldManager = 'tocsin';

export const markOf = (object: JsonObject): string | null =>
  annotationOf(object, markAnnotation) || null;

const test = (object: JsonObject, path: readonly string[]): readonly JsonPatchOperation[] => {
  const value = at(object, path);
  return value === undefined ? [] : [{ op: 'test', path: pointer(...path), value }];
};

/** That the object is the very one that was read. */
export const testIdentity = (object: JsonObject): readonly JsonPatchOperation[] =>
  test(object, ['metadata', 'uid']);

/**
 * That a workload is as it was read. Whoever scales changes the generation, so where an autoscaler
 * does that all the time the template itself is compared instead.
 */
export const testWorkload = (
  object: JsonObject,
  isAutoscaled: boolean,
): readonly JsonPatchOperation[] => [
  ...testIdentity(object),
  ...test(object, isAutoscaled ? ['spec', 'template'] : ['metadata', 'generation']),
  ...test(object, ['metadata', 'annotations', revisionAnnotation]),
];

/** That a field has the value that was read; nothing when it was not there. */
export const testField = test;

/** Sets one field; its parent is made when it is not there. */
export function setField(
  object: JsonObject,
  path: readonly [string, ...string[]],
  value: Json,
): JsonPatchOperation {
  const parent = path.slice(0, -1);
  const name = path.at(-1) ?? '';
  if (parent.length === 0 || isObject(at(object, parent))) {
    return { op: 'add', path: pointer(...path), value };
  }
  return { op: 'add', path: pointer(...parent), value: { [name]: value } };
}

/** Puts the mark of a step on the object. */
export const setMark = (object: JsonObject, mark: string): JsonPatchOperation =>
  setField(object, ['metadata', 'annotations', markAnnotation], mark);

/** What a step sends, as plain JSON. */
export const asBody = (operations: readonly JsonPatchOperation[]): Json =>
  operations.map((operation) => ({ ...operation }));

/** Annotations that belong to the object and are never taken from a ReplicaSet (kubectl 1.36). */
const ownAnnotations = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  revisionAnnotation,
  'deployment.kubernetes.io/revision-history',
  'deployment.kubernetes.io/desired-replicas',
  'deployment.kubernetes.io/max-replicas',
  'deprecated.deployment.rollback.to',
]);

/**
 * The annotations that kubectl's undo leaves on a Deployment: its own bookkeeping, and all others
 * as the old ReplicaSet has them, so that the change-cause of that version comes back.
 */
export function annotationsAfterUndo(of: {
  readonly deployment: JsonObject;
  readonly replicaSet: JsonObject;
}): JsonObject {
  const kept = Object.entries(of.deployment).filter(([name]) => ownAnnotations.has(name));
  const restored = Object.entries(of.replicaSet).filter(([name]) => !ownAnnotations.has(name));
  return Object.fromEntries([...kept, ...restored]);
}

/** Version of the template that a Deployment says it has. */
export const revisionOf = (deployment: JsonObject): string =>
  textAt(deployment, ['metadata', 'annotations', revisionAnnotation]);

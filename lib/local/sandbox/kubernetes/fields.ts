import type { Json, JsonObject } from '../../../domain/shared/json.ts';

/** Any object of the cluster, as raw JSON: what nobody here knows of it stays in it. */
export type KubeObject = JsonObject;

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isList = (value: unknown): value is readonly Json[] => Array.isArray(value);

/** The value at a path of member names and list indexes; `undefined` where there is none. */
export function valueAt(from: Json | undefined, ...path: readonly string[]): Json | undefined {
  return path.reduce<Json | undefined>((value, key) => {
    if (isList(value)) return value[Number(key)];
    return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  }, from);
}

export function textAt(from: Json | undefined, ...path: readonly string[]): string {
  const value = valueAt(from, ...path);
  return typeof value === 'string' ? value : '';
}

export function numberAt(from: Json | undefined, ...path: readonly string[]): number | undefined {
  const value = valueAt(from, ...path);
  return typeof value === 'number' ? value : undefined;
}

/** Kubernetes leaves integers out that are zero. */
export const countAt = (from: Json | undefined, ...path: readonly string[]): number =>
  numberAt(from, ...path) ?? 0;

export const isSetAt = (from: Json | undefined, ...path: readonly string[]): boolean =>
  valueAt(from, ...path) === true;

export function objectAt(from: Json | undefined, ...path: readonly string[]): JsonObject {
  const value = valueAt(from, ...path);
  return isObject(value) ? value : {};
}

export function listAt(from: Json | undefined, ...path: readonly string[]): readonly Json[] {
  const value = valueAt(from, ...path);
  return isList(value) ? value : [];
}

/** A copy with the value at the path, whose objects are made where missing; `undefined` removes. */
export function withValue(
  object: JsonObject,
  [key, ...rest]: readonly string[],
  value: Json | undefined,
): JsonObject {
  if (key === undefined) return object;
  const next = rest.length === 0 ? value : withValue(objectAt(object, key), rest, value);
  if (next !== undefined) return { ...object, [key]: next };
  return Object.fromEntries(Object.entries(object).filter(([name]) => name !== key));
}

/**
 * Whether two values are equal, whatever the order of members. Objects that were made from each
 * other share most of their parts, which need no second look.
 */
export function isSame(one: Json | undefined, other: Json | undefined): boolean {
  if (one === other) return true;
  if (isList(one) && isList(other)) {
    return one.length === other.length && one.every((value, index) => isSame(value, other[index]));
  }
  if (!isObject(one) || !isObject(other)) return false;
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length &&
    names.every((name) => Object.hasOwn(other, name) && isSame(one[name], other[name]))
  );
}

/** The members whose values are texts, such as labels. */
export const textsAt = (
  from: Json | undefined,
  ...path: readonly string[]
): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(objectAt(from, ...path)).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    ),
  );

export const nameOf = (object: KubeObject): string => textAt(object, 'metadata', 'name');
export const namespaceOf = (object: KubeObject): string => textAt(object, 'metadata', 'namespace');
export const uidOf = (object: KubeObject): string => textAt(object, 'metadata', 'uid');
export const labelsOf = (object: KubeObject): Readonly<Record<string, string>> =>
  textsAt(object, 'metadata', 'labels');
export const annotationOf = (object: KubeObject, name: string): string =>
  textAt(object, 'metadata', 'annotations', name);
export const isLeaving = (object: KubeObject): boolean =>
  textAt(object, 'metadata', 'deletionTimestamp') !== '';

/** The uid of the owner that controls the object; empty when nobody does. */
export function controllerOf(object: KubeObject): string {
  const owner = listAt(object, 'metadata', 'ownerReferences').find((reference) =>
    isSetAt(reference, 'controller'),
  );
  return textAt(owner, 'uid');
}

/** An instant as Kubernetes writes it, in whole seconds. */
export const instant = (atMs: number): string =>
  new Date(Math.floor(atMs / 1000) * 1000).toISOString().replace('.000Z', 'Z');

/** Milliseconds since the epoch; 0 where there is no instant. */
export const instantAt = (from: Json | undefined, ...path: readonly string[]): number => {
  const atMs = Date.parse(textAt(from, ...path));
  return Number.isNaN(atMs) ? 0 : atMs;
};

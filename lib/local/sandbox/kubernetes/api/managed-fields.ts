import type { Json, JsonObject } from '../../../../domain/shared/json.ts';
import {
  instant,
  isObject,
  isSame,
  listAt,
  objectAt,
  textAt,
  valueAt,
  withValue,
  type KubeObject,
} from '../fields.ts';

/** Who writes, at which part of the object, and when. */
export interface Manager {
  readonly name: string;
  readonly subresource: string;
  readonly atMs: number;
}

/** Deep enough to tell who writes `spec.template` from who writes `spec.replicas`. */
const DEPTH = 3;
/** Changes with every write, or is the record itself. */
const NOT_OWNED = new Set(['managedFields', 'resourceVersion', 'generation']);

/** The object with its record of who wrote which fields last. */
export function signed(
  object: KubeObject,
  before: KubeObject | undefined,
  { name, subresource, atMs }: Manager,
): KubeObject {
  const changed = changedFields(before, object, DEPTH);
  if (Object.keys(changed).length === 0) return object;
  const entries = listAt(before, 'metadata', 'managedFields');
  const isOwn = (entry: Json): boolean =>
    textAt(entry, 'manager') === name && textAt(entry, 'subresource') === subresource;
  const own = entries.find(isOwn);
  const entry: JsonObject = {
    manager: name,
    operation: 'Update',
    apiVersion: textAt(object, 'apiVersion'),
    time: instant(atMs),
    fieldsType: 'FieldsV1',
    fieldsV1: both(objectAt(own, 'fieldsV1'), changed),
    ...(subresource === '' ? {} : { subresource }),
  };
  return withValue(
    object,
    ['metadata', 'managedFields'],
    [...entries.filter((one) => !isOwn(one)), entry],
  );
}

function changedFields(before: Json | undefined, after: JsonObject, depth: number): JsonObject {
  const names = Object.keys(after).filter((key) => !NOT_OWNED.has(key));
  const changed = names.filter((key) => !isSame(after[key], valueAt(before, key)));
  return Object.fromEntries(
    changed.map((key) => {
      const value = after[key];
      const isDeeper = depth > 1 && isObject(value);
      return [`f:${key}`, isDeeper ? changedFields(valueAt(before, key), value, depth - 1) : {}];
    }),
  );
}

function both(one: JsonObject, other: JsonObject): JsonObject {
  const merged = Object.entries(other).map(
    ([key, value]) => [key, isObject(value) ? both(objectAt(one, key), value) : value] as const,
  );
  return { ...one, ...Object.fromEntries(merged) };
}

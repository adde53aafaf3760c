import type { Json, JsonObject } from '../shared/json.ts';
import type { EpochMs } from '../shared/time.ts';
import { epochMs } from '../shared/time.ts';

/**
 * Narrow readers of raw objects. Nothing is modelled: fields that nobody here knows survive, and
 * what is missing or of another type reads as missing.
 */
export type Path = readonly (string | number)[];

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);

/** What lies at a path, or undefined. */
export function at(value: Json | undefined, path: Path): Json | undefined {
  return path.reduce<Json | undefined>((here, key) => {
    if (typeof key === 'number') return isList(here) ? here[key] : undefined;
    return isObject(here) && Object.hasOwn(here, key) ? here[key] : undefined;
  }, value);
}

/** The text there, or the empty string. */
export function textAt(value: Json | undefined, path: Path): string {
  const found = at(value, path);
  return typeof found === 'string' ? found : '';
}

/** The number there, or null. Status fields that are zero are left out: see `countAt`. */
export function numberAt(value: Json | undefined, path: Path): number | null {
  const found = at(value, path);
  return typeof found === 'number' ? found : null;
}

/** A count of a status: missing is 0. */
export const countAt = (value: Json | undefined, path: Path): number => numberAt(value, path) ?? 0;

export const isTrueAt = (value: Json | undefined, path: Path): boolean => at(value, path) === true;

export function objectAt(value: Json | undefined, path: Path): JsonObject {
  const found = at(value, path);
  return isObject(found) ? found : {};
}

/** The objects of a list there; whatever else is in the list is left out. */
export function objectsAt(value: Json | undefined, path: Path): readonly JsonObject[] {
  const found = at(value, path);
  return isList(found) ? found.filter(isObject) : [];
}

/** An instant as Kubernetes writes it, or null. */
export function instantAt(value: Json | undefined, path: Path): EpochMs | null {
  const ms = Date.parse(textAt(value, path));
  return Number.isNaN(ms) ? null : epochMs(ms);
}

export const uidOf = (object: JsonObject): string => textAt(object, ['metadata', 'uid']);
export const nameOf = (object: JsonObject): string => textAt(object, ['metadata', 'name']);
export const kindOf = (object: JsonObject): string => textAt(object, ['kind']);

export const annotationOf = (object: JsonObject, name: string): string =>
  textAt(object, ['metadata', 'annotations', name]);

export const labelOf = (object: JsonObject, name: string): string =>
  textAt(object, ['metadata', 'labels', name]);

/** The one owner that keeps an object, or null. */
export function controllerOf(object: JsonObject): JsonObject | null {
  const owners = objectsAt(object, ['metadata', 'ownerReferences']);
  return owners.find((owner) => isTrueAt(owner, ['controller'])) ?? null;
}

/** Only the controller's uid is ownership: labels may match by chance. */
export const isControlledBy = (object: JsonObject, uid: string): boolean => {
  const owner = controllerOf(object);
  return owner !== null && textAt(owner, ['uid']) === uid;
};

/** The same object without one member. */
export const without = (object: JsonObject, key: string): JsonObject =>
  Object.fromEntries(Object.entries(object).filter(([name]) => name !== key));

import type { Json, JsonObject } from '../../../../domain/shared/json.ts';
import { isObject, valueAt } from '../fields.ts';

/** JSON merge patch (RFC 7386): `null` removes, lists are replaced whole. */
export function mergePatch(before: Json | undefined, patch: JsonObject): JsonObject {
  const start = isObject(before) ? before : {};
  const kept = Object.entries(start).filter(([key]) => valueAt(patch, key) === undefined);
  const changed = Object.entries(patch)
    .filter(([, value]) => value !== null)
    .map(
      ([key, value]) =>
        [key, isObject(value) ? mergePatch(valueAt(start, key), value) : value] as const,
    );
  return Object.fromEntries([...kept, ...changed]);
}

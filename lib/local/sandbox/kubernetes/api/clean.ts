import type { Json, JsonObject } from '../../../../domain/shared/json.ts';
import { isObject } from '../fields.ts';

/** A value without members that are null: a typed server never sees those. */
export function withoutNulls(value: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== null)
      .map(([key, member]) => [key, cleaned(member)] as const),
  );
}

function cleaned(value: Json): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map(cleaned);
  return isObject(value) ? withoutNulls(value) : value;
}

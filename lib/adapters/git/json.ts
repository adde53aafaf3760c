import type { Json, JsonObject } from '../../domain/shared/json.ts';

/** Answers are read by name, and what is missing is empty: each reader says what it needs. */

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const objectsIn = (value: Json | undefined): readonly JsonObject[] =>
  Array.isArray(value) ? (value as readonly Json[]).filter(isObject) : [];

export const memberOf = (value: Json | undefined, name: string): Json | undefined =>
  isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;

export const textAt = (value: Json | undefined, ...path: readonly string[]): string => {
  const found = path.reduce<Json | undefined>(memberOf, value);
  return typeof found === 'string' ? found : '';
};

export const numberAt = (value: Json | undefined, name: string): number => {
  const found = memberOf(value, name);
  return typeof found === 'number' ? found : 0;
};

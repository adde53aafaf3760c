import type { Json, JsonObject } from '../domain/shared/json.ts';

/** Reads of parsed JSON from outside: own members only, so `__proto__` and its kin are data. */

export const isRecord = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const member = (record: JsonObject, name: string): Json | undefined =>
  Object.hasOwn(record, name) ? record[name] : undefined;

/** The text of a member, or the empty string when it is missing or no text. */
export function textOf(record: JsonObject, name: string): string {
  const value = member(record, name);
  return typeof value === 'string' ? value : '';
}

/** An object member, or an empty one. */
export function recordOf(record: JsonObject, name: string): JsonObject {
  const value = member(record, name);
  return isRecord(value) ? value : {};
}

/** A list member, or an empty one. */
export function listOf(record: JsonObject, name: string): readonly Json[] {
  const value = member(record, name);
  return isList(value) ? value : [];
}

export const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);

/** A finite number, also when it was sent as text; null otherwise. */
export function numberOf(record: JsonObject, name: string): number | null {
  const value = member(record, name);
  if (typeof value === 'string' && value.trim() === '') return null;
  if (typeof value !== 'string' && typeof value !== 'number') return null;
  const number = Number(value);
  return Number.isFinite(number) ? number : null;
}

/** The first text among several that is not empty. */
export const firstText = (...texts: readonly string[]): string =>
  texts.find((text) => text.trim() !== '') ?? '';

/** What kind of value this is, for a sentence. */
export function describeKind(value: Json | undefined): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (isList(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

/** Any value as text: a text itself, all else as JSON. */
export const asText = (value: Json): string =>
  typeof value === 'string' ? value : JSON.stringify(value);

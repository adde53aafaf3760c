import { isJsonObject, ownValue, type JsonObject } from '../../shared/json.ts';
import type { Fault } from './faults.ts';

/** Reads the faults that a sandbox is told; a text says what is wrong with them. */
export function readFaults(body: JsonObject | undefined): readonly Fault[] | string {
  const listed: unknown = body === undefined ? undefined : ownValue(body, 'faults');
  if (!Array.isArray(listed)) return 'The body must be {"faults": [...]}, an empty list for none.';
  const faults = listed.map((item) => (isFault(item) ? item : undefined));
  const wrong = faults.indexOf(undefined);
  if (wrong >= 0) return `This is no fault: ${JSON.stringify(listed[wrong])}. ${FAULT_HELP}`;
  return faults.filter((fault) => fault !== undefined);
}

const FAULT_HELP =
  "'kind' is down, hang, lost, garbage, slow (with 'delayMs') or status (with 'status', 200 to " +
  "599, and 'message' and 'retryAfterS' if you like). Each may have 'operation' (the name of a " +
  "call) and 'times' (from 1).";

const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';

const isWhole = (least: number, most: number) => {
  return (value: unknown): boolean =>
    Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most;
};

/** Every field that a fault may have, and whether a value of it will do. */
const FIELDS: ReadonlyMap<string, (value: unknown) => boolean> = new Map([
  ['kind', isText],
  ['operation', isText],
  ['message', isText],
  ['times', isWhole(1, Number.MAX_SAFE_INTEGER)],
  ['delayMs', isWhole(0, 3_600_000)],
  ['status', isWhole(200, 599)],
  ['retryAfterS', isWhole(0, 3600)],
]);

/** The fields that a kind must have, beside its own name. */
const NEEDS: ReadonlyMap<unknown, readonly string[]> = new Map([
  ['down', []],
  ['hang', []],
  ['lost', []],
  ['garbage', []],
  ['slow', ['delayMs']],
  ['status', ['status']],
]);

function isFault(item: unknown): item is Fault {
  if (!isJsonObject(item)) return false;
  const needs = NEEDS.get(ownValue(item, 'kind'));
  return (
    needs?.every((name) => Object.hasOwn(item, name)) === true &&
    Object.entries(item).every(([name, value]) => FIELDS.get(name)?.(value) === true)
  );
}

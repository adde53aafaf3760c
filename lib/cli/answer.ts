import { member, isList, isRecord, numberOf, recordOf, textOf } from '../codec/fields.ts';
import type { Json, JsonObject } from '../domain/shared/json.ts';
import { durationMs, describeSpan } from '../domain/shared/time.ts';
import { EXIT } from './exit-codes.ts';
import { Failure } from './failure.ts';
import { printable, type Paint } from './terminal.ts';

/** Reads an answer of the API; an address that answers something else is no Tocsin. */
export function readAnswer(text: string): JsonObject {
  let value: Json = null;
  try {
    // What JSON.parse gives is Json by definition.
    value = JSON.parse(text) as Json;
  } catch {
    value = null;
  }
  if (isRecord(value)) return value;
  throw new Failure(EXIT.failed, 'The answer is not Tocsin’s: it is no JSON object. Check --url.');
}

/** Text of a member, made harmless for a terminal. */
export const shown = (record: JsonObject, name: string): string => printable(textOf(record, name));

/** Objects of a list; whatever else is in it is passed over. */
export function recordsOf(record: JsonObject, name: string): readonly JsonObject[] {
  const list = member(record, name);
  return isList(list) ? list.filter(isRecord) : [];
}

/** Texts of a list, made harmless for a terminal. */
export function textsOf(record: JsonObject, name: string): readonly string[] {
  const list = member(record, name);
  return isList(list) ? list.filter((text) => typeof text === 'string').map(printable) : [];
}

/** An API instant as milliseconds, or null. */
export function instantOf(record: JsonObject, name: string): number | null {
  const ms = Date.parse(textOf(record, name));
  return Number.isNaN(ms) ? null : ms;
}

/** What is asked for next and by when: `respond in 12 min`, `resolve 3 min late`, or nothing. */
export function urgency(incident: JsonObject, nowMs: number): { text: string; isLate: boolean } {
  const next = recordOf(incident, 'nextDeadline');
  const atMs = instantOf(next, 'at');
  if (atMs === null) return { text: '', isLate: false };
  const verb = textOf(next, 'clock') === 'response' ? 'respond' : 'resolve';
  const span = describeSpan(durationMs(Math.abs(atMs - nowMs)));
  const isLate = atMs <= nowMs;
  return { text: isLate ? `${verb} ${span} late` : `${verb} in ${span}`, isLate };
}

export function paintSeverity(severity: string, paint: Paint): string {
  if (severity === 'P0') return paint.bold(paint.red(severity));
  return severity === 'P1' ? paint.yellow(severity) : severity;
}

/** A clock of the API in words. */
export function describeClock(clock: JsonObject): string {
  const took = describeSpan(durationMs(numberOf(clock, 'elapsedMs') ?? 0));
  const target = describeSpan(durationMs(numberOf(clock, 'targetMs') ?? 0));
  const state = shown(clock, 'state');
  const how = state === 'running' ? `running, ${took} of ${target} used` : `${state} after ${took}`;
  return member(clock, 'breached') === true
    ? `BREACHED (deadline ${shown(clock, 'deadlineAt')}), ${how}`
    : `${how}, deadline ${shown(clock, 'deadlineAt')}`;
}

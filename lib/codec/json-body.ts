import { Buffer, isUtf8 } from 'node:buffer';
import type { Unreadable } from '../domain/alert/alert.ts';
import type { Json, JsonObject } from '../domain/shared/json.ts';
import { err, ok, type Result } from '../domain/shared/result.ts';
import { quote, type Bounded } from './cut.ts';
import { describeKind, isList, isRecord } from './fields.ts';
import { outlineJson, type JsonOutline } from './json-outline.ts';
import type { IntakeLimits } from './limits.ts';

export interface BodyReading {
  readonly limits: IntakeLimits;
  /** The member that holds the alerts, or null when the body is one alert. */
  readonly listName: string | null;
}

export interface ReadBody extends Bounded<JsonObject> {
  /** Entries of the list that the limits left out. */
  readonly leftOut: number;
}

export const unreadable = (reason: string): { readonly ok: false; readonly error: Unreadable } =>
  err({ kind: 'unreadable', reason });

/**
 * Parses a body that must be one JSON object, within limits that are checked before parsing.
 *
 * - Alerts past the limits on bytes or number are left out; the rest of the message is read.
 * - Invalid UTF-8 and lone surrogates become U+FFFD.
 * - Of a name that an object holds twice, the last counts, as everywhere in JavaScript. Nothing
 *   after the codec reads the raw body again, so no two readers can disagree about it.
 * - Numbers beyond the range of a double become null.
 *
 * Each of these leaves a sentence in `cuts`. Never throws.
 */
export function readJsonObject(
  body: Uint8Array | string,
  reading: BodyReading,
): Result<ReadBody, Unreadable> {
  const bytes = typeof body === 'string' ? Buffer.from(body, 'utf8') : body;
  const outline = outlineJson(bytes, reading.listName, reading.limits);
  if (!outline.ok) return unreadable(outline.error);
  const trimmed = trimList(bytes, outline.value, reading.limits);
  if (trimmed.value.length > reading.limits.bodyBytes) {
    return unreadable(oversize(bytes.length, reading.limits));
  }
  const text = new TextDecoder().decode(trimmed.value);
  const parsed = parse(text);
  if (parsed === undefined) return unreadable(notJson(text));
  if (!isRecord(parsed)) return unreadable(`The body is ${describeKind(parsed)}, not an object.`);
  const isTrimmed = trimmed.cuts.length > 0;
  const tidied = tidy(parsed, { text, members: isTrimmed ? null : outline.value.members });
  const encoding = isUtf8(trimmed.value) ? [] : ['Bytes that are not UTF-8 became U+FFFD.'];
  const cuts = [...trimmed.cuts, ...encoding, ...tidied.cuts];
  return ok({ value: tidied.value, cuts, leftOut: trimmed.leftOut });
}

/** Cuts the elements that lie past a limit out of the text, so that it is still a whole one. */
function trimList(
  bytes: Uint8Array,
  { list }: JsonOutline,
  limits: IntakeLimits,
): Bounded<Uint8Array> & Pick<ReadBody, 'leftOut'> {
  const whole = { value: bytes, cuts: [], leftOut: 0 };
  if (list === null) return whole;
  const tailLength = bytes.length - list.close;
  const kept = list.elementEnds.filter(
    (end, index) => index < limits.alertsPerBody && end + tailLength <= limits.bodyBytes,
  );
  const total = list.elementEnds.length;
  const lastEnd = kept.at(-1);
  if (kept.length === total || lastEnd === undefined) return whole;
  return {
    value: Buffer.concat([bytes.subarray(0, lastEnd), bytes.subarray(list.close)]),
    cuts: [
      `The body has ${bytes.length} bytes and ${total} alerts; the first ${kept.length} were ` +
        `read and ${total - kept.length} left out (allowed: ${limits.bodyBytes} bytes and ` +
        `${limits.alertsPerBody} alerts; set max_alerts in the sender).`,
    ],
    leftOut: total - kept.length,
  };
}

function parse(text: string): Json | undefined {
  try {
    // JSON.parse gives exactly the values that Json describes.
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

interface Survey {
  members: number;
  oddNumbers: number;
}

/** Repairs what JSON can hold and a record cannot keep, and says what was lost in parsing. */
function tidy(
  parsed: JsonObject,
  from: { readonly text: string; readonly members: number | null },
): Bounded<JsonObject> {
  const survey: Survey = { members: 0, oddNumbers: 0 };
  look(parsed, survey);
  const cuts: string[] = [];
  if (from.members !== null && from.members > survey.members) {
    const repeated = from.members - survey.members;
    cuts.push(`Names that came twice in one object: ${repeated}; the last of each counts.`);
  }
  if (survey.oddNumbers > 0) cuts.push(`Numbers too large to hold: ${survey.oddNumbers}.`);
  // A surrogate can only come from an escape: the decoder gives none.
  const mayBeIllFormed = /\\u[dD][89a-fA-F]/.test(from.text);
  if (!mayBeIllFormed && survey.oddNumbers === 0) return { value: parsed, cuts };
  const value = rebuildObject(parsed);
  return { value, cuts };
}

const isOdd = (value: Json): boolean => typeof value === 'number' && !Number.isFinite(value);

/** The depth is bounded before parsing, so recursion is safe. */
function look(value: Json, survey: Survey): void {
  if (isOdd(value)) survey.oddNumbers += 1;
  if (isList(value)) for (const item of value) look(item, survey);
  else if (isRecord(value)) {
    const members = Object.values(value);
    survey.members += members.length;
    for (const item of members) look(item, survey);
  }
}

function rebuild(value: Json): Json {
  if (typeof value === 'string') return value.toWellFormed();
  if (isOdd(value)) return null;
  if (isList(value)) return value.map(rebuild);
  return isRecord(value) ? rebuildObject(value) : value;
}

const rebuildObject = (record: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(record).map(([name, value]) => [name.toWellFormed(), rebuild(value)]),
  );

const shownCodePoints = 40;

const notJson = (text: string): string =>
  text.trim() === ''
    ? 'The body is empty; a JSON object is expected.'
    : `The body is not valid JSON; it begins with ${quote(text.trimStart(), shownCodePoints)}.`;

const oversize = (length: number, limits: IntakeLimits): string =>
  `The body is oversize: ${length} bytes, of which no part within ${limits.bodyBytes} bytes ` +
  'can be read by itself.';

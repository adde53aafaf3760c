import type { PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import type { BusEvent } from '../../ports/bus.ts';
import { maxCallBytes, timeBytes } from './limits.ts';

/** An event as `PutEvents` takes it, with what it counts for. */
export interface Entry {
  /** Where it stood among the events that were given. */
  readonly index: number;
  readonly bytes: number;
  readonly entry: PutEventsRequestEntry;
  readonly isTruncated: boolean;
}

export interface EntrySettings {
  readonly busName: string;
  readonly source: string;
}

/** How far texts and lists are cut, step by step, until an event fits. */
const cuts = [
  { textLength: 4096, members: 500 },
  { textLength: 1024, members: 100 },
  { textLength: 256, members: 20 },
  { textLength: 64, members: 5 },
] as const;

/** Deeper than any event of ours; what lies below is left out of an event that is cut. */
const maxDepth = 8;

/**
 * One entry. An event that is too large keeps its shape: long texts and lists are cut, and its
 * detail says `"truncated": true`. Its readers find the whole by the incident's id and `seq`.
 */
export function toEntry(event: BusEvent, index: number, settings: EntrySettings): Entry {
  const whole = entryOf(event, event.detail, settings);
  const wholeBytes = entryBytes(whole);
  if (wholeBytes <= maxCallBytes) {
    return { index, bytes: wholeBytes, entry: whole, isTruncated: false };
  }
  for (const by of cuts) {
    const entry = entryOf(
      event,
      { ...membersCut(event.detail, by, 0), id: event.id, truncated: true },
      settings,
    );
    const bytes = entryBytes(entry);
    if (bytes <= maxCallBytes) return { index, bytes, entry, isTruncated: true };
  }
  const entry = entryOf(event, { id: event.id, truncated: true }, settings);
  return { index, bytes: entryBytes(entry), entry, isTruncated: true };
}

function entryOf(
  { type, atMs }: BusEvent,
  detail: BusEvent['detail'],
  { busName, source }: EntrySettings,
): PutEventsRequestEntry {
  return {
    EventBusName: busName,
    Source: source,
    DetailType: type,
    Time: new Date(atMs),
    Detail: JSON.stringify(detail, wellFormed),
  };
}

/** Half of a surrogate pair is no text: receivers refuse the event for it. */
const wellFormed = (_name: string, value: unknown): unknown =>
  typeof value === 'string' ? value.toWellFormed() : value;

function entryBytes({ Source, DetailType, Detail }: PutEventsRequestEntry): number {
  const texts = [Source, DetailType, Detail];
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text ?? ''), timeBytes);
}

type Cut = (typeof cuts)[number];

function cut(value: unknown, by: Cut, depth: number): unknown {
  if (typeof value === 'string') return textCut(value, by.textLength);
  if (typeof value !== 'object' || value === null) return value;
  if (depth > maxDepth) return null;
  return Array.isArray(value)
    ? value.slice(0, by.members).map((item) => cut(item, by, depth + 1))
    : membersCut(value, by, depth);
}

const membersCut = (value: object, by: Cut, depth: number): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(value)
      .slice(0, by.members)
      .map(([name, member]) => [textCut(name, by.textLength), cut(member, by, depth + 1)]),
  );

/** At most so many UTF-16 units, with an ellipsis where it was cut, never half a character. */
function textCut(text: string, maxLength: number): string {
  return text.length <= maxLength
    ? text
    : `${text.slice(0, maxLength - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

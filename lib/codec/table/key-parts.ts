import { createHash } from 'node:crypto';

const plainPart = /^[A-Za-z0-9_.:@/+=-]{1,128}$/;
const plainRest = /^[A-Za-z0-9_.:@/+=#-]{1,256}$/;

/** SHA-256 of any text, lone surrogates included, as lower-case hex. */
export const hashOfText = (text: string): string =>
  createHash('sha256').update(JSON.stringify(text)).digest('hex');

/**
 * One part of a key between `#`. Usual names stay readable; any other text becomes `~` and its
 * hash. Thus two texts never share a part, no text can hold a separator, and keys stay short.
 */
export const part = (text: string): string =>
  plainPart.test(text) ? text : `~${hashOfText(text)}`;

/** The last part of a key, which may hold `#`, since nothing comes after it. */
export const lastPart = (text: string): string =>
  plainRest.test(text) ? text : `~${hashOfText(text)}`;

/**
 * An instant so that text order is time order: 15 digits, to the year 33,658. A fraction is rounded
 * up, so that nothing is found before it is due; an instant before 1970 counts as 1970.
 */
export const padMs = (ms: number): string => String(Math.max(0, Math.ceil(ms))).padStart(15, '0');

/** A sequence number so that text order is number order. */
export const padSeq = (seq: number): string => String(seq).padStart(10, '0');

import { createHash } from 'node:crypto';

/** A value with one sentence for everything that a limit or a lenient reading changed in it. */
export interface Bounded<Value> {
  readonly value: Value;
  readonly cuts: readonly string[];
}

const isHighSurrogate = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;
const isLowSurrogate = (unit: number): boolean => unit >= 0xdc00 && unit <= 0xdfff;

/** The first code points of a text, at most so many; a surrogate pair is never split. */
export function cutText(text: string, maxCodePoints: number): string {
  if (text.length <= maxCodePoints) return text;
  let end = 0;
  for (let count = 0; count < maxCodePoints && end < text.length; count += 1) {
    const isPair =
      isHighSurrogate(text.charCodeAt(end)) && isLowSurrogate(text.charCodeAt(end + 1));
    end += isPair ? 2 : 1;
  }
  return text.slice(0, end);
}

/**
 * Bounds a text that names something. A longer one keeps its beginning and ends with `#` and 32
 * hex digits of its SHA-256: two names that differ only in what was cut still differ.
 */
export function cutIdentity(text: string, maxCodePoints: number): string {
  if (cutText(text, maxCodePoints) === text) return text;
  const hash = createHash('sha256').update(text, 'utf8').digest('hex').slice(0, 32);
  return `${cutText(text, maxCodePoints - hash.length - 1)}#${hash}`;
}

const namesShown = 5;
const nameCodePoints = 64;

/** A few names for a sentence: the first five, each at most 64 code points, and how many more. */
export function nameSome(names: readonly string[]): string {
  const shown = names.slice(0, namesShown).map((name) => quote(name, nameCodePoints));
  const rest = names.length - shown.length;
  return rest > 0 ? `${shown.join(', ')} and ${rest} more` : shown.join(', ');
}

/** A text from outside inside a sentence of ours: quoted, control characters escaped, cut. */
export function quote(text: string, maxCodePoints: number): string {
  const shown = cutText(text, maxCodePoints);
  return JSON.stringify(shown === text ? text : `${shown}…`);
}

const jsonShown = 40;

/** A JSON value from outside inside a sentence of ours, as JSON and cut. */
export function showJson(value: unknown): string {
  const text = value === undefined ? 'missing' : JSON.stringify(value);
  const shown = cutText(text, jsonShown);
  return shown === text ? text : `${shown}…`;
}

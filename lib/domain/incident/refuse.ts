import { textBounds } from './coordination.ts';
import type { Refusal } from './command.ts';
import type { Incident } from './state.ts';

export const notAllowed = (message: string): Refusal => ({ kind: 'not_allowed', message });

export const already = (message: string): Refusal => ({ kind: 'already', message });

/** Refuses what makes no sense once it is over. `what` completes "to …". */
export const refuseResolved = ({ state }: Incident, what: string): Refusal | null =>
  state === 'resolved' ? notAllowed(`The incident is resolved; reopen it to ${what}.`) : null;

/** Refuses a text that is too long to keep; nothing of what people write is cut. */
export function refuseLong(
  texts: Readonly<Record<string, string>>,
  maxLength: number = textBounds.maxTextLength,
): Refusal | null {
  const long = Object.entries(texts).find(([, text]) => text.length > maxLength);
  if (long === undefined) return null;
  const [name, { length }] = long;
  return notAllowed(`The ${name} has ${length} characters; at most ${maxLength} are allowed.`);
}

/** An https address with a host and no blanks or control characters. */
const httpsAddress = /^https:\/\/[^\s/?#\\@\p{Cc}]+(?:[/?#][^\s\p{Cc}]*)?$/iu;

/** Refuses what is no https address of usual length. */
export function refuseAddress(url: string): Refusal | null {
  const long = refuseLong({ address: url }, textBounds.maxUrlLength);
  if (long !== null) return long;
  return httpsAddress.test(url) ? null : notAllowed('A link is an address that begins https://.');
}

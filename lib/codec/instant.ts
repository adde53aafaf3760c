import { epochMs, type EpochMs } from '../domain/shared/time.ts';

// RFC 3339, and what Go's default formatting and ISO 8601's basic offset make of it.
const pattern =
  /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?\s?(?:([Zz])|([+-])(\d\d):?(\d\d))(?: [A-Z]{1,5})?$/;

/**
 * The instant of an RFC 3339 text with any offset and zero to nine fractional digits, cut to
 * milliseconds. Null for anything else, for days that do not exist, and for instants before
 * 1970: Go's zero time (year 1) stands for "none".
 */
export function parseInstant(text: string): EpochMs | null {
  const match = pattern.exec(text.trim());
  if (match === null) return null;
  const part = (index: number): number => Number(match[index] ?? '0');
  const date = { year: part(1), month: part(2), day: part(3) };
  const time = { hour: part(4), minute: part(5), second: part(6) };
  const offset = { hour: part(10), minute: part(11) };
  if (!isDate(date) || !isTime(time) || !isTime({ ...offset, second: 0 })) return null;
  const fractionMs = Number((match[7] ?? '').slice(0, 3).padEnd(3, '0'));
  const offsetMinutes = (match[9] === '-' ? -1 : 1) * (offset.hour * 60 + offset.minute);
  const minute = (daysSinceEpoch(date) * 24 + time.hour) * 60 + time.minute - offsetMinutes;
  const ms = (minute * 60 + time.second) * 1000 + fractionMs;
  return ms < 0 ? null : epochMs(ms);
}

interface CalendarDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

const monthLengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

const isLeap = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);

function isDate({ year, month, day }: CalendarDate): boolean {
  const length = (monthLengths[month - 1] ?? 0) + (month === 2 && isLeap(year) ? 1 : 0);
  return day >= 1 && day <= length;
}

/** A second of 60 is a leap second and reads as the next minute. */
const isTime = (time: { hour: number; minute: number; second: number }): boolean =>
  time.hour < 24 && time.minute < 60 && time.second <= 60;

/** Days in the proleptic Gregorian calendar, counted from March so that leap days come last. */
function daysSinceEpoch({ year, month, day }: CalendarDate): number {
  const shifted = month <= 2 ? year - 1 : year;
  const monthFromMarch = (month + 9) % 12;
  const dayOfYear = Math.floor((153 * monthFromMarch + 2) / 5) + day - 1;
  const leapDays = Math.floor(shifted / 4) - Math.floor(shifted / 100) + Math.floor(shifted / 400);
  return shifted * 365 + leapDays + dayOfYear - 719_468;
}

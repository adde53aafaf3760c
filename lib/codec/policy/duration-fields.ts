import * as z from 'zod';
import { durationMs, type DurationMs } from '../../domain/shared/time.ts';
import { durationPattern, formatDuration, parseDuration } from './duration.ts';
import { hints, report, type ValueProblem } from './fields.ts';

interface DurationBounds {
  readonly description: string;
  readonly min: string;
  readonly max: string;
  readonly example: string;
}

/** A duration as people write it, within bounds. */
export function duration(bounds: DurationBounds) {
  const allowed = `a duration from ${bounds.min} to ${bounds.max}, such as 90s, 15m, 1h30m or 1d`;
  return z
    .string()
    .meta({
      description: `${bounds.description} From ${bounds.min} to ${bounds.max}.`,
      pattern: durationPattern,
      examples: [bounds.example],
    })
    .register(hints, { allowed, example: bounds.example })
    .transform((value, context) => {
      const read = readDuration(value, bounds);
      return read.isDuration ? read.value : report(context, value, { ...read.problem, allowed });
    });
}

const never = 'never';

/** A duration within bounds, or the word `never`, which is null. */
export function durationOrNever(bounds: DurationBounds) {
  const { description, min, max, example } = bounds;
  const allowed = `a duration from ${min} to ${max}, such as 90s, 15m, 1h30m or 1d, or ${never}`;
  return z
    .string()
    .meta({
      description: `${description} From ${min} to ${max}, or ${never}.`,
      pattern: `^${never}$|${durationPattern}`,
      examples: [example, never],
    })
    .register(hints, { allowed, example })
    .transform((value, context) => {
      if (value === never) return null;
      const read = readDuration(value, bounds);
      if (read.isDuration) return read.value;
      const isNever = wordsForNever.includes(value.trim().toLowerCase());
      const fix = isNever ? `write ${never}` : read.problem.fix;
      return report(context, value, { ...read.problem, allowed, fix });
    });
}

const wordsForNever = [never, 'no', 'none', 'off', 'false', 'null', '0'];

type ReadDuration =
  | { readonly isDuration: true; readonly value: DurationMs }
  | { readonly isDuration: false; readonly problem: Omit<ValueProblem, 'allowed'> };

function readDuration(value: string, { min, max, example }: DurationBounds): ReadDuration {
  const parsed = parseDuration(value);
  if (parsed === null) {
    const problem = `${JSON.stringify(value.slice(0, 40))} is not a duration`;
    return { isDuration: false, problem: { at: 0, problem, fix: durationFix(value, example) } };
  }
  const isTooShort = parsed < boundOf(min);
  if (!isTooShort && parsed <= boundOf(max)) return { isDuration: true, value: parsed };
  const problem = `${formatDuration(parsed)} is too ${isTooShort ? 'short' : 'long'}`;
  return {
    isDuration: false,
    problem: { at: 0, problem, fix: `write ${isTooShort ? min : max}` },
  };
}

const boundOf = (text: string): DurationMs => parseDuration(text) ?? durationMs(0);

const unitWords: readonly (readonly [RegExp, string])[] = [
  [/^(\d+)\s*(?:seconds?|secs?|s)$/i, 's'],
  [/^(\d+)\s*(?:minutes?|mins?|m)$/i, 'm'],
  [/^(\d+)\s*(?:hours?|hrs?|h)$/i, 'h'],
  [/^(\d+)\s*(?:days?|d)$/i, 'd'],
];

function durationFix(value: string, example: string): string {
  const word = unitWords.find(([pattern]) => pattern.test(value.trim()));
  return `write ${word === undefined ? example : value.trim().replace(word[0], `$1${word[1]}`)}`;
}

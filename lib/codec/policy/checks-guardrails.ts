import { defaultGuardrails } from '../../domain/policy/no-actions.ts';
import { durationMs, type DurationMs } from '../../domain/shared/time.ts';
import { parseInstant } from '../instant.ts';
import { itemsOf, textAt, type Content } from './content.ts';
import { formatDuration, parseDuration } from './duration.ts';
import type { Finding, Path } from './problem.ts';
import { valueAt } from './value-at.ts';

/** The rules over several keys of the section about guardrails. */
export const checkGuardrails = (content: Content, path: Path): readonly Finding[] => [
  ...itemsOf(content, [...path, 'freezes']).flatMap((freeze) => endlessFreeze(content, freeze)),
  ...tooLongSoak(content, path),
];

function endlessFreeze(content: Content, path: Path): readonly Finding[] {
  const until = textAt(content, [...path, 'until']);
  const from = parseInstant(textAt(content, [...path, 'from']) ?? '');
  const end = parseInstant(until ?? '');
  if (from === null || end === null || from < end) return [];
  return [
    {
      path: [...path, 'until'],
      of: 'value',
      problem: 'the freeze ends before it begins',
      found: until,
      allowed: 'an instant after from',
      fix: 'write a later until, or exchange the two',
    },
  ];
}

/** Signals are sampled so often: that many samples take at least this much time. */
const sampleEveryMs = 10_000;

/** What must hold for longer than anybody looks could never be verified. */
function tooLongSoak(content: Content, path: Path): readonly Finding[] {
  const times = timesOf(content, path);
  if (times === null || times.neededMs <= times.withinMs) return [];
  const needed = formatDuration(times.neededMs);
  return [
    {
      path: [...path, times.isSoak ? 'soak' : 'samples'],
      of: 'value',
      problem: `nothing could be verified: the signals must hold for ${needed}`,
      found: needed,
      allowed: `at most validateWithin, ${formatDuration(times.withinMs)}`,
      fix: `write validateWithin: ${needed}, or a shorter soak and fewer samples`,
    },
  ];
}

function timesOf({ value }: Content, path: Path) {
  const { soakMs, samples, validateWithinMs } = defaultGuardrails;
  const read = (key: string, usualMs: DurationMs): DurationMs => {
    const text = valueAt(value, [...path, key]);
    return (typeof text === 'string' ? parseDuration(text) : null) ?? usualMs;
  };
  const asked = valueAt(value, [...path, 'samples']) ?? samples;
  if (typeof asked !== 'number' || !Number.isInteger(asked)) return null;
  const soak = read('soak', soakMs);
  const sampling = durationMs(Math.max(0, asked - 1) * sampleEveryMs);
  return {
    isSoak: soak >= sampling,
    neededMs: durationMs(Math.max(soak, sampling)),
    withinMs: read('validateWithin', validateWithinMs),
  };
}

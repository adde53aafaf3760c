import { durationMs, type DurationMs } from '../../domain/shared/time.ts';

/** Days, hours, minutes and seconds in this order, each at most once, with nothing between. */
export const durationPattern = '^(?=\\d)(?:\\d{1,6}d)?(?:\\d{1,6}h)?(?:\\d{1,6}m)?(?:\\d{1,6}s)?$';

const parts = /^(?=\d)(?:(\d{1,6})d)?(?:(\d{1,6})h)?(?:(\d{1,6})m)?(?:(\d{1,6})s)?$/;

const unitsMs = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
] as const;

/** A duration as people write it, such as `90s`, `15m`, `1h30m` or `1d`; null for other text. */
export function parseDuration(text: string): DurationMs | null {
  const match = parts.exec(text);
  if (match === null) return null;
  return durationMs(
    unitsMs.reduce((sum, [, unitMs], index) => sum + Number(match[index + 1] ?? 0) * unitMs, 0),
  );
}

/** The shortest text that `parseDuration` reads as this duration, which is of whole seconds. */
export function formatDuration(duration: DurationMs): string {
  let restMs: number = duration;
  let text = '';
  for (const [letter, unitMs] of unitsMs) {
    const count = Math.floor(restMs / unitMs);
    restMs -= count * unitMs;
    if (count > 0) text += `${count}${letter}`;
  }
  return text === '' ? '0s' : text;
}

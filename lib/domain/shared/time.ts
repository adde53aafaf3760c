declare const epochMsBrand: unique symbol;
declare const durationMsBrand: unique symbol;

/** An instant: milliseconds since 1970-01-01T00:00:00Z. */
export type EpochMs = number & { readonly [epochMsBrand]: true };

/** A length of time in milliseconds, never negative. */
export type DurationMs = number & { readonly [durationMsBrand]: true };

/** Names a plain number as an instant. The caller vouches for the unit. */
export const epochMs = (ms: number): EpochMs => ms as EpochMs;

/** Names a plain number as a duration. The caller vouches for the unit. */
export const durationMs = (ms: number): DurationMs => ms as DurationMs;

export const seconds = (n: number): DurationMs => durationMs(n * 1000);
export const minutes = (n: number): DurationMs => durationMs(n * 60_000);
export const hours = (n: number): DurationMs => durationMs(n * 3_600_000);

export const after = (at: EpochMs, span: DurationMs): EpochMs => epochMs(at + span);

/** The time from one instant to another, or zero when the second lies before the first. */
export const between = (from: EpochMs, to: EpochMs): DurationMs =>
  durationMs(Math.max(0, to - from));

export const latest = (a: EpochMs, b: EpochMs): EpochMs => (a > b ? a : b);
export const earliest = (a: EpochMs, b: EpochMs): EpochMs => (a < b ? a : b);

/** For people and records: `2026-11-21T03:46:00.000Z`. */
export const toIso = (at: EpochMs): string => new Date(at).toISOString();

/** A span in the two largest units that say something: `1 h 5 min`, `45 s`, `2 d`. */
export function describeSpan(span: DurationMs): string {
  const units: readonly (readonly [string, number])[] = [
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['min', 60_000],
    ['s', 1000],
  ];
  const parts: string[] = [];
  let restMs: number = Math.floor(span / 1000) * 1000;
  for (const [unit, unitMs] of units) {
    const count = Math.floor(restMs / unitMs);
    restMs -= count * unitMs;
    if (count > 0) parts.push(`${count} ${unit}`);
  }
  return parts.slice(0, 2).join(' ') || 'under 1 s';
}

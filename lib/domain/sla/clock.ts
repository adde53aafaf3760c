import type { ClockName } from '../incident/sla-event.ts';
import type { Severity } from '../policy/policy.ts';
import { between, durationMs, epochMs, type DurationMs, type EpochMs } from '../shared/time.ts';
import { rungs, type StageLadder } from './ladder.ts';

/** What defines one version of a clock; its deadline follows from the rest. */
export interface ClockStart {
  readonly name: ClockName;
  readonly version: number;
  readonly severity: Severity;
  readonly fromMs: EpochMs;
  readonly targetMs: DurationMs;
  /** Time that already counted before `fromMs`, for a clock that resumes. */
  readonly elapsedBeforeMs: DurationMs;
}

/** What a severity promises on a clock. */
export type ClockTerms = Pick<ClockStart, 'severity' | 'targetMs'>;

/** One SLA clock of one incident, in its newest version. */
export interface SlaClock extends ClockStart {
  /** The last stage recorded, in per cent of the target; 0 before the first. */
  readonly reachedPct: number;
  readonly isBreached: boolean;
  /** A breach was recorded, and the goal turned out to have been reached before. */
  readonly isBreachWithdrawn: boolean;
  /** How it ended; null while it runs. */
  readonly end: { readonly kind: 'met' | 'stopped'; readonly atMs: EpochMs } | null;
}

export interface DueStage {
  readonly pct: number;
  readonly dueAtMs: EpochMs;
}

export const startClock = (start: ClockStart): SlaClock => ({
  ...start,
  reachedPct: 0,
  isBreached: false,
  isBreachWithdrawn: false,
  end: null,
});

/** When so many per cent of the target have passed on this clock. May lie before `fromMs`. */
export const instantOf = (clock: ClockStart, pct: number): EpochMs =>
  epochMs(Math.round(clock.fromMs + (clock.targetMs * pct) / 100 - clock.elapsedBeforeMs));

export const deadlineOf = (clock: ClockStart): EpochMs => instantOf(clock, 100);

/** Time that counts on this clock at an instant: additive over its running intervals. */
export const elapsedAt = (clock: ClockStart, atMs: EpochMs): DurationMs =>
  durationMs(clock.elapsedBeforeMs + between(clock.fromMs, atMs));

/** The next stage to come, or null when the clock has ended or has no stage left. */
export function nextStage(clock: SlaClock, ladder: StageLadder): DueStage | null {
  if (clock.end !== null) return null;
  const pct = rungs(ladder).find((rung) => rung > clock.reachedPct);
  return pct === undefined ? null : { pct, dueAtMs: instantOf(clock, pct) };
}

/** Stages that are due at `nowMs` and not recorded, in order. */
export function dueStages(
  clock: SlaClock,
  ladder: StageLadder,
  nowMs: EpochMs,
): readonly DueStage[] {
  if (clock.end !== null) return [];
  return rungs(ladder)
    .filter((pct) => pct > clock.reachedPct)
    .map((pct) => ({ pct, dueAtMs: instantOf(clock, pct) }))
    .filter(({ dueAtMs }) => dueAtMs <= nowMs);
}

/** The same clock under another target: a new version that counts the same time. */
export const retarget = (clock: SlaClock, { severity, targetMs }: ClockTerms): ClockStart => ({
  name: clock.name,
  version: clock.version + 1,
  severity,
  targetMs,
  fromMs: clock.fromMs,
  elapsedBeforeMs: clock.elapsedBeforeMs,
});

/** A fresh version from now on, with the whole target ahead. */
export const restart = (
  clock: SlaClock,
  nowMs: EpochMs,
  { severity, targetMs }: ClockTerms,
): ClockStart => ({
  name: clock.name,
  version: clock.version + 1,
  severity,
  targetMs,
  fromMs: nowMs,
  elapsedBeforeMs: durationMs(0),
});

/**
 * The clock going on after a pause that does not count: the same version, unless the severity has
 * changed while it stood still, or its one breach is used up and was withdrawn.
 */
export const resume = (
  clock: SlaClock,
  nowMs: EpochMs,
  { severity, targetMs }: ClockTerms,
): ClockStart => ({
  name: clock.name,
  version:
    severity === clock.severity && !clock.isBreachWithdrawn ? clock.version : clock.version + 1,
  severity,
  targetMs,
  fromMs: nowMs,
  elapsedBeforeMs: elapsedAt(clock, clock.end?.atMs ?? nowMs),
});

/** The clock after its deadline was set anew; an equal version keeps what was recorded. */
export function restarted(clock: SlaClock, start: ClockStart): SlaClock {
  if (start.version !== clock.version) return startClock(start);
  return { ...clock, ...start, end: null };
}

import type { Severity } from '../policy/policy.ts';
import type { DurationMs, EpochMs } from '../shared/time.ts';
import type { Principal } from './principal.ts';

export type ClockName = 'response' | 'resolution';

/**
 * A deadline was set anew: by a new severity, an un-acknowledge or a reopen. The first version of
 * both clocks starts with `incident.opened`. An equal version means that the clock resumed.
 */
export interface SlaClockStarted {
  readonly type: 'sla.clock_started';
  readonly clock: ClockName;
  readonly version: number;
  readonly severity: Severity;
  readonly fromMs: EpochMs;
  readonly targetMs: DurationMs;
  readonly deadlineAtMs: EpochMs;
  /** Time that already counted before `fromMs`, for a clock that resumes. */
  readonly elapsedBeforeMs: DurationMs;
  readonly reason: string;
}

export interface SlaStageReached {
  readonly type: 'sla.stage_reached';
  readonly clock: ClockName;
  readonly version: number;
  readonly pct: number;
  /** The instant the stage was due; the event's instant is when it was recorded. */
  readonly dueAtMs: EpochMs;
}

/** Exactly once for each clock and version whose clock ran at its deadline. */
export interface SlaBreached {
  readonly type: 'sla.breached';
  readonly clock: ClockName;
  readonly version: number;
  readonly severity: Severity;
  readonly deadlineAtMs: EpochMs;
}

/** The clock stopped because its goal was reached; `late` when it had breached before. */
export interface SlaMet {
  readonly type: 'sla.met';
  readonly clock: ClockName;
  readonly version: number;
  readonly elapsedMs: DurationMs;
  readonly late: boolean;
  /** When it stopped, where somebody told of it later: before the instant of the event. */
  readonly stoppedAtMs?: EpochMs;
}

/**
 * The goal had been reached before the deadline, and word of it came after the breach was
 * recorded. The breach stays in the log; it counts no more.
 */
export interface SlaBreachWithdrawn {
  readonly type: 'sla.breach_withdrawn';
  readonly clock: ClockName;
  readonly version: number;
  readonly deadlineAtMs: EpochMs;
  readonly stoppedAtMs: EpochMs;
  /** Who reached the goal. */
  readonly by: Principal;
}

/** The clock stopped without its goal being reached: nobody needs to respond any more. */
export interface SlaStopped {
  readonly type: 'sla.stopped';
  readonly clock: ClockName;
  readonly version: number;
  readonly reason: string;
}

export type SlaEvent =
  SlaClockStarted | SlaStageReached | SlaBreached | SlaBreachWithdrawn | SlaMet | SlaStopped;

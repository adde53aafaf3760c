/** Takes back a timer that was set; harmless when it has already run. */
export type CancelTimer = () => void;

/**
 * The time of the one-machine runtime, injected so that tests can step it: schedules, retries of
 * asynchronous invocations and every stamp that it writes go through here.
 */
export interface Timekeeper {
  /** Milliseconds since the epoch. */
  readonly nowMs: () => number;
  /** Runs `run` once after `delayMs`, 24 days at most; a delay of 0 or less runs on the next turn. */
  readonly after: (delayMs: number, run: () => void) => CancelTimer;
}

/** setTimeout holds its delay in 32 bits and fires at once above that. */
const LONGEST_TIMER_MS = 2_147_483_647;

/** The machine's own clock and timers. */
export const systemTimekeeper: Timekeeper = {
  nowMs: () => Date.now(),
  after: (delayMs, run) => {
    const timer = setTimeout(run, Math.min(Math.max(delayMs, 0), LONGEST_TIMER_MS));
    return () => {
      clearTimeout(timer);
    };
  },
};

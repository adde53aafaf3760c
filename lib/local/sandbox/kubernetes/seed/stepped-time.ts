import type { Timekeeper } from '../../../shared/timekeeper.ts';

/** A clock that moves only when it is told to: for a history that is made in an instant. */
export interface SteppedTime extends Timekeeper {
  /** Lets so much time go by, with everything that is due on the way, in order. */
  readonly pass: (ms: number) => void;
  /** Moves on without a stop: what was due is late, as after a machine slept. */
  readonly leap: (ms: number) => void;
}

export function createSteppedTime(startMs: number): SteppedTime {
  let nowMs = startMs;
  let timers: { readonly atMs: number; readonly run: () => void }[] = [];
  const passTo = (endMs: number): void => {
    for (;;) {
      const due = timers.filter(({ atMs }) => atMs <= endMs);
      const next = due.reduce<(typeof due)[number] | undefined>(
        (first, timer) => (first === undefined || timer.atMs < first.atMs ? timer : first),
        undefined,
      );
      if (next === undefined) break;
      timers = timers.filter((timer) => timer !== next);
      nowMs = Math.max(nowMs, next.atMs);
      next.run();
    }
    nowMs = endMs;
  };
  return {
    nowMs: () => nowMs,
    after: (delayMs, run) => {
      const timer = { atMs: nowMs + Math.max(delayMs, 0), run };
      timers.push(timer);
      return () => {
        timers = timers.filter((one) => one !== timer);
      };
    },
    pass: (ms) => passTo(nowMs + ms),
    leap: (ms) => {
      nowMs += ms;
    },
  };
}

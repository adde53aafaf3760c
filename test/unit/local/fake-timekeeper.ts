import type { Timekeeper } from '../../../lib/local/shared/timekeeper.ts';

/** Time that moves only when a test says so. */
export interface FakeTimekeeper extends Timekeeper {
  /** Moves on by `byMs`, running what falls due on the way, each at its own instant. */
  readonly advance: (byMs: number) => Promise<void>;
  /** Moves the clock without running anything, as a sleeping machine does. */
  readonly sleepThrough: (byMs: number) => void;
}

interface Timer {
  readonly dueAtMs: number;
  readonly run: () => void;
}

export function createFakeTimekeeper(startMs: number): FakeTimekeeper {
  let nowMs = startMs;
  const timers = new Set<Timer>();
  const nextDue = (untilMs: number): Timer | undefined =>
    [...timers]
      .filter(({ dueAtMs }) => dueAtMs <= untilMs)
      .sort((a, b) => a.dueAtMs - b.dueAtMs)[0];
  return {
    nowMs: () => nowMs,
    after: (delayMs, run) => {
      const timer = { dueAtMs: nowMs + Math.max(0, delayMs), run };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    sleepThrough: (byMs) => {
      nowMs += byMs;
    },
    advance: async (byMs) => {
      const untilMs = nowMs + byMs;
      for (let timer = nextDue(untilMs); timer !== undefined; timer = nextDue(untilMs)) {
        timers.delete(timer);
        nowMs = Math.max(nowMs, timer.dueAtMs);
        timer.run();
        await settle();
      }
      nowMs = untilMs;
    },
  };
}

/** Lets promises that are ready run to their end. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
}

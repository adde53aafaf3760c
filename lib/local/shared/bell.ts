import type { Timekeeper } from './timekeeper.ts';

/** Lets one loop wait for something to happen, for time to pass, or for the end. */
export interface Bell {
  /** Ends the wait, or the next one when nobody waits. */
  readonly ring: () => void;
  /** Resolves when the bell rings, at the latest after `longestMs`. For one waiter at a time. */
  readonly wait: (longestMs?: number) => Promise<void>;
  /** Resolves after `ms`, rung or not; only the end comes before. */
  readonly pause: (ms: number) => Promise<void>;
  /** Ends this wait and every later one. */
  readonly close: () => void;
  readonly isClosed: () => boolean;
}

/** A bell on the given clock. */
export function createBell(timekeeper: Timekeeper): Bell {
  let isRung = false;
  let isClosed = false;
  let wake = (): void => undefined;
  const wait = async (longestMs?: number): Promise<void> => {
    if (!isRung && !isClosed) {
      await new Promise<void>((resolve) => {
        const cancel =
          longestMs === undefined ? () => undefined : timekeeper.after(longestMs, resolve);
        wake = () => {
          cancel();
          resolve();
        };
      });
    }
    isRung = false;
  };
  return {
    wait,
    ring: () => {
      isRung = true;
      wake();
    },
    pause: async (ms) => {
      const untilMs = timekeeper.nowMs() + ms;
      while (!isClosed && timekeeper.nowMs() < untilMs) await wait(untilMs - timekeeper.nowMs());
    },
    close: () => {
      isClosed = true;
      wake();
    },
    isClosed: () => isClosed,
  };
}

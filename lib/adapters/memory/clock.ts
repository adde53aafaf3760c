import { after, between, type DurationMs, type EpochMs } from '../../domain/shared/time.ts';
import type { Clock } from '../../ports/system.ts';

interface Sleeper {
  readonly untilMs: EpochMs;
  readonly wake: () => void;
}

/** Time that stands still until it is moved. */
export interface VirtualClock extends Clock {
  /** Moves time on, waking sleepers one by one, each at its own instant. */
  readonly advance: (span: DurationMs) => Promise<void>;
  /** The earliest instant somebody sleeps until; null when nobody does. */
  readonly nextWakeAtMs: () => EpochMs | null;
}

export function createVirtualClock(startAtMs: EpochMs): VirtualClock {
  let nowMs = startAtMs;
  let sleepers: readonly Sleeper[] = [];
  const next = (): Sleeper | undefined => sleepers.toSorted((a, b) => a.untilMs - b.untilMs)[0];
  return {
    now: () => nowMs,
    sleep: (span) =>
      new Promise((resolve) => {
        sleepers = [...sleepers, { untilMs: after(nowMs, span), wake: resolve }];
      }),
    nextWakeAtMs: () => next()?.untilMs ?? null,
    async advance(span) {
      const goalMs = after(nowMs, span);
      for (let first = next(); first !== undefined; first = next()) {
        const { untilMs, wake } = first;
        if (untilMs > goalMs) break;
        sleepers = sleepers.filter((sleeper) => sleeper !== first);
        nowMs = after(nowMs, between(nowMs, untilMs));
        wake();
        await settle();
      }
      nowMs = goalMs;
    },
  };
}

/** Lets whatever was woken run until it waits again; bounded, and without a timer. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
}

export interface WindowVerdict {
  readonly allowed: boolean;
  readonly remaining: number;
  /** Until the oldest counted call leaves the window. */
  readonly resetMs: number;
}

/** Counts calls of each key in the last `windowMs`; only the allowed ones are counted. */
export interface SlidingWindow {
  readonly take: (key: string, nowMs: number) => WindowVerdict;
  readonly clear: () => void;
}

/** More keys than an account has; above it, all counts start again. */
const MAX_KEYS = 10_000;

export function createSlidingWindow(limit: number, windowMs: number): SlidingWindow {
  const calls = new Map<string, number[]>();
  return {
    take: (key, nowMs) => {
      if (calls.size >= MAX_KEYS && !calls.has(key)) calls.clear();
      const counted = calls.get(key) ?? [];
      calls.set(key, counted);
      while (counted[0] !== undefined && counted[0] <= nowMs - windowMs) counted.shift();
      const allowed = counted.length < limit;
      if (allowed) counted.push(nowMs);
      return {
        allowed,
        remaining: limit - counted.length,
        resetMs: (counted[0] ?? nowMs) + windowMs - nowMs,
      };
    },
    clear: () => {
      calls.clear();
    },
  };
}

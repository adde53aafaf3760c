/** How often something may be done: so many at once, and then so many a minute. */
export interface Rate {
  readonly burst: number;
  readonly perMinute: number;
}

/** Counts by key; every key has a bucket of its own that fills up again with time. */
export interface RateLimits {
  /** 0 when it may be done; else the whole seconds until then, at least 1. */
  readonly take: (key: string, rate: Rate, nowMs: number) => number;
  readonly clear: () => void;
}

interface Bucket {
  readonly left: number;
  readonly atMs: number;
}

/** More keys than an app has methods and channels; above it, all counts start again. */
const MAX_KEYS = 10_000;

const MINUTE_MS = 60_000;

export function createRateLimits(): RateLimits {
  const buckets = new Map<string, Bucket>();
  return {
    take: (key, { burst, perMinute }, nowMs) => {
      if (buckets.size >= MAX_KEYS) buckets.clear();
      const { left, atMs } = buckets.get(key) ?? { left: burst, atMs: nowMs };
      const refilled = Math.min(burst, left + ((nowMs - atMs) * perMinute) / MINUTE_MS);
      const isAllowed = refilled >= 1;
      buckets.set(key, { left: isAllowed ? refilled - 1 : refilled, atMs: nowMs });
      return isAllowed ? 0 : Math.max(1, Math.ceil(((1 - refilled) * 60) / perMinute));
    },
    clear: () => buckets.clear(),
  };
}

/**
 * Slack's tiers, by method and workspace (https://docs.slack.dev/apis/web-api/rate-limits). Bursts
 * are tolerated there without a number; here a whole minute's worth is.
 */
export const TIERS = {
  tier2: { burst: 20, perMinute: 20 },
  tier3: { burst: 50, perMinute: 50 },
  tier4: { burst: 100, perMinute: 100 },
} as const satisfies Readonly<Record<string, Rate>>;

/** `chat.postMessage`: about one a second and channel, short bursts over it tolerated. */
export const POSTS_PER_CHANNEL: Rate = { burst: 5, perMinute: 60 };

/** `chat.postMessage`: several hundred a minute and workspace. */
export const POSTS_PER_WORKSPACE: Rate = { burst: 300, perMinute: 300 };

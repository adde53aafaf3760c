import { setTimeout as wait } from 'node:timers/promises';

/** How long to look for something, and how often. */
export interface Patience {
  readonly withinMs: number;
  readonly everyMs?: number;
}

const DEFAULT_EVERY_MS = 100;

/**
 * Looks again and again until there is something to see. A look that throws counts as nothing seen,
 * and its message is in the error that is thrown when the time is over.
 */
export async function eventually<T>(
  what: string,
  look: () => Promise<T | undefined> | T | undefined,
  { withinMs, everyMs = DEFAULT_EVERY_MS }: Patience,
): Promise<T> {
  const endAtMs = performance.now() + withinMs;
  for (;;) {
    const seen = await tried(look);
    if (seen.value !== undefined) return seen.value;
    if (performance.now() >= endAtMs) {
      throw new Error(`Not seen within ${withinMs / 1000} s: ${what}. ${seen.trouble}`.trim());
    }
    await wait(everyMs);
  }
}

async function tried<T>(
  look: () => Promise<T | undefined> | T | undefined,
): Promise<{ readonly value: T | undefined; readonly trouble: string }> {
  try {
    return { value: await look(), trouble: '' };
  } catch (error) {
    return { value: undefined, trouble: error instanceof Error ? error.message : String(error) };
  }
}

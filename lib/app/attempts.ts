import { durationMs } from '../domain/shared/time.ts';
import type { PortFailure } from '../ports/failure.ts';
import type { Clock, Rng } from '../ports/system.ts';

/** How often a decision is made anew when somebody else was first or the store was busy. */
export const maxAttempts = 8;

/**
 * Whether reading again and deciding anew may help. A lost answer counts: if the write was
 * applied after all, the next reading shows it.
 */
export function isWorthDecidingAgain(failure: PortFailure): boolean {
  switch (failure.kind) {
    case 'conflict':
    case 'throttled':
    case 'timeout':
    case 'unavailable':
      return true;
    case 'not_found':
    case 'rejected':
    case 'too_large':
      return false;
  }
}

/** Full jitter, doubling from 20 ms to 400 ms: a contended incident clears within a second. */
export async function pause(
  { clock, rng }: { readonly clock: Clock; readonly rng: Rng },
  attempt: number,
): Promise<void> {
  await clock.sleep(durationMs(Math.round(rng() * Math.min(400, 20 * 2 ** attempt))));
}

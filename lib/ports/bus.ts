import type { EpochMs } from '../domain/shared/time.ts';
import type { Result } from '../domain/shared/result.ts';
import type { PortFailure } from './failure.ts';

/** One event for whoever listens: `detail` is documented in docs/events.md. */
export interface BusEvent {
  readonly id: string;
  readonly type: string;
  readonly atMs: EpochMs;
  readonly detail: Readonly<Record<string, unknown>>;
}

export interface Bus {
  /** Publishes in order, in as many calls as needed; the indexes that failed come back. */
  readonly publish: (
    events: readonly BusEvent[],
  ) => Promise<Result<{ readonly failed: readonly number[] }, PortFailure>>;
}

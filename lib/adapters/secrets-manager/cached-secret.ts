import { between, type EpochMs } from '../../domain/shared/time.ts';
import { ok, type Result } from '../../domain/shared/result.ts';
import type { PortFailure } from '../../ports/failure.ts';
import type { Freshness } from '../../ports/secrets.ts';
import type { Clock, Log } from '../../ports/system.ts';
import { cachedForMs, freshForMs, pauseAfterErrorMs } from './limits.ts';

interface Held<Value> {
  readonly value: Value;
  readonly readAtMs: EpochMs;
}

/**
 * Keeps a value for five minutes. Callers that come while it is being read wait for the one read.
 * When reading fails, the value from before serves on and the next try waits 15 s; the failure is
 * given only when there never was a value.
 */
export function cachedSecret<Value>(of: {
  readonly id: string;
  readonly read: () => Promise<Result<Value, PortFailure>>;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
}): (freshness?: Freshness) => Promise<Result<Value, PortFailure>> {
  let held: Held<Value> | null = null;
  let failedAtMs: EpochMs | null = null;
  let reading: Promise<Result<Value, PortFailure>> | null = null;

  const readNow = async (): Promise<Result<Value, PortFailure>> => {
    const read = await of.read();
    failedAtMs = read.ok ? null : of.clock.now();
    if (read.ok) held = { value: read.value, readAtMs: of.clock.now() };
    if (read.ok || held === null) return read;
    const { kind, message } = read.error;
    of.log.error('A secret could not be read; the value from before serves on.', {
      id: of.id,
      kind,
      message,
    });
    return ok(held.value);
  };

  return async (freshness = 'cached') => {
    const nowMs = of.clock.now();
    const isResting = failedAtMs !== null && between(failedAtMs, nowMs) < pauseAfterErrorMs;
    const maxAgeMs = freshness === 'fresh' ? freshForMs : cachedForMs;
    if (held !== null && (isResting || between(held.readAtMs, nowMs) < maxAgeMs)) {
      return ok(held.value);
    }
    reading ??= readNow().finally(() => {
      reading = null;
    });
    return reading;
  };
}

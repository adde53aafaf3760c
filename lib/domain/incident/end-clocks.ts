import { deadlineOf, elapsedAt, type SlaClock } from '../sla/clock.ts';
import { earliest, latest, type EpochMs } from '../shared/time.ts';
import type { Decision } from './decision.ts';
import { isFromPager, type Principal } from './principal.ts';
import type { ClockName } from './sla-event.ts';

/** Who reached a goal, and when by the word of the channel. */
export interface Reached {
  readonly by: Principal;
  readonly occurredAtMs: EpochMs;
}

/**
 * The goal of a clock is reached: now, or at the instant that PagerDuty gives, which may have come
 * late. A breach that was recorded meanwhile stays in the log and is withdrawn.
 */
export function meetClock(decision: Decision, name: ClockName, reached: Reached): void {
  const clock = decision.incident[name];
  if (clock.end !== null) return;
  const stoppedAtMs = stopOf(clock, reached, decision.nowMs);
  const { version, isBreached } = clock;
  const deadlineAtMs = deadlineOf(clock);
  const isWithdrawn = isBreached && stoppedAtMs < deadlineAtMs;
  decision.record({
    type: 'sla.met',
    clock: name,
    version,
    elapsedMs: elapsedAt(clock, stoppedAtMs),
    late: isBreached && !isWithdrawn,
    ...(stoppedAtMs < decision.nowMs ? { stoppedAtMs } : {}),
  });
  if (!isWithdrawn) return;
  const { by } = reached;
  decision.record({
    type: 'sla.breach_withdrawn',
    clock: name,
    version,
    deadlineAtMs,
    stoppedAtMs,
    by,
  });
}

/** Never before the clock began to run, nor in the future: PagerDuty's clock is not ours. */
function stopOf(clock: SlaClock, { by, occurredAtMs }: Reached, nowMs: EpochMs): EpochMs {
  return isFromPager(by) ? latest(clock.fromMs, earliest(occurredAtMs, nowMs)) : nowMs;
}

/** Nobody needs to reach the goal of this clock any more. */
export function stopClock(decision: Decision, name: ClockName, reason: string): void {
  const clock = decision.incident[name];
  if (clock.end !== null) return;
  decision.record({ type: 'sla.stopped', clock: name, version: clock.version, reason });
}

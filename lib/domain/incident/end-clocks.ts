import { elapsedAt } from '../sla/clock.ts';
import type { Decision } from './decision.ts';
import type { ClockName } from './sla-event.ts';

/** The goal of a clock is reached, at the instant of this decision. */
export function meetClock(decision: Decision, name: ClockName): void {
  const clock = decision.incident[name];
  if (clock.end !== null) return;
  decision.record({
    type: 'sla.met',
    clock: name,
    version: clock.version,
    elapsedMs: elapsedAt(clock, decision.nowMs),
    late: clock.isBreached,
  });
}

/** Nobody needs to reach the goal of this clock any more. */
export function stopClock(decision: Decision, name: ClockName, reason: string): void {
  const clock = decision.incident[name];
  if (clock.end !== null) return;
  decision.record({ type: 'sla.stopped', clock: name, version: clock.version, reason });
}

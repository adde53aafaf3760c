import { deadlineOf, type ClockStart, type ClockTerms } from '../sla/clock.ts';
import type { Decision } from './decision.ts';
import type { ClockName } from './sla-event.ts';

/** What the severity of now promises on a clock; a clock that has this severity keeps its target. */
export function termsOf({ incident, context }: Decision, name: ClockName): ClockTerms {
  const { severity } = incident;
  if (incident[name].severity === severity) return incident[name];
  const { respondMs, resolveMs } = context.policy.sla.targets[severity];
  return { severity, targetMs: name === 'response' ? respondMs : resolveMs };
}

/** Records a new deadline. */
export function startClockVersion(decision: Decision, start: ClockStart, reason: string): void {
  const { name, ...rest } = start;
  decision.record({
    type: 'sla.clock_started',
    clock: name,
    ...rest,
    deadlineAtMs: deadlineOf(start),
    reason,
  });
}

import {
  deadlineOf,
  dueStages,
  retarget,
  type ClockStart,
  type ClockTerms,
  type DueStage,
  type SlaClock,
} from '../sla/clock.ts';
import type { Classified } from '../severity/classify.ts';
import { startSettlingOrResolve } from './decide-settle.ts';
import type { Decision } from './decision.ts';
import type { ClockName } from './sla-event.ts';
import type { Principal } from './principal.ts';
import { askFallback, isSilent } from './decide-fallback.ts';

/**
 * Records everything whose instant has come: stages and breaches of both clocks, the second
 * channel when the first stays silent, and the end of a resolve delay. Doing it twice changes
 * nothing the second time.
 */
export function catchUp(decision: Decision): void {
  catchUpClocks(decision);
  if (isSilent(decision)) {
    askFallback(decision, 'primary-silent', 'PagerDuty has not accepted the page yet');
  }
  startSettlingOrResolve(decision);
}

/** Records the stages and breaches of both clocks whose instant has come. */
export function catchUpClocks(decision: Decision): void {
  catchUpClock(decision, 'response');
  catchUpClock(decision, 'resolution');
}

function catchUpClock(decision: Decision, name: ClockName): void {
  const { incident, nowMs } = decision;
  if (incident.state === 'resolved') return;
  const due = dueStages(incident[name], incident.ladder, nowMs);
  for (const stage of due) recordStage(decision, incident[name], stage);
  const last = due.at(-1);
  if (last === undefined) return;
  if (due.some(({ pct }) => pct === 100)) announceBreach(decision, incident[name]);
  else announceStage(decision, incident[name], last);
}

function recordStage(decision: Decision, clock: SlaClock, { pct, dueAtMs }: DueStage): void {
  const { name, version, severity } = clock;
  if (pct === 100) {
    decision.record({
      type: 'sla.breached',
      clock: name,
      version,
      severity,
      deadlineAtMs: deadlineOf(clock),
    });
  } else {
    decision.record({ type: 'sla.stage_reached', clock: name, version, pct, dueAtMs });
  }
}

const goalOf = (name: ClockName): string => (name === 'response' ? 'acknowledged' : 'resolved');

function announceStage(decision: Decision, clock: SlaClock, { pct }: DueStage): void {
  const text =
    pct < 100
      ? `${pct} % of the time to be ${goalOf(clock.name)} is used`
      : `still not ${goalOf(clock.name)}, at ${pct} % of the time for it`;
  decision.ask({ channel: 'pagerduty', action: 'trigger', purpose: 'stage', text });
}

function announceBreach(decision: Decision, clock: SlaClock): void {
  const text = `SLA breached: not ${goalOf(clock.name)} in time`;
  decision.ask({ channel: 'pagerduty', action: 'trigger', purpose: 'breach', text });
  if (decision.context.policy.paging.fallbackSeverities.includes(decision.incident.severity)) {
    decision.ask({ channel: 'fallback', action: 'trigger', purpose: 'breach', text });
  }
}

/** Sets the severity and, on every clock that still runs, the deadline that follows from it. */
export function changeSeverity(
  decision: Decision,
  { severity, reason }: Classified,
  by: Principal,
): void {
  const from = decision.incident.severity;
  decision.record({ type: 'severity.changed', from, to: severity, reason, by });
  for (const name of ['response', 'resolution'] as const) {
    const clock = decision.incident[name];
    if (clock.end === null) {
      const start = retarget(clock, termsOf(decision, name));
      startClockVersion(decision, start, `severity is now ${severity}`);
    }
  }
  if (decision.incident.state !== 'resolved') {
    const text = `severity changed from ${from} to ${severity}: ${reason.text}`;
    decision.ask({ channel: 'pagerduty', action: 'trigger', purpose: 'update', text });
  }
  catchUp(decision);
}

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

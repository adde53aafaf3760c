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

/** Records the stages and breaches of both clocks whose instant has come; one page says it all. */
export function catchUpClocks(decision: Decision): void {
  const news = (['response', 'resolution'] as const).flatMap(
    (name) => catchUpClock(decision, name) ?? [],
  );
  if (news.length > 0) announce(decision, news);
}

/** What there is to tell of a clock. */
interface News {
  readonly isBreach: boolean;
  readonly text: string;
}

function catchUpClock(decision: Decision, name: ClockName): News | null {
  const { incident, nowMs } = decision;
  if (incident.state === 'resolved') return null;
  const due = dueStages(incident[name], incident.ladder, nowMs);
  for (const stage of due) recordStage(decision, incident[name], stage);
  const last = due.at(-1);
  if (last === undefined) return null;
  const isBreach = due.some(({ pct }) => pct === 100);
  return { isBreach, text: isBreach ? breachText(name) : stageText(name, last) };
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

const breachText = (name: ClockName): string => `SLA breached: not ${goalOf(name)} in time`;

const stageText = (name: ClockName, { pct }: DueStage): string =>
  pct < 100
    ? `${pct} % of the time to be ${goalOf(name)} is used`
    : `still not ${goalOf(name)}, at ${pct} % of the time for it`;

function announce(decision: Decision, news: readonly News[]): void {
  const breaches = news.filter(({ isBreach }) => isBreach);
  const stages = news.filter(({ isBreach }) => !isBreach);
  const text = [...breaches, ...stages].map((of) => of.text).join('; ');
  const purpose = breaches.length > 0 ? 'breach' : 'stage';
  decision.ask({ channel: 'pagerduty', action: 'trigger', purpose, text });
  const { fallbackSeverities } = decision.context.policy.paging;
  if (purpose === 'breach' && fallbackSeverities.includes(decision.incident.severity)) {
    decision.ask({ channel: 'fallback', action: 'trigger', purpose, text });
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

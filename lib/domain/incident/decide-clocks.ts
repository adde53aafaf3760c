import { deadlineOf, dueStages, retarget, type DueStage, type SlaClock } from '../sla/clock.ts';
import type { Classified } from '../severity/classify.ts';
import { askPriority, askRest } from './ask-rest.ts';
import { startClockVersion, termsOf } from './clock-versions.ts';
import { catchUpDuties } from './decide-duties.ts';
import { startSettlingOrResolve } from './decide-settle.ts';
import type { Severity } from '../policy/policy.ts';
import type { EpochMs } from '../shared/time.ts';
import type { Decision } from './decision.ts';
import type { ClockName } from './sla-event.ts';
import type { Principal } from './principal.ts';
import { askFallback, isSilent } from './decide-fallback.ts';

/**
 * Records everything whose instant has come: stages and breaches of both clocks, the second
 * channel when the first stays silent, the end of a resolve delay, and what people owe. Doing it
 * twice changes nothing the second time.
 */
export function catchUp(decision: Decision): void {
  catchUpClocks(decision);
  if (isSilent(decision)) askFallback(decision, 'PagerDuty has not accepted the page yet');
  startSettlingOrResolve(decision);
  catchUpDuties(decision);
}

/**
 * Records the stages and breaches of both clocks that were due by an instant, now unless told
 * otherwise; one page says it all.
 */
export function catchUpClocks(decision: Decision, untilMs: EpochMs = decision.nowMs): void {
  const news = (['response', 'resolution'] as const).flatMap(
    (name) => catchUpClock(decision, name, untilMs) ?? [],
  );
  if (news.length > 0) announce(decision, news);
}

/** From this stage on PagerDuty is to be as loud as it can, for these severities. */
const urgentFromPct = 80;
const urgentSeverities: readonly Severity[] = ['P0', 'P1'];

/** What there is to tell of a clock. */
interface News {
  readonly isBreach: boolean;
  /** Most of the time is used, which was not so before. */
  readonly isUrgent: boolean;
  readonly text: string;
}

function catchUpClock(decision: Decision, name: ClockName, untilMs: EpochMs): News | null {
  const { incident } = decision;
  if (incident.state === 'resolved') return null;
  const due = dueStages(incident[name], incident.ladder, untilMs);
  for (const stage of due) recordStage(decision, incident[name], stage);
  const last = due.at(-1);
  if (last === undefined) return null;
  const isBreach = due.some(({ pct }) => pct === 100);
  const isUrgent = incident[name].reachedPct < urgentFromPct && last.pct >= urgentFromPct;
  return { isBreach, isUrgent, text: isBreach ? breachText(name) : stageText(name, last) };
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
  const isUrgent = urgentSeverities.includes(decision.incident.severity);
  if (isUrgent && news.some((of) => of.isUrgent)) {
    askRest(decision, { action: 'urgency', target: 'high', text, isBesidePage: true });
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
    askPriority(decision);
  }
  catchUp(decision);
}

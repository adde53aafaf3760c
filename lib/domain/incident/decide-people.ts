import { restart, resume } from '../sla/clock.ts';
import type { Acknowledge, Refusal, Reopen, Resolve, Unacknowledge } from './command.ts';
import { catchUpClocks, startClockVersion, termsOf } from './decide-clocks.ts';
import { askFallback } from './decide-fallback.ts';
import { inFlightGraceMs, resolveIncident } from './decide-resolve.ts';
import type { Decision } from './decision.ts';
import { meetClock } from './end-clocks.ts';
import { describePrincipal, isFromPager, type Principal } from './principal.ts';
import { after, type EpochMs } from '../shared/time.ts';
import { supersedeOpenIntents } from './supersede.ts';

/** Acknowledges: the response clock is met. */
export function acknowledge(decision: Decision, command: Acknowledge): Refusal | null {
  const { incident } = decision;
  const { by, occurredAtMs, note = '' } = command;
  const stale = refuseStale(decision, by, occurredAtMs);
  if (stale !== null) return stale;
  if (incident.state === 'resolved') {
    return notAllowed('The incident is resolved; reopen it first.');
  }
  if (incident.state === 'acknowledged') {
    const who = describePrincipal(incident.acknowledgedBy);
    return { kind: 'already', message: `The incident is already acknowledged by ${who}.` };
  }
  decision.record({ type: 'incident.acknowledged', by, occurredAtMs });
  if (note !== '') decision.record({ type: 'note.added', by, text: note });
  meetClock(decision, 'response');
  if (!isFromPager(by)) {
    const text = `acknowledged by ${describePrincipal(by)}`;
    decision.ask({ channel: 'pagerduty', action: 'acknowledge', purpose: 'follow', text });
  }
  return null;
}

/** Takes an acknowledgement back: what was met stays met, a new response clock starts. */
export function unacknowledge(
  decision: Decision,
  { by, reason, occurredAtMs }: Unacknowledge,
): Refusal | null {
  const { incident } = decision;
  const stale = refuseStale(decision, by, occurredAtMs);
  if (stale !== null) return stale;
  if (incident.state !== 'acknowledged') {
    return notAllowed(`The incident is ${incident.state}, not acknowledged.`);
  }
  decision.record({ type: 'incident.unacknowledged', by, reason, occurredAtMs });
  const terms = termsOf(decision, 'response');
  const start = restart(decision.incident.response, decision.nowMs, terms);
  startClockVersion(decision, start, 'the acknowledgement was taken back');
  return null;
}

/** Resolves, by a person or because the incident is too old to go on. */
export function resolve(decision: Decision, command: Resolve): Refusal | null {
  const stale = refuseStale(decision, command.by, command.occurredAtMs);
  if (stale !== null) return stale;
  if (decision.incident.state === 'resolved') {
    return { kind: 'already', message: 'The incident is already resolved.' };
  }
  resolveIncident(decision, command);
  return null;
}

/** Opens a resolved incident again. */
export function reopen(decision: Decision, command: Reopen): Refusal | null {
  const stale = refuseStale(decision, command.by, command.occurredAtMs);
  if (stale !== null) return stale;
  const { state } = decision.incident;
  if (state === 'acknowledged' && isFromPager(command.by)) {
    // The resolve in between has not been told yet, and will come too late.
    return unacknowledge(decision, { ...command, kind: 'unacknowledge' });
  }
  if (state !== 'resolved') {
    return { kind: 'already', message: `The incident is open (${state}).` };
  }
  reopenIncident(decision, command);
  return null;
}

/** Resolution resumes where it stopped, response starts anew, and somebody is paged again. */
export function reopenIncident(
  decision: Decision,
  { by, reason, occurredAtMs }: Omit<Reopen, 'kind'>,
): void {
  const { incident, nowMs } = decision;
  const isResolveUnconfirmed = incident.intents.some(({ action }) => action === 'resolve');
  supersedeOpenIntents(decision, 'the incident was reopened before it was sent');
  decision.record({ type: 'incident.reopened', by, reason, occurredAtMs });
  resumeClocks(decision);
  if (!isFromPager(by)) {
    decision.ask({
      channel: 'pagerduty',
      action: 'trigger',
      purpose: 'open',
      text: `reopened: ${reason}`,
      notBeforeMs: isResolveUnconfirmed ? after(nowMs, inFlightGraceMs) : nowMs,
    });
    if (isResolveUnconfirmed && incident.response.end?.kind === 'met') tellPastAnswered(decision);
  }
  // A severity that was raised while the clocks stood still can leave no time at all.
  catchUpClocks(decision);
}

/** PagerDuty may still hold the answered page: a trigger on that one wakes nobody. */
function tellPastAnswered(decision: Decision): void {
  const { fallbackSeverities } = decision.context.policy.paging;
  if (!fallbackSeverities.includes(decision.incident.severity)) return;
  const text = 'reopened, and PagerDuty may still show its earlier page as acknowledged';
  askFallback(decision, 'primary-silent', text);
}

function resumeClocks(decision: Decision): void {
  const { incident, nowMs } = decision;
  const resumed = resume(incident.resolution, nowMs, termsOf(decision, 'resolution'));
  startClockVersion(decision, resumed, 'resumed by a reopen');
  const fresh = restart(incident.response, nowMs, termsOf(decision, 'response'));
  startClockVersion(decision, fresh, 'the incident was reopened');
}

const notAllowed = (message: string): Refusal => ({ kind: 'not_allowed', message });

/** PagerDuty's events can come late and out of order: an older one must not undo a newer. */
function refuseStale(decision: Decision, by: Principal, occurredAtMs: EpochMs): Refusal | null {
  if (!isFromPager(by)) return null;
  const { pagerSeenAtMs, triggerAskedAtMs } = decision.incident;
  if (occurredAtMs >= triggerAskedAtMs && occurredAtMs >= (pagerSeenAtMs ?? 0)) return null;
  const message = 'PagerDuty told of this after something newer had already happened.';
  return { kind: 'stale', message };
}

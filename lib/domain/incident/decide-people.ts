import { restart, resume } from '../sla/clock.ts';
import type { Acknowledge, Refusal, Reopen, Resolve, Unacknowledge } from './command.ts';
import { isAdopted } from './adopted.ts';
import { askPriority, callAnew } from './ask-rest.ts';
import { startClockVersion, termsOf } from './clock-versions.ts';
import { catchUpClocks } from './decide-clocks.ts';
import { tellNote } from './decide-coordination.ts';
import { stopWaking, wakeOtherwise } from './decide-fallback.ts';
import { inFlightGraceMs, isClosing, resolveIncident } from './decide-resolve.ts';
import type { Decision } from './decision.ts';
import { meetClock } from './end-clocks.ts';
import { describePrincipal, isFromPager, type Principal } from './principal.ts';
import { after, type EpochMs } from '../shared/time.ts';
import { notAllowed } from './refuse.ts';
import type { Incident } from './state.ts';
import { supersedeAllButResolve, supersedeOpenIntents } from './supersede.ts';

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
  if (note !== '') {
    decision.record({ type: 'note.added', by, text: note });
    tellNote(decision, { by, text: note, isBesidePage: true });
  }
  meetClock(decision, 'response', command);
  stopWaking(decision);
  if (!isFromPager(by)) {
    const text = `acknowledged by ${describePrincipal(by)}`;
    decision.ask({ channel: 'pagerduty', action: 'acknowledge', purpose: 'follow', text });
  }
  return null;
}

/**
 * Takes an acknowledgement back: what was met stays met, a new response clock starts, and unless
 * PagerDuty told of it, which calls by itself, somebody is called anew.
 */
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
  if (isFromPager(by) && isOfBefore(incident, occurredAtMs)) {
    return tooLate;
  }
  decision.record({ type: 'incident.unacknowledged', by, reason, occurredAtMs });
  const terms = termsOf(decision, 'response');
  const start = restart(decision.incident.response, decision.nowMs, terms);
  startClockVersion(decision, start, 'the acknowledgement was taken back');
  if (!isFromPager(by)) callAnew(decision, `acknowledgement taken back: ${reason}`);
  return null;
}

/**
 * Whether what PagerDuty tells is older than an acknowledgement that was made here, and so about
 * the one before it: above all our own `callAnew` that comes back after somebody has answered.
 */
const isOfBefore = (
  { acknowledgedBy, acknowledgedAtMs }: Extract<Incident, { readonly state: 'acknowledged' }>,
  occurredAtMs: EpochMs,
): boolean => !isFromPager(acknowledgedBy) && occurredAtMs < acknowledgedAtMs;

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
  of: Omit<Reopen, 'kind'> & { readonly owedSinceMs?: EpochMs },
): void {
  const { by, reason, occurredAtMs } = of;
  const before = decision.incident;
  const why = 'the incident was reopened before it was sent';
  if (!isFromPager(by) && mayBePaged(before)) supersedeAllButResolve(decision, why);
  else supersedeOpenIntents(decision, why);
  decision.record({ type: 'incident.reopened', by, reason, occurredAtMs });
  resumeClocks(decision);
  if (!isFromPager(by)) pageAnew(decision, of, before);
  // A severity that was raised while the clocks stood still can leave no time at all.
  catchUpClocks(decision);
}

function pageAnew(
  decision: Decision,
  { reason, owedSinceMs = decision.nowMs }: Parameters<typeof reopenIncident>[1],
  before: Incident,
): void {
  const isUnconfirmed = isClosing(before);
  decision.ask({
    channel: 'pagerduty',
    action: 'trigger',
    purpose: 'open',
    text: `reopened: ${reason}`,
    notBeforeMs: isUnconfirmed ? after(decision.nowMs, inFlightGraceMs) : decision.nowMs,
    owedSinceMs,
  });
  askPriority(decision);
  const isAnswered = before.response.end?.kind === 'met';
  if (isUnconfirmed && isAnswered && isAdopted(before)) wakeOtherwise(decision, 'reopened');
}

/**
 * Whether PagerDuty holds a page that somebody may have answered. On that one a trigger would wake
 * nobody, so it is closed before the next.
 */
const mayBePaged = (incident: Incident): boolean =>
  !isAdopted(incident) && (incident.pagedAtMs !== null || incident.response.end?.kind === 'met');

function resumeClocks(decision: Decision): void {
  const { incident, nowMs } = decision;
  const resumed = resume(incident.resolution, nowMs, termsOf(decision, 'resolution'));
  startClockVersion(decision, resumed, 'resumed by a reopen');
  const fresh = restart(incident.response, nowMs, termsOf(decision, 'response'));
  startClockVersion(decision, fresh, 'the incident was reopened');
}

/** PagerDuty's events can come late and out of order: an older one must not undo a newer. */
function refuseStale(decision: Decision, by: Principal, occurredAtMs: EpochMs): Refusal | null {
  if (!isFromPager(by)) return null;
  const { incident } = decision;
  const { pagerSeenAtMs, triggerAskedAtMs } = incident;
  // What it tells while the page of before is being closed is about that page.
  const isClosingPage = incident.state !== 'resolved' && isClosing(incident);
  const isNew = occurredAtMs >= triggerAskedAtMs && occurredAtMs >= (pagerSeenAtMs ?? 0);
  return isNew && !isClosingPage ? null : tooLate;
}

const tooLate: Refusal = {
  kind: 'stale',
  message: 'PagerDuty told of this after something newer had already happened.',
};

import { after, durationMs, seconds, type EpochMs } from '../shared/time.ts';
import type { Resolve } from './command.ts';
import type { Decision } from './decision.ts';
import type { Incident } from './state.ts';
import { supersedeOpenIntents } from './supersede.ts';
import { isFromPager } from './principal.ts';
import { meetClock, stopClock, type Reached } from './end-clocks.ts';

/**
 * An attempt that began before a change of mind has ended by then: every attempt is cut off
 * after at most 5 s. What must not be overtaken by such an attempt waits this long.
 */
export const inFlightGraceMs = seconds(10);

/** Whether PagerDuty has not confirmed yet that a page is closed there. */
export const isClosing = ({ intents }: Incident): boolean =>
  intents.some(({ action }) => action === 'resolve');

/** Resolves an open incident: clocks end, open pages are superseded, the pager is told. */
export function resolveIncident(
  decision: Decision,
  { cause, by, note, occurredAtMs }: Omit<Resolve, 'kind'>,
): void {
  const { incident, nowMs } = decision;
  const quietUntilMs = quietUntil(decision, cause);
  const isOvertaken = isFromPager(by) && mayHavePagedSince(incident, occurredAtMs);
  const isOnItsWay = isOvertaken || incident.trigger === 'requested';
  supersedeOpenIntents(decision, 'the incident was resolved before it was sent');
  endClocks(decision, cause, { by, occurredAtMs });
  decision.record({ type: 'incident.resolved', cause, by, occurredAtMs, quietUntilMs, note });
  if (incident.trigger === 'none' || (isFromPager(by) && !isOvertaken)) return;
  const notBeforeMs = after(nowMs, isOnItsWay ? inFlightGraceMs : durationMs(0));
  const text = note;
  decision.ask({ channel: 'pagerduty', action: 'resolve', purpose: 'follow', text, notBeforeMs });
}

/** A person who resolves has responded; otherwise nobody has to any more. */
function endClocks(decision: Decision, cause: Resolve['cause'], reached: Reached): void {
  if (cause === 'person') meetClock(decision, 'response', reached);
  else stopClock(decision, 'response', 'the incident was resolved before anybody had to respond');
  meetClock(decision, 'resolution', reached);
}

/**
 * Until when alerts that go on firing are left alone. A person decides about them for a while; an
 * incident that was only too old decides nothing, so that their next repeat opens the next one.
 */
function quietUntil(
  { incident, nowMs, context }: Decision,
  cause: Resolve['cause'],
): EpochMs | null {
  if (incident.totals.firing === 0) return null;
  return cause === 'person' ? after(nowMs, context.policy.lifecycle.manualResolveQuietMs) : nowMs;
}

/** A trigger that PagerDuty took after a resolve over there has opened something new there. */
const mayHavePagedSince = ({ pagedAtMs, intents }: Incident, resolvedThereAtMs: EpochMs): boolean =>
  (pagedAtMs !== null && pagedAtMs >= resolvedThereAtMs) ||
  intents.some(({ channel, action }) => channel === 'pagerduty' && action === 'trigger');

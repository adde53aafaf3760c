import { after, seconds, type EpochMs } from '../shared/time.ts';
import type { Resolve } from './command.ts';
import type { Decision } from './decision.ts';
import type { Incident } from './state.ts';
import { supersedeOpenIntents } from './supersede.ts';
import { isFromPager } from './principal.ts';
import { meetClock, stopClock } from './end-clocks.ts';

/**
 * An attempt that began before a change of mind has ended by then: every attempt is cut off
 * after at most 5 s. What must not be overtaken by such an attempt waits this long.
 */
export const inFlightGraceMs = seconds(10);

/** Resolves an open incident: clocks end, open pages are superseded, the pager is told. */
export function resolveIncident(
  decision: Decision,
  { cause, by, note, occurredAtMs }: Omit<Resolve, 'kind'>,
): void {
  const { incident, nowMs } = decision;
  const quietUntilMs = cause === 'person' ? quietUntil(decision) : null;
  const isOvertaken = isFromPager(by) && mayHavePagedSince(incident, occurredAtMs);
  const mustWait = incident.trigger === 'requested' || isOvertaken;
  supersedeOpenIntents(decision, 'the incident was resolved before it was sent');
  if (cause === 'person') meetClock(decision, 'response');
  else stopClock(decision, 'response', 'the incident was resolved before anybody had to respond');
  meetClock(decision, 'resolution');
  decision.record({ type: 'incident.resolved', cause, by, occurredAtMs, quietUntilMs, note });
  const isKnownThere = isFromPager(by) && !isOvertaken;
  if (isKnownThere || incident.trigger === 'none') return;
  const notBeforeMs = mustWait ? after(nowMs, inFlightGraceMs) : nowMs;
  const text = note;
  decision.ask({ channel: 'pagerduty', action: 'resolve', purpose: 'follow', text, notBeforeMs });
}

/** After a resolve by hand, alerts that go on firing are left alone for a while. */
const quietUntil = ({ incident, nowMs, context }: Decision): EpochMs | null =>
  incident.totals.firing > 0 ? after(nowMs, context.policy.lifecycle.manualResolveQuietMs) : null;

/** A trigger that PagerDuty took after a resolve over there has opened something new there. */
const mayHavePagedSince = ({ pagedAtMs, intents }: Incident, resolvedThereAtMs: EpochMs): boolean =>
  (pagedAtMs !== null && pagedAtMs >= resolvedThereAtMs) ||
  intents.some(({ channel, action }) => channel === 'pagerduty' && action === 'trigger');

import { describePrincipal } from '../domain/incident/principal.ts';
import { openedByHand } from '../domain/incident/declared.ts';
import type { Incident, TriggerState } from '../domain/incident/state.ts';
import { severities, type Severity } from '../domain/policy/policy.ts';
import { deadlineOf } from '../domain/sla/clock.ts';
import { pendingClock } from '../domain/sla/pending-clock.ts';
import { html, type Html } from './html.ts';

/** The class that gives an element the colour of a severity. */
export const severityClass = (severity: Severity): string => severity.toLowerCase();

export const severityBadge = (severity: Severity): Html =>
  html`<span class="sev">${severity}</span>`;

/** The state in words, with who brought it about. */
export function stateWords(incident: Incident): string {
  switch (incident.state) {
    case 'triggered':
      return incident.settleAtMs === null ? 'Not acknowledged' : 'No alert fires any more';
    case 'acknowledged':
      return `Acknowledged by ${describePrincipal(incident.acknowledgedBy)}`;
    case 'resolved':
      return `Resolved by ${describePrincipal(incident.resolvedBy)}`;
  }
}

/** Whether somebody was woken; null when there is nothing to worry about or to wait for. */
export function pageWords({ state, trigger, fallbackAskedAtMs }: Incident): string | null {
  if (state !== 'triggered') return null;
  const second = fallbackAskedAtMs === null ? '' : '; the second channel was asked too';
  return `${triggerWords[trigger]}${second}`;
}

const triggerWords: Readonly<Record<TriggerState, string>> = {
  none: 'Nobody was paged',
  requested: 'Page on its way',
  accepted: 'Paged',
  superseded: 'Paged as part of a summary',
  failed: 'The page was not taken: nobody may know',
};

/** Where the problem is, in the words of the policy. */
export const placeWords = ({ service, team, environment }: Incident): string =>
  [service, team, environment].filter((word) => word !== '').join(' · ') || 'No service is known';

/** What its alerts do, or who opened it where there are none. */
export function alertWords(incident: Incident): string {
  const { totals, isIncomplete } = incident;
  const alerts = totals.episodes === 1 ? 'alert' : 'alerts';
  return (
    openedByHand(incident) ??
    `${totals.firing} of ${totals.episodes} ${alerts} firing` +
      (isIncomplete ? '; the source left some out' : '')
  );
}

/** Whether the targets of a resolved incident were kept; null while it is open. */
export function targetWords({ state, response, resolution }: Incident): string | null {
  if (state !== 'resolved') return null;
  const missed = [response, resolution].filter(({ isBreached }) => isBreached);
  const names = missed.map(({ name }) => name).join(' and ');
  return missed.length === 0 ? 'Both targets kept' : `Breached: ${names}`;
}

/** The gravest first, then the one whose deadline is nearest or longest past. */
export function byUrgency(a: Incident, b: Incident): number {
  const graver = severities.indexOf(a.severity) - severities.indexOf(b.severity);
  return graver === 0 ? dueAt(a) - dueAt(b) : graver;
}

function dueAt(incident: Incident): number {
  const pending = pendingClock(incident);
  return pending === null ? Number.POSITIVE_INFINITY : deadlineOf(pending);
}

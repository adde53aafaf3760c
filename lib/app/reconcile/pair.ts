import { isAdopted } from '../../domain/incident/adopted.ts';
import type { Incident } from '../../domain/incident/state.ts';
import { ok, type Result } from '../../domain/shared/result.ts';
import { between, minutes } from '../../domain/shared/time.ts';
import type { PortFailure } from '../../ports/failure.ts';
import type { PagerIncidentRecord } from '../../ports/pager.ts';
import { requestTimeoutMs, type ReconcileDeps } from './deps.ts';
import type { Pair } from './heal.ts';

/** PagerDuty makes its incident some seconds after it took the page. */
const youngMs = minutes(1);

/** Whether PagerDuty should hold an incident for this one, and has had the time to. */
export function isComparable({ clock }: ReconcileDeps, incident: Incident): boolean {
  const { intents, trigger, pagerIncidentId, pagedAtMs, openedAtMs, triggerAskedAtMs } = incident;
  // An update of a page changes nothing over there, so nobody need wait for its outcome.
  const isOnItsWay = intents.some(
    ({ channel, action, purpose }) =>
      channel === 'pagerduty' && (action !== 'trigger' || purpose === 'open'),
  );
  // A page that was given up may have reached PagerDuty by its updates: then there is a link.
  const isThere = pagerIncidentId !== null || (trigger === 'accepted' && !isAdopted(incident));
  if (isOnItsWay || !isThere) return false;
  const sinceMs = pagerIncidentId === null ? (pagedAtMs ?? openedAtMs) : triggerAskedAtMs;
  return between(sinceMs, clock.now()) >= youngMs;
}

/**
 * The incident over there for one of ours: among the open ones that were listed, or looked for.
 * What is not listed as open is asked for by itself, since the list may be a moment old.
 */
export async function findTheirs(
  { pagerRest }: ReconcileDeps,
  ours: Incident,
  open: readonly PagerIncidentRecord[],
): Promise<Result<Pair, PortFailure>> {
  const { pagerIncidentId: linked, dedupKey } = ours;
  const listed = open.find(
    (record) => record.pagerIncidentId === linked || record.dedupKey === dedupKey,
  );
  if (listed !== undefined) return ok({ ours, theirs: listed });
  if (!isAdopted(ours) || linked === null) {
    const found = await pagerRest.findByDedupKey(dedupKey, requestTimeoutMs);
    return found.ok ? ok({ ours, theirs: found.value }) : found;
  }
  const found = await pagerRest.findIncident(linked, requestTimeoutMs);
  if (found.ok) return ok({ ours, theirs: found.value });
  return found.error.kind === 'not_found' ? ok({ ours, theirs: null }) : found;
}

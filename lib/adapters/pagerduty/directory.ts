import { err, ok, type Result } from '../../domain/shared/result.ts';
import { durationMs } from '../../domain/shared/time.ts';
import type { PortFailure } from '../../ports/failure.ts';
import type { PagerDirectory, PagerIncident } from '../../ports/pager.ts';
import { membersOf, within, type Query } from './call.ts';
import { alertsPerPage, directoryTimeoutMs, maxPagesOfAlerts } from './limits.ts';
import { callRest, type RestDeps } from './rest-call.ts';

const statuses: readonly PagerIncident['status'][] = ['triggered', 'acknowledged', 'resolved'];

/**
 * PagerDuty's own record of an incident, by its REST API v2: the incident, and the dedup keys of
 * its alerts (the first 1,000). Ends within 3 s.
 *
 * Failures: `not_found` (no such incident, or no API token is configured), `rejected` (401 and 403,
 * after the secret was read again once), `throttled`, `timeout`, `unavailable`.
 */
export function createPagerDutyDirectory(deps: RestDeps): PagerDirectory {
  return {
    findIncident: (_tenant, pagerIncidentId) =>
      within(durationMs(directoryTimeoutMs), (signal) =>
        findIncident({ ...deps, pagerIncidentId, signal }),
      ),
  };
}

interface Search extends RestDeps {
  readonly pagerIncidentId: string;
  readonly signal: AbortSignal;
}

async function findIncident(search: Search): Promise<Result<PagerIncident, PortFailure>> {
  const shown = await get(search, '');
  if (!shown.ok) return shown;
  const { status, html_url: url } = membersOf(membersOf(shown.value)['incident']);
  const known = statuses.find((one) => one === status);
  if (known === undefined) return err(unreadable(search, 'a status that is not known'));
  const dedupKeys = await findDedupKeys(search);
  if (!dedupKeys.ok) return dedupKeys;
  return ok({
    pagerIncidentId: search.pagerIncidentId,
    status: known,
    url: typeof url === 'string' ? url : '',
    dedupKeys: dedupKeys.value,
  });
}

async function findDedupKeys(search: Search): Promise<Result<readonly string[], PortFailure>> {
  const keys: string[] = [];
  for (let page = 0; page < maxPagesOfAlerts; page += 1) {
    const query = { limit: String(alertsPerPage), offset: String(page * alertsPerPage) };
    const listed = await get(search, '/alerts', query);
    if (!listed.ok) return listed;
    const { alerts, more } = membersOf(listed.value);
    if (!Array.isArray(alerts)) return err(unreadable(search, 'no list of alerts'));
    keys.push(...alerts.flatMap(keyOf));
    if (more !== true) return ok(keys);
  }
  search.log.warn('An incident of PagerDuty has more alerts than are read.', {
    pagerIncidentId: search.pagerIncidentId,
    read: keys.length,
  });
  return ok(keys);
}

function keyOf(alert: unknown): readonly string[] {
  const { alert_key: key } = membersOf(alert);
  return typeof key === 'string' ? [key] : [];
}

/** One GET below the incident. */
const get = (
  { pagerIncidentId, signal, ...deps }: Search,
  path: '' | '/alerts',
  query: Query = {},
): Promise<Result<unknown, PortFailure>> =>
  callRest(
    deps,
    { method: 'GET', path: `/incidents/${encodeURIComponent(pagerIncidentId)}${path}`, query },
    signal,
  );

const unreadable = ({ pagerIncidentId }: Search, what: string): PortFailure => ({
  kind: 'unavailable',
  message: `PagerDuty's record of incident ${pagerIncidentId.slice(0, 64)} has ${what}.`,
});

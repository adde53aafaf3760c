import { err, ok, type Result } from '../../domain/shared/result.ts';
import { durationMs } from '../../domain/shared/time.ts';
import type { PortFailure } from '../../ports/failure.ts';
import type { PagerDirectory, PagerIncident } from '../../ports/pager.ts';
import type { Freshness, Secrets } from '../../ports/secrets.ts';
import type { Log } from '../../ports/system.ts';
import { callPagerDuty, failureOf, membersOf, within, type PagerDutyAnswer } from './call.ts';
import { alertsPerPage, directoryTimeoutMs, maxPagesOfAlerts } from './limits.ts';

export interface PagerDutyDirectoryDeps {
  /** Base of the REST API, without a slash at its end. */
  readonly apiUrl: string;
  readonly secrets: Pick<Secrets, 'pagerduty'>;
  readonly log: Log;
}

const statuses: readonly PagerIncident['status'][] = ['triggered', 'acknowledged', 'resolved'];

/**
 * PagerDuty's own record of an incident, by its REST API v2: the incident, and the dedup keys of
 * its alerts (the first 1,000). Ends within 3 s.
 *
 * Failures: `not_found` (no such incident, or no API token is configured), `rejected` (401 and 403,
 * after the secret was read again once), `throttled`, `timeout`, `unavailable`.
 */
export function createPagerDutyDirectory(deps: PagerDutyDirectoryDeps): PagerDirectory {
  return {
    findIncident: (_tenant, pagerIncidentId) =>
      within(durationMs(directoryTimeoutMs), (signal) =>
        findIncident({ ...deps, pagerIncidentId, signal }),
      ),
  };
}

interface Search extends PagerDutyDirectoryDeps {
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

/** One GET below the incident; a refused token is tried once more if the secret holds another. */
async function get(
  search: Search,
  path: '' | '/alerts',
  query: Readonly<Record<string, string>> = {},
): Promise<Result<unknown, PortFailure>> {
  const url = `${search.apiUrl}/incidents/${encodeURIComponent(search.pagerIncidentId)}${path}`;
  const ask = (token: string) =>
    callPagerDuty({ url, method: 'GET', token, query }, search.signal).then((answer) =>
      bodyOf(answer, token),
    );
  const token = await apiToken(search, 'cached');
  if (!token.ok) return token;
  const first = await ask(token.value);
  if (first.ok || first.error.kind !== 'rejected') return first;
  const fresh = await apiToken(search, 'fresh');
  return fresh.ok && fresh.value !== token.value ? ask(fresh.value) : first;
}

async function apiToken(
  { secrets }: Search,
  freshness: Freshness,
): Promise<Result<string, PortFailure>> {
  const secret = await secrets.pagerduty(freshness);
  if (!secret.ok) return secret;
  return secret.value.apiToken === null ? err(noToken) : ok(secret.value.apiToken);
}

function bodyOf(
  answer: Result<PagerDutyAnswer, PortFailure>,
  token: string,
): Result<unknown, PortFailure> {
  if (!answer.ok) return answer;
  const { status, body } = answer.value;
  return status >= 200 && status < 300 ? ok(body) : err(failureOf(answer.value, [token]));
}

const noToken: PortFailure = {
  kind: 'not_found',
  message:
    'No incident of PagerDuty can be looked up: the PagerDuty secret has no "apiToken". Add a ' +
    'read-only REST API key to have old webhooks checked.',
};

const unreadable = ({ pagerIncidentId }: Search, what: string): PortFailure => ({
  kind: 'unavailable',
  message: `PagerDuty's record of incident ${pagerIncidentId.slice(0, 64)} has ${what}.`,
});

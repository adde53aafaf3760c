import { readDedupKey } from '../domain/incident/identity.ts';
import type { PagerDutyIncident } from '../domain/incident/pagerduty-event.ts';
import { ok, type Result } from '../domain/shared/result.ts';
import type { PortFailure } from '../ports/failure.ts';
import type { PagerDirectory } from '../ports/pager.ts';
import type { Store } from '../ports/store.ts';

type Found = Promise<Result<string | null, PortFailure>>;

interface FindDeps {
  readonly store: Store;
  readonly directory: PagerDirectory;
}

/**
 * Our incident that an incident of PagerDuty carries: by the dedup key it shows, and by
 * PagerDuty's own record when it shows none of ours. Null when it is about none of ours.
 */
export async function findPagedIncident(
  deps: FindDeps,
  tenant: string,
  paged: PagerDutyIncident,
): Found {
  const own = await byDedupKey(deps, tenant, paged.incidentKey);
  if (!own.ok || own.value !== null) return own;
  const record = await deps.directory.findIncident(tenant, paged.id);
  if (record.ok) return byAnyDedupKey(deps, tenant, record.value.dedupKeys);
  const isFinal = record.error.kind === 'not_found' || record.error.kind === 'rejected';
  return isFinal ? ok(null) : record;
}

async function byAnyDedupKey(deps: FindDeps, tenant: string, dedupKeys: readonly string[]): Found {
  for (const dedupKey of dedupKeys) {
    const found = await byDedupKey(deps, tenant, dedupKey);
    if (!found.ok || found.value !== null) return found;
  }
  return ok(null);
}

async function byDedupKey(deps: FindDeps, tenant: string, dedupKey: string | null): Found {
  const named = dedupKey === null ? null : readDedupKey(dedupKey);
  if (named?.tenant !== tenant) return ok(null);
  const thread = await deps.store.loadThread(tenant, named.threadHash);
  if (!thread.ok) return thread;
  const current = thread.value?.current;
  return current ? ifPagedAs(deps, { tenant, incidentId: current.incidentId, dedupKey }) : ok(null);
}

/** The thread's newest incident may be another episode than the one that was paged. */
async function ifPagedAs(
  { store }: FindDeps,
  of: { readonly tenant: string; readonly incidentId: string; readonly dedupKey: string | null },
): Found {
  const incident = await store.loadIncident(of.tenant, of.incidentId);
  if (!incident.ok) return incident;
  return ok(incident.value?.dedupKey === of.dedupKey ? of.incidentId : null);
}

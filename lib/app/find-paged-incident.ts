import type { PagerDutyIncident } from '../domain/incident/pagerduty-event.ts';
import { readDedupKey, threadHash } from '../domain/incident/identity.ts';
import { ok, type Result } from '../domain/shared/result.ts';
import type { PortFailure } from '../ports/failure.ts';
import type { PagerDirectory } from '../ports/pager.ts';
import type { Store } from '../ports/store.ts';
import type { Hashing } from '../ports/system.ts';
import { adoptionKey } from './adopt-incident.ts';

/** Whose an incident of PagerDuty is. */
export type Found =
  | { readonly kind: 'ours'; readonly incidentId: string }
  /** None of its alerts is ours, as PagerDuty's own record says. */
  | { readonly kind: 'theirs'; readonly dedupKeys: readonly string[] }
  /** PagerDuty does not say. */
  | { readonly kind: 'unknown' };

type Looked = Promise<Result<string | null, PortFailure>>;

interface FindDeps {
  readonly store: Store;
  readonly hashing: Hashing;
  readonly directory: PagerDirectory;
}

/**
 * Our incident that an incident of PagerDuty carries: by the dedup key it shows, as one that was
 * adopted, and by PagerDuty's own record when it shows no key of ours.
 */
export async function findPagedIncident(
  deps: FindDeps,
  tenant: string,
  paged: Pick<PagerDutyIncident, 'id' | 'incidentKey'>,
): Promise<Result<Found, PortFailure>> {
  const shown = await byDedupKey(deps, tenant, paged.incidentKey);
  const own = shown.ok && shown.value === null ? await byAdoption(deps, tenant, paged.id) : shown;
  if (!own.ok) return own;
  if (own.value !== null) return ok({ kind: 'ours', incidentId: own.value });
  return byRecord(deps, tenant, paged.id);
}

async function byRecord(
  deps: FindDeps,
  tenant: string,
  pagerIncidentId: string,
): Promise<Result<Found, PortFailure>> {
  const record = await deps.directory.findIncident(tenant, pagerIncidentId);
  if (!record.ok) {
    const isFinal = record.error.kind === 'not_found' || record.error.kind === 'rejected';
    return isFinal ? ok({ kind: 'unknown' }) : record;
  }
  const { dedupKeys } = record.value;
  const found = await findByDedupKeys(deps, tenant, dedupKeys);
  if (!found.ok) return found;
  if (found.value !== null) return ok({ kind: 'ours', incidentId: found.value });
  const isOurs = dedupKeys.some((key) => readDedupKey(key) !== null);
  return ok(isOurs ? { kind: 'unknown' } : { kind: 'theirs', dedupKeys });
}

/** Our incident that was paged under one of these keys. */
export async function findByDedupKeys(
  deps: Pick<FindDeps, 'store'>,
  tenant: string,
  dedupKeys: readonly string[],
): Looked {
  for (const dedupKey of dedupKeys) {
    const found = await byDedupKey(deps, tenant, dedupKey);
    if (!found.ok || found.value !== null) return found;
  }
  return ok(null);
}

async function byDedupKey(
  deps: Pick<FindDeps, 'store'>,
  tenant: string,
  dedupKey: string | null,
): Looked {
  const named = dedupKey === null ? null : readDedupKey(dedupKey);
  if (named?.tenant !== tenant) return ok(null);
  const thread = await deps.store.loadThread(tenant, named.threadHash);
  if (!thread.ok) return thread;
  const current = thread.value?.current;
  return current ? ifPagedAs(deps, { tenant, incidentId: current.incidentId, dedupKey }) : ok(null);
}

/** The incident that an incident of PagerDuty was adopted as. */
export async function byAdoption(
  { store, hashing }: Pick<FindDeps, 'store' | 'hashing'>,
  tenant: string,
  pagerIncidentId: string,
): Looked {
  const hash = threadHash(tenant, adoptionKey(pagerIncidentId), hashing.digest);
  const thread = await store.loadThread(tenant, hash);
  return thread.ok ? ok(thread.value?.current?.incidentId ?? null) : thread;
}

/** The thread's newest incident may be another episode than the one that was paged. */
async function ifPagedAs(
  { store }: Pick<FindDeps, 'store'>,
  of: { readonly tenant: string; readonly incidentId: string; readonly dedupKey: string | null },
): Looked {
  const incident = await store.loadIncident(of.tenant, of.incidentId);
  if (!incident.ok) return incident;
  return ok(incident.value?.dedupKey === of.dedupKey ? of.incidentId : null);
}

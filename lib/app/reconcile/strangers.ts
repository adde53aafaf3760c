import type { Incident } from '../../domain/incident/state.ts';
import { readDedupKey } from '../../domain/incident/identity.ts';
import type { TenantPolicy } from '../../domain/policy/policy.ts';
import { ok, type Result } from '../../domain/shared/result.ts';
import { between, minutes } from '../../domain/shared/time.ts';
import type { PagerIncidentRecord } from '../../ports/pager.ts';
import type { ActFailure } from '../act.ts';
import { adoptIncident, adoptingService } from '../adopt-incident.ts';
import { byAdoption, findByDedupKeys } from '../find-paged-incident.ts';
import { requestTimeoutMs, type ReconcileDeps } from './deps.ts';

/** A webhook about a new incident is on its way for some seconds. */
const youngMs = minutes(1);

/**
 * Our incident for one that is open in PagerDuty and belongs to no open one of ours: one that was
 * resolved here, or a new one for what was born there. Null when it is nobody's of ours.
 */
export async function findOurs(
  deps: ReconcileDeps,
  record: PagerIncidentRecord,
): Promise<Result<Incident | null, ActFailure>> {
  const keys = await deps.pagerRest.dedupKeys(record.pagerIncidentId, requestTimeoutMs);
  if (!keys.ok) return keys;
  const isPaged = keys.value.some((key) => readDedupKey(key) !== null);
  for (const tenant of deps.policy.tenants) {
    const found = isPaged
      ? await pagedBefore(deps, tenant, keys.value)
      : await bornThere(deps, tenant, record);
    if (!found.ok || found.value !== null) return found;
  }
  return ok(null);
}

async function pagedBefore(
  deps: ReconcileDeps,
  { id: tenant }: TenantPolicy,
  dedupKeys: readonly string[],
): Promise<Result<Incident | null, ActFailure>> {
  const found = await findByDedupKeys(deps, tenant, dedupKeys);
  if (!found.ok) return found;
  return found.value === null ? ok(null) : deps.store.loadIncident(tenant, found.value);
}

async function bornThere(
  deps: ReconcileDeps,
  tenant: TenantPolicy,
  record: PagerIncidentRecord,
): Promise<Result<Incident | null, ActFailure>> {
  const known = await byAdoption(deps, tenant.id, record.pagerIncidentId);
  if (!known.ok) return known;
  if (known.value !== null) return deps.store.loadIncident(tenant.id, known.value);
  const isYoung = between(record.createdAtMs, deps.clock.now()) < youngMs;
  if (isYoung || adoptingService(tenant, record.service.id) === null) return ok(null);
  return adoptIncident(deps, tenant, {
    pagerIncidentId: record.pagerIncidentId,
    title: record.title,
    url: record.url,
    serviceId: record.service.id,
    urgency: record.urgency,
    priority: record.priority,
    startedAtMs: record.createdAtMs,
  });
}

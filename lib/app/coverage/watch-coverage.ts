import type { Coverage, Gap } from '../../domain/coverage/coverage.ts';
import type { TenantPolicy } from '../../domain/policy/policy.ts';
import { canonicalJson } from '../../domain/shared/json.ts';
import { err, ok, type Result } from '../../domain/shared/result.ts';
import { toIso, type EpochMs } from '../../domain/shared/time.ts';
import type { PortFailure } from '../../ports/failure.ts';
import type { IntakeDeps } from '../deps.ts';
import { openOperatorIncident } from '../operator-incident.ts';
import { proveCoverage, type CoverageDeps } from './prove-coverage.ts';

export type WatchDeps = IntakeDeps & CoverageDeps;

/** An incident lists so many gaps; the command prints all of them. */
const gapsListed = 50;

/**
 * Proves the coverage of every tenant. Gaps open one P2 incident of the tenant, in time before the
 * night in which they would matter; the same gaps again change nothing while it is open. Fails,
 * after it has tried every tenant, when one could not be looked at.
 */
export async function watchCoverage(
  deps: WatchDeps,
): Promise<Result<readonly Coverage[], PortFailure>> {
  const proofs: Coverage[] = [];
  let failure: PortFailure | null = null;
  for (const tenant of deps.policy.tenants) {
    const proved = await watchTenant(deps, tenant);
    if (proved.ok) proofs.push(proved.value);
    else failure = proved.error;
  }
  return failure === null ? ok(proofs) : err(failure);
}

async function watchTenant(
  deps: WatchDeps,
  tenant: TenantPolicy,
): Promise<Result<Coverage, PortFailure>> {
  const proved = await proveCoverage(deps, tenant);
  if (!proved.ok) return proved;
  const { gaps, unproved, fromMs } = proved.value;
  if (unproved.length > 0) {
    deps.log.warn('Not every route could be proved.', { tenant: tenant.id, unproved });
  }
  if (gaps.length === 0) return proved;
  const opened = await openOperatorIncident(deps, {
    tenant,
    topic: 'coverage',
    severity: 'P2',
    rule: 'coverage-gap',
    alerts: gaps.slice(0, gapsListed).map((gap) => alertOf(deps, gap, fromMs)),
    body: new TextEncoder().encode(JSON.stringify(proved.value)),
    setDigest: deps.hashing.digest(canonicalJson(gaps.map((gap) => nameOf(gap, fromMs)))),
    requestId: `coverage ${toIso(deps.clock.now())}`,
  });
  return opened.ok ? proved : opened;
}

/**
 * What tells one gap from another, the same in every run. What has begun starts at each run anew,
 * and where a gap ends beyond what is looked at, its end moves with the span.
 */
const nameOf = (
  { kind, subject, fromMs }: Gap,
  sinceMs: EpochMs,
): readonly (string | number | null)[] => [kind, subject, fromMs === sinceMs ? null : fromMs];

const alertOf = ({ hashing, clock }: WatchDeps, gap: Gap, sinceMs: EpochMs) => ({
  fingerprint: hashing.digest(canonicalJson(nameOf(gap, sinceMs))).slice(0, 16),
  startsAtMs: clock.now(),
  name: 'CoverageGap',
  summary: gap.text,
  labels: { gap: gap.kind, subject: gap.subject },
});

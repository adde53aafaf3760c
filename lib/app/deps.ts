import type { Policy, SourcePolicy, TenantPolicy } from '../domain/policy/policy.ts';
import type { Blobs } from '../ports/blobs.ts';
import type { FallbackPager, Pager, PagerRest } from '../ports/pager.ts';
import type { Store } from '../ports/store.ts';
import type { Clock, Hashing, Log, Rng } from '../ports/system.ts';

/** What every change of an incident needs. */
export interface Deps {
  readonly store: Store;
  readonly clock: Clock;
  readonly hashing: Hashing;
  readonly rng: Rng;
  readonly log: Log;
  readonly policy: Policy;
}

/** What sending pages needs besides. */
export interface PagingDeps extends Deps {
  readonly pager: Pager;
  readonly fallback: FallbackPager;
  /** Absent where this is left for later, so that no page waits for it. */
  readonly pagerRest?: PagerRest;
  /** The public page of an incident; signed and expiring where the console asks for it. */
  readonly consoleUrl: (tenant: string, incidentId: string) => Promise<string>;
}

/** What taking deliveries needs besides. */
export interface IntakeDeps extends Deps {
  readonly blobs: Blobs;
}

/** The tenant's part of the policy, or null when the policy no longer has it. */
export const tenantOf = (policy: Policy, tenant: string): TenantPolicy | null =>
  policy.tenants.find(({ id }) => id === tenant) ?? null;

/** The source with this id and whose it is. Source ids are unique over all tenants. */
export function originOf(
  policy: Policy,
  sourceId: string,
): { readonly tenant: TenantPolicy; readonly source: SourcePolicy } | null {
  for (const tenant of policy.tenants) {
    const source = tenant.sources.find(({ id }) => id === sourceId);
    if (source !== undefined) return { tenant, source };
  }
  return null;
}

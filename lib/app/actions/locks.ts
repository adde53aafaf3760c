import { isLocked, withLock } from '../../domain/action/lease.ts';
import type { Lease } from '../../domain/action/rows.ts';
import { describePrincipal, type Principal } from '../../domain/incident/principal.ts';
import { lockOf, refOf } from '../../domain/kubernetes/refs.ts';
import type { TargetPolicy } from '../../domain/policy/action-policy.ts';
import { err, ok, type Result } from '../../domain/shared/result.ts';
import type { EpochMs } from '../../domain/shared/time.ts';
import { isWorthDecidingAgain, maxAttempts, pause } from '../attempts.ts';
import { tenantOf } from '../deps.ts';
import { refused, type ActionFailure } from './commit-action.ts';
import type { ActionDeps } from './deps.ts';

/** The lease that every action on a target takes, whatever else it takes besides. */
export function lockNameOf({ on }: Pick<TargetPolicy, 'on'>): string {
  return on.kind === 'argocd'
    ? `argocd/${on.server}/${on.project}/Application/${on.application}`
    : lockOf(on.cluster, refOf(on));
}

export interface LockRequest {
  readonly tenant: string;
  readonly targetId: string;
  readonly by: Principal;
  readonly reason: string;
  /** Null: until somebody unlocks it. */
  readonly untilMs: EpochMs | null;
}

/**
 * Keeps every action from starting on a target. One that runs already runs to its end. A lock
 * that is there is replaced, so that it can be prolonged.
 */
export function lockTarget(
  deps: ActionDeps,
  request: LockRequest,
): Promise<Result<Lease, ActionFailure>> {
  const { by, reason, untilMs } = request;
  if (untilMs !== null && untilMs <= deps.clock.now()) {
    const message = 'The lock would end before it begins; name an instant that is to come.';
    return Promise.resolve(err(refused(message)));
  }
  return setLock(deps, request, { by: describePrincipal(by), reason, untilMs });
}

/** Lets actions start on a target again. */
export const unlockTarget = (
  deps: ActionDeps,
  request: Omit<LockRequest, 'untilMs'>,
): Promise<Result<Lease, ActionFailure>> => setLock(deps, request, null);

async function setLock(
  deps: ActionDeps,
  request: Omit<LockRequest, 'untilMs'>,
  lock: Lease['lock'],
): Promise<Result<Lease, ActionFailure>> {
  const { tenant, targetId } = request;
  const target = tenantOf(deps.policy, tenant)?.actions.targets.find(({ id }) => id === targetId);
  if (target === undefined) {
    return err(refused(`There is no target ${targetId} in the policy; name one that is there.`));
  }
  let last: ActionFailure = { kind: 'conflict', message: 'The lock was never free.' };
  for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
    if (attempt > 0) await pause(deps, attempt);
    const set = await setOnce(deps, request, { name: lockNameOf(target), lock });
    if (set.ok) return set;
    last = set.error;
    if (last.kind === 'refused' || !isWorthDecidingAgain(last)) break;
  }
  return err(last);
}

async function setOnce(
  { actionRows, clock, log, policy }: ActionDeps,
  { tenant, targetId, by, reason }: Omit<LockRequest, 'untilMs'>,
  { name, lock }: { readonly name: string; readonly lock: Lease['lock'] },
): Promise<Result<Lease, ActionFailure>> {
  const held = await actionRows.loadLease(tenant, name);
  if (!held.ok) return held;
  if (lock === null && !isLocked(held.value, clock.now())) {
    return err(refused(`The target ${targetId} is not locked.`, 'already'));
  }
  const lease = withLock(held.value, lock);
  const saved = await actionRows.saveLease(lease);
  if (!saved.ok) return saved;
  log.warn(lock === null ? 'A target was unlocked.' : 'A target was locked.', {
    tenant,
    target: targetId,
    by: describePrincipal(by),
    reason,
    untilMs: lock?.untilMs ?? null,
    policyVersion: policy.version,
  });
  return ok(lease);
}

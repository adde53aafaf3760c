import type { Action } from '../../domain/action/action.ts';
import { isLocked } from '../../domain/action/lease.ts';
import type { Halt, Lease } from '../../domain/action/rows.ts';
import type { TargetPolicy } from '../../domain/policy/action-policy.ts';
import { err, ok, type Result } from '../../domain/shared/result.ts';
import type { EpochMs } from '../../domain/shared/time.ts';
import type { ActionPage } from '../../ports/action-rows.ts';
import type { PortFailure } from '../../ports/failure.ts';
import { inParallel } from '../concurrency.ts';
import { tenantOf } from '../deps.ts';
import type { ActionDeps } from './deps.ts';
import { lockNameOf } from './locks.ts';

/** Names one action. */
export interface ActionRef {
  readonly tenant: string;
  readonly actionId: string;
}

/** One action as it stands, its whole plan included. */
export async function readAction(
  { actionRows }: Pick<ActionDeps, 'actionRows'>,
  { tenant, actionId }: ActionRef,
): Promise<Result<Action, PortFailure>> {
  const loaded = await actionRows.load(tenant, actionId);
  if (!loaded.ok) return loaded;
  if (loaded.value !== null) return ok(loaded.value);
  const message = `There is no action ${actionId} for tenant ${tenant}.`;
  return err({ kind: 'not_found', message });
}

/** Actions of a tenant, newest first, found by an index (eventually true). */
export const listActions = (
  { actionRows }: Pick<ActionDeps, 'actionRows'>,
  query: {
    readonly tenant: string;
    readonly status: 'open' | 'ended';
    readonly limit: number;
    readonly after: string | null;
  },
): Promise<Result<ActionPage, PortFailure>> => actionRows.list(query);

/** How a target stands. */
export interface TargetState {
  readonly target: TargetPolicy;
  /** Which action is at work on it; null: none. */
  readonly actionId: string | null;
  /** A person's lock that holds now. */
  readonly lock: Lease['lock'];
}

/** All targets of a tenant as they stand, and the kill switch. */
export interface TargetStates {
  readonly halt: Halt;
  readonly targets: readonly TargetState[];
}

const leasesAtOnce = 8;

/** Reads who is at work on what, what is locked, and whether everything is halted. */
export async function readTargets(
  { actionRows, clock, policy }: Pick<ActionDeps, 'actionRows' | 'clock' | 'policy'>,
  tenant: string,
): Promise<Result<TargetStates, PortFailure>> {
  const halt = await actionRows.loadHalt(tenant);
  if (!halt.ok) return halt;
  const targets = tenantOf(policy, tenant)?.actions.targets ?? [];
  const leases = await inParallel(targets, leasesAtOnce, (target) =>
    actionRows.loadLease(tenant, lockNameOf(target)),
  );
  const failed = leases.find((lease) => !lease.ok);
  if (failed !== undefined) return failed;
  const states = targets.map((target, index) => stateOf(target, leases[index], clock.now()));
  return ok({ halt: halt.value, targets: states });
}

function stateOf(
  target: TargetPolicy,
  lease: Result<Lease, PortFailure> | undefined,
  nowMs: EpochMs,
): TargetState {
  if (lease?.ok !== true) return { target, actionId: null, lock: null };
  const { holder, lock } = lease.value;
  return {
    target,
    actionId: holder !== null && holder.untilMs > nowMs ? holder.actionId : null,
    lock: isLocked(lease.value, nowMs) ? lock : null,
  };
}

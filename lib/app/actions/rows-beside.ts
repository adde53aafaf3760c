import type { Action } from '../../domain/action/action.ts';
import type { ActionCommand } from '../../domain/action/command.ts';
import { concernsLeases, leaseWrites } from '../../domain/action/lease.ts';
import { concernsStarts, startWrites } from '../../domain/action/recent-starts.ts';
import type { Lease, RecentStarts } from '../../domain/action/rows.ts';
import { standingAfter } from '../../domain/action/standing.ts';
import type { TenantPolicy } from '../../domain/policy/policy.ts';
import { err, ok, type Result } from '../../domain/shared/result.ts';
import type { EpochMs } from '../../domain/shared/time.ts';
import type { ActionRows } from '../../ports/action-rows.ts';
import type { ActionWrites } from '../../ports/action-writes.ts';
import type { PortFailure } from '../../ports/failure.ts';
import type { ActionDeps } from './deps.ts';

/** A decision on an action that was there before. */
export interface Step {
  readonly command: ActionCommand;
  readonly before: Action;
  readonly later: Action;
  readonly policy: TenantPolicy;
  readonly nowMs: EpochMs;
}

type Beside = Pick<ActionWrites, 'leases' | 'starts' | 'standing'>;

/** Of a new action. */
export const nothingBeside: Beside = { leases: [], starts: null, standing: null };

/** Another action has a lease that this one counted on. */
export type LeaseLost = { readonly kind: 'lease-lost' };

/** What a step writes beside its action: leases, the row of recent starts, a rule's standing. */
export async function rowsBeside(
  { actionRows }: Pick<ActionDeps, 'actionRows'>,
  step: Step,
): Promise<Result<Beside, PortFailure | LeaseLost>> {
  const held = await heldRows(actionRows, step);
  if (!held.ok) return held;
  const { before, later, policy, nowMs } = step;
  const leases = leaseWrites(before, later, held.value.leases);
  if (leases === null) return err({ kind: 'lease-lost' });
  const { guardrails } = policy.actions;
  const standing = await standingRow(actionRows, step);
  if (!standing.ok) return standing;
  const { starts } = held.value;
  return ok({
    leases,
    starts: starts === null ? null : startWrites(before, later, { starts, guardrails, nowMs }),
    standing: standing.value,
  });
}

interface Held {
  readonly leases: readonly Lease[];
  readonly starts: RecentStarts | null;
}

/** A start is written on the very rows that it was decided on. */
async function heldRows(
  actionRows: ActionRows,
  { command, before, later }: Step,
): Promise<Result<Held, PortFailure>> {
  if (command.kind === 'start') return ok({ leases: command.leases, starts: command.starts });
  const leases = concernsLeases(before, later)
    ? await loadLeases(actionRows, later)
    : ok<readonly Lease[]>([]);
  if (!leases.ok) return leases;
  if (!concernsStarts(before, later)) return ok({ leases: leases.value, starts: null });
  const starts = await actionRows.loadStarts(later.tenant);
  return starts.ok ? ok({ leases: leases.value, starts: starts.value }) : starts;
}

/** The rows of all locks of an action's plan. */
export async function loadLeases(
  actionRows: ActionRows,
  { tenant, plan }: Pick<Action, 'tenant' | 'plan'>,
): Promise<Result<readonly Lease[], PortFailure>> {
  const leases: Lease[] = [];
  for (const name of plan?.locks ?? []) {
    const lease = await actionRows.loadLease(tenant, name);
    if (!lease.ok) return lease;
    leases.push(lease.value);
  }
  return ok(leases);
}

/** One failed action takes its rule back to `propose` until its revision is raised. */
async function standingRow(
  actionRows: ActionRows,
  { before, later, policy: { actions }, nowMs }: Step,
): Promise<Result<ActionWrites['standing'], PortFailure>> {
  const { tenant, origin, state } = later;
  if (origin.kind !== 'runbook' || state !== 'failed' || before.state === 'failed') return ok(null);
  const held = await actionRows.loadStanding(tenant, origin.runbookId);
  return held.ok ? ok(standingAfter(later, held.value, { actions, nowMs })) : held;
}

import { after, minutes, type EpochMs } from '../shared/time.ts';
import type { Action } from './action.ts';
import type { Lease } from './rows.ts';

/** A lease ends so long after it was taken or renewed. */
export const leaseMs = minutes(5);

/** Renewed once less than half of it is left. */
export const isToBeRenewed = (untilMs: EpochMs, nowMs: EpochMs): boolean =>
  untilMs - nowMs < leaseMs / 2;

/** Whether somebody else than the action has it now. */
export const isHeldByOther = ({ holder }: Lease, actionId: string, nowMs: EpochMs): boolean =>
  holder !== null && holder.actionId !== actionId && holder.untilMs > nowMs;

/** Whether a person has locked it now. */
export const isLocked = ({ lock }: Lease, nowMs: EpochMs): boolean =>
  lock !== null && (lock.untilMs === null || lock.untilMs > nowMs);

/** The fence of a start on these leases: more than every one that was ever given on any of them. */
export const nextFence = (leases: readonly Lease[]): number =>
  Math.max(0, ...leases.map(({ fence }) => fence)) + 1;

/** The leases as the action has taken them. Whether it may is `whyNotStartable`'s to say. */
export const takeLeases = (
  leases: readonly Lease[],
  of: { readonly actionId: string; readonly fence: number; readonly untilMs: EpochMs },
): readonly Lease[] =>
  leases.map((lease) => ({
    ...lease,
    version: lease.version + 1,
    fence: of.fence,
    holder: { actionId: of.actionId, untilMs: of.untilMs },
  }));

/** The leases with a later end. Null: one was taken by another, so nothing may be sent any more. */
export const renewLeases = (
  leases: readonly Lease[],
  of: { readonly actionId: string; readonly fence: number; readonly untilMs: EpochMs },
): readonly Lease[] | null =>
  leases.every((lease) => isOwn(lease, of.actionId) && lease.fence === of.fence)
    ? takeLeases(leases, of)
    : null;

/** Those of the leases that the action still has, free again. */
export const releaseLeases = (leases: readonly Lease[], actionId: string): readonly Lease[] =>
  leases
    .filter((lease) => isOwn(lease, actionId))
    .map((lease) => ({ ...lease, version: lease.version + 1, holder: null }));

const isOwn = ({ holder }: Lease, actionId: string): boolean => holder?.actionId === actionId;

/** Whether a decision changes leases: then read those of the plan's locks, and write them along. */
export const concernsLeases = (before: Action, later: Action): boolean =>
  before.leaseUntilMs !== later.leaseUntilMs;

/**
 * What a decision writes of the leases of its plan's locks: taken at the start, renewed with
 * `leaseUntilMs`, free at the end, and none for all else. Null: the lease was lost; the action is
 * to be given up instead (`give-up`).
 */
export function leaseWrites(
  before: Action,
  later: Action,
  leases: readonly Lease[],
): readonly Lease[] | null {
  if (!concernsLeases(before, later)) return [];
  const { id: actionId, fence, leaseUntilMs: untilMs } = later;
  if (untilMs === null || fence === null) return releaseLeases(leases, actionId);
  const of = { actionId, fence, untilMs };
  return before.leaseUntilMs === null ? takeLeases(leases, of) : renewLeases(leases, of);
}

/** A person's lock, or none any more, on the row as it was read. */
export const withLock = (lease: Lease, lock: Lease['lock']): Lease => ({
  ...lease,
  version: lease.version + 1,
  lock,
});

/** When a lease that is taken or renewed now ends. */
export const leaseEnd = (nowMs: EpochMs): EpochMs => after(nowMs, leaseMs);

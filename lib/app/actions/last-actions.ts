import type { Action } from '../../domain/action/action.ts';
import { ok, type Result } from '../../domain/shared/result.ts';
import type { PortFailure } from '../../ports/failure.ts';
import type { ActionDeps } from './deps.ts';
import { listActions } from './read-actions.ts';

const newest = 100;

/** The open actions of a tenant and those that ended last, newest first. */
export interface LatestActions {
  readonly open: readonly Action[];
  readonly ended: readonly Action[];
  /** There are more of either than were read. */
  readonly hasMore: boolean;
}

/** Reads the newest 100 of each, found by an index (eventually true). */
export async function latestActions(
  deps: Pick<ActionDeps, 'actionRows'>,
  tenant: string,
): Promise<Result<LatestActions, PortFailure>> {
  const query = { tenant, limit: newest, after: null } as const;
  const [open, ended] = await Promise.all([
    listActions(deps, { ...query, status: 'open' }),
    listActions(deps, { ...query, status: 'ended' }),
  ]);
  if (!open.ok) return open;
  if (!ended.ok) return ended;
  return ok({
    open: open.value.actions,
    ended: ended.value.actions,
    hasMore: open.value.next !== null || ended.value.next !== null,
  });
}

/** The action that was asked for last on a target; null where none of these was. */
export const lastOn = ({ open, ended }: LatestActions, targetId: string): Action | null =>
  [...open, ...ended]
    .filter(({ request }) => request.targetId === targetId)
    .toSorted((a, b) => b.createdAtMs - a.createdAtMs)[0] ?? null;

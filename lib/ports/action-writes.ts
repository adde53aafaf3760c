import type { Action } from '../domain/action/action.ts';
import type { Lease, RecentStarts, RunbookStanding } from '../domain/action/rows.ts';

/** What a step of an action writes beside its incident's events, in the same transaction. */
export interface ActionWrites {
  /** Its `version` is one more than the stored one, 1 for a new one. */
  readonly action: Action;
  /** Each on its version, as the action. At most four. */
  readonly leases: readonly Lease[];
  readonly starts: RecentStarts | null;
  readonly standing: RunbookStanding | null;
  /** Fails as `conflict` unless the kill switch is off as the transaction is written. */
  readonly mustNotBeHalted: boolean;
}

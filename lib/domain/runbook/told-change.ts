import type { ChangeRecord } from '../action/rows.ts';
import type { EpochMs } from '../shared/time.ts';

/** One change as a feed told it, before it is known whose service it is. */
export interface ToldChange {
  /** Within its source; equal for all that is told of one change. */
  readonly id: string;
  readonly kind: ChangeRecord['kind'];
  /** The repository, the application, or the service, by the names that the policy may map. */
  readonly subject: string;
  readonly environment: string | null;
  readonly title: string;
  readonly url: string | null;
  /** Every name by which the feed knows who made it: login, e-mail, name. The best is first. */
  readonly authorNames: readonly string[];
  readonly status: ChangeRecord['status'];
  /** Null: the feed did not say, and the instant of its coming counts. */
  readonly atMs: EpochMs | null;
  readonly versions: readonly string[];
  readonly previous: readonly string[];
}

/** What one message of a feed comes to. `nothing`: it tells of no change, for the reason given. */
export type ToldChanges =
  | { readonly kind: 'changes'; readonly changes: readonly ToldChange[] }
  | { readonly kind: 'nothing'; readonly reason: string };

import type { Action } from '../domain/action/action.ts';
import type {
  ChangeRecord,
  Halt,
  Lease,
  RecentStarts,
  RunbookStanding,
} from '../domain/action/rows.ts';
import type { EpochMs } from '../domain/shared/time.ts';
import type { StoreResult } from './store.ts';

export interface ActionPage {
  readonly actions: readonly Action[];
  readonly next: string | null;
}

/**
 * Rows of actions, beside the store and in the same table: they are written by `Store.commit`,
 * with the incident's events, and read here. Reads by key are strongly consistent.
 */
export interface ActionRows {
  readonly load: (tenant: string, actionId: string) => StoreResult<Action | null>;
  /** Open actions of all tenants with `nextAtMs` up to and including this, earliest first. */
  readonly loadPending: (untilMs: EpochMs, limit: number) => StoreResult<readonly Action[]>;
  /** Newest first, found by an index (eventually true). */
  readonly list: (query: {
    readonly tenant: string;
    readonly status: 'open' | 'ended';
    readonly limit: number;
    readonly after: string | null;
  }) => StoreResult<ActionPage>;
  /** A lease that was never taken comes back free, with version 0. */
  readonly loadLease: (tenant: string, name: string) => StoreResult<Lease>;
  /** A person's lock, on the row's version. */
  readonly saveLease: (lease: Lease) => StoreResult<void>;
  readonly loadHalt: (tenant: string) => StoreResult<Halt>;
  readonly saveHalt: (halt: Halt) => StoreResult<void>;
  readonly loadStarts: (tenant: string) => StoreResult<RecentStarts>;
  readonly loadStanding: (tenant: string, runbookId: string) => StoreResult<RunbookStanding | null>;
}

/** What was changed, by service. */
export interface Changes {
  /** False when it is known already. A later status of the same id replaces an earlier one. */
  readonly put: (change: ChangeRecord) => StoreResult<boolean>;
  /** Of a service, newest first, at most 100. */
  readonly near: (query: {
    readonly tenant: string;
    readonly service: string;
    readonly fromMs: EpochMs;
    readonly untilMs: EpochMs;
  }) => StoreResult<readonly ChangeRecord[]>;
}

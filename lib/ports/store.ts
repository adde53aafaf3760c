import type { Thread } from '../domain/correlation/thread.ts';
import type { Commit } from '../domain/incident/event.ts';
import type { DueAt } from '../domain/incident/due.ts';
import type { Incident } from '../domain/incident/state.ts';
import type { Result } from '../domain/shared/result.ts';
import type { DurationMs, EpochMs } from '../domain/shared/time.ts';
import type { ActionWrites } from './action-writes.ts';
import type { PortFailure } from './failure.ts';

export type StoreResult<Value> = Promise<Result<Value, PortFailure>>;

/** Names one stored delivery: the source's group and the digest of its alert set. */
export interface DeliveryKey {
  readonly tenant: string;
  readonly sourceId: string;
  /** SHA-256 of the source's group key. */
  readonly groupHash: string;
  /** Digest over the set of fingerprint, start and status. */
  readonly setDigest: string;
}

/** What became of a delivery: every alert in it is in exactly one of these. */
export interface DeliveryOutcome {
  readonly kind: 'attached' | 'suppressed' | 'test' | 'quarantined' | 'empty';
  readonly incidentIds: readonly string[];
  readonly alerts: number;
  readonly reason: string;
}

/** A raw delivery, kept for 400 days. `body` is the bytes as received. */
export interface StoredDelivery {
  readonly key: DeliveryKey;
  readonly deliveryId: string;
  readonly receivedAtMs: EpochMs;
  /** SHA-256 of the raw bytes, hex. */
  readonly bodyHash: string;
  /** Null when the caller stored the bytes as a blob, which it does above 350 KB. */
  readonly body: Uint8Array | null;
  readonly outcome: DeliveryOutcome;
  /** Threads that its alerts belong to. */
  readonly threadHashes: readonly string[];
}

/** What is known of an earlier delivery with the same key, without its body. */
export type KnownDelivery = Omit<StoredDelivery, 'body' | 'key'>;

/** A repeat: no event, only proof that it came. Under 1 KB. */
export interface Receipt {
  readonly key: DeliveryKey;
  readonly receivedAtMs: EpochMs;
  readonly bodyHash: string;
  /** The delivery that first brought this alert set. */
  readonly firstDeliveryId: string;
  readonly requestId: string;
}

/** One decision, written whole or not at all. */
export interface IncidentWrite {
  /** The incident after the events. Its `version` is the count of all events. */
  readonly incident: Incident;
  /** `version` of the incident before, 0 when it is new: the condition of the write. */
  readonly expectedVersion: number;
  readonly commit: Commit;
  readonly dueAdded: readonly DueAt[];
  readonly dueRemoved: readonly DueAt[];
}

/** The right to do something once, for a while. */
export interface Claim {
  readonly tenant: string;
  /** For example `fallback#<incident>#<intent>`. */
  readonly id: string;
  readonly atMs: EpochMs;
  readonly keepForMs: DurationMs;
}

/**
 * Everything that must stand or fall together. At most 100 items, which the caller keeps by
 * bounding intents (50) and rows; `too_large` otherwise.
 */
export interface Transaction {
  /** Same decision, same token: lets the SDK's own retries be harmless for ten minutes. */
  readonly token: string;
  readonly incident?: IncidentWrite;
  /** Written when membership or the pointer changed; conditional on its version before. */
  readonly thread?: { readonly value: Thread; readonly expectedVersion: number };
  /** Must not exist before. */
  readonly delivery?: StoredDelivery;
  /** The step of an action that the incident's events tell of. */
  readonly action?: ActionWrites;
}

export interface IncidentPage {
  readonly incidents: readonly Incident[];
  readonly next: string | null;
}

/**
 * The one table. Reads by key are strongly consistent. A failed condition is `conflict`: read
 * again and decide anew. A lost answer may have been applied: that, too, shows on reading again.
 */
export interface Store {
  readonly loadDelivery: (key: DeliveryKey) => StoreResult<KnownDelivery | null>;
  readonly loadThread: (tenant: string, threadHash: string) => StoreResult<Thread | null>;
  readonly loadIncident: (tenant: string, incidentId: string) => StoreResult<Incident | null>;
  /** Commits in order from the first, all pages. */
  readonly loadCommits: (tenant: string, incidentId: string) => StoreResult<readonly Commit[]>;
  readonly commit: (transaction: Transaction) => StoreResult<void>;
  readonly putReceipt: (receipt: Receipt) => StoreResult<void>;
  /** Number of receipts of a delivery and the newest instant; for display, eventually true. */
  readonly countRepeats: (
    key: DeliveryKey,
  ) => StoreResult<{ readonly count: number; readonly lastAtMs: EpochMs | null }>;
  /** Rows due up to and including `untilMs`, earliest first over all shards, at most `limit`. */
  readonly loadDue: (untilMs: EpochMs, limit: number) => StoreResult<readonly DueAt[]>;
  /** Removes rows that no longer follow from their incident. Absent rows are no failure. */
  readonly dropDue: (rows: readonly DueAt[]) => StoreResult<void>;
  /** Adds `n` to a counter of one minute and returns the new sum. */
  readonly countInMinute: (counter: string, atMs: EpochMs, n: number) => StoreResult<number>;
  /** True for the first caller only, until `keepForMs` is over. */
  readonly claim: (claim: Claim) => StoreResult<boolean>;
  /** Newest first. Found by an index (eventually true), then each read by key. */
  readonly listIncidents: (query: {
    readonly tenant: string;
    readonly status: 'open' | 'closed';
    readonly limit: number;
    readonly after: string | null;
  }) => StoreResult<IncidentPage>;
}

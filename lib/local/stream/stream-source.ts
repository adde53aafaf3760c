import type { JsonObject } from '../shared/json.ts';

/** A shard of a stream; its parent's records come before its own. */
export interface Shard {
  readonly shardId: string;
  readonly parentShardId: string | undefined;
}

/** Where reading of a shard begins. */
export type ShardStart =
  | { readonly kind: 'oldest' }
  | { readonly kind: 'latest' }
  | { readonly kind: 'after'; readonly sequenceNumber: string };

/** One answer of a shard: records in order, and where to go on; no `next` means that it is closed. */
export interface ShardPage {
  readonly records: readonly JsonObject[];
  readonly next: string | undefined;
}

/** The stream of one table, as the runner of a mapping reads it. All calls may reject. */
export interface StreamSource {
  /** Names this stream among all that the table ever had. */
  readonly streamArn: string;
  /** The table's partition key attribute. */
  readonly hashKey: string;
  readonly listShards: () => Promise<readonly Shard[]>;
  /** Gives the iterator to read with. A record trimmed since then means the oldest one left. */
  readonly open: (shardId: string, start: ShardStart) => Promise<string>;
  readonly read: (iterator: string, limit: number) => Promise<ShardPage>;
}

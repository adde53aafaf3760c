import type { JsonObject } from '../shared/json.ts';
import type { Bell } from '../shared/bell.ts';
import { backoffMs, type DeliveryPolicy } from './delivery.ts';
import type { ShardPosition } from './position.ts';
import type { ShardStart, StreamSource } from './stream-source.ts';

/** What reading a shard needs. */
export interface FollowDeps {
  readonly source: StreamSource;
  readonly position: ShardPosition;
  readonly policy: DeliveryPolicy;
  readonly pollIntervalMs: number;
  /** Reading pauses while so many records are unsettled. */
  readonly maxBacklog: number;
  /** Takes records in order, and moves the position over them. */
  readonly take: (records: readonly JsonObject[]) => void;
  readonly warn: (message: string) => void;
}

/** GetRecords gives at most so many (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_GetRecords.html). */
const MAX_RECORDS_PER_READ = 1000;

/**
 * Reads a shard to its end: at once again after a full answer, else after the poll interval. Reading at
 * once after any record would turn a storm into invocations of one record each, which cost a quarter of
 * this machine's throughput and often overtake the page that ingest itself is just sending. A call
 * that rejects is tried again, with backoff, behind the last record read. Resolves with true at the end
 * of the shard, false when the bell was closed. The bell must ring when records are settled.
 */
export async function followShard(
  shardId: string,
  start: ShardStart,
  { bell, ...deps }: FollowDeps & { readonly bell: Bell },
): Promise<boolean> {
  let failures = 0;
  while (!bell.isClosed()) {
    try {
      const isAtEnd = await readOn(await open(shardId, start, deps), deps, {
        bell,
        succeeded: () => (failures = 0),
      });
      if (isAtEnd) return true;
    } catch (error) {
      deps.warn(`Shard ${shardId} could not be read: ${String(error)}`);
      await bell.pause(backoffMs(deps.policy, failures));
      failures += 1;
    }
  }
  return false;
}

async function open(
  shardId: string,
  start: ShardStart,
  { source, position }: FollowDeps,
): Promise<string> {
  const from = position.readThrough();
  return await source.open(
    shardId,
    from === undefined ? start : { kind: 'after', sequenceNumber: from },
  );
}

async function readOn(
  opened: string,
  { source, position, pollIntervalMs, maxBacklog, take }: FollowDeps,
  { bell, succeeded }: { readonly bell: Bell; readonly succeeded: () => void },
): Promise<boolean> {
  let iterator: string | undefined = opened;
  while (iterator !== undefined && !bell.isClosed()) {
    if (position.outstanding() >= maxBacklog) {
      await bell.wait();
      continue;
    }
    const page = await source.read(iterator, MAX_RECORDS_PER_READ);
    succeeded();
    take(page.records);
    iterator = page.next;
    const isFull = page.records.length >= MAX_RECORDS_PER_READ;
    if (!isFull && iterator !== undefined) await bell.pause(pollIntervalMs);
  }
  return iterator === undefined;
}

import { createHash } from 'node:crypto';
import type { JsonObject } from '../shared/json.ts';
import { createBell, type Bell } from '../shared/bell.ts';
import type { DeliveryDeps } from './deliver-batch.ts';
import { followShard, type FollowDeps } from './follow-shard.ts';
import { startLane, type Lane } from './lane.ts';
import {
  sequenceNumberOf,
  toFunctionRecord,
  toStreamRecord,
  type RecordOrigin,
  type StreamRecord,
} from './stream-record.ts';
import type { ShardStart } from './stream-source.ts';

/** What the reader of one shard needs. */
export interface ShardReaderDeps
  extends Omit<DeliveryDeps, 'settle'>, Omit<FollowDeps, 'take' | 'maxBacklog'> {
  readonly origin: RecordOrigin;
  /** Called after each advance of the position. */
  readonly advanced: () => void;
}

/** Reads one shard and delivers its records. */
export interface ShardReader {
  /** Resolves with true when the shard is closed and every record of it settled; false after a stop. */
  readonly done: Promise<boolean>;
  readonly stop: () => Promise<void>;
}

/** The reader pauses at so many unsettled records, or at two batches a lane if that is more. */
const MIN_BACKLOG = 1000;

/** Starts to read a shard; `start` counts only while the position has no record. */
export function startShardReader(
  shardId: string,
  start: ShardStart,
  deps: ShardReaderDeps,
): ShardReader {
  const { origin, position, config } = deps;
  const bell = createBell(deps.timekeeper);
  const lanes = startLanes({
    ...deps,
    settle: (records) => {
      position.settle(records.map(({ sequenceNumber }) => sequenceNumber));
      deps.advanced();
      bell.ring();
    },
  });

  const take = (records: readonly JsonObject[]): void => {
    for (const raw of records) {
      const record = toFunctionRecord(raw, origin);
      const isWanted = config.accepts(record);
      position.read(sequenceNumberOf(raw), !isWanted);
      if (isWanted) pushToLane(lanes, toStreamRecord(record, origin));
    }
    if (records.length > 0) deps.advanced();
  };

  const maxBacklog = Math.max(MIN_BACKLOG, 2 * config.batchSize * config.parallelizationFactor);
  const following = followShard(shardId, start, { ...deps, take, maxBacklog, bell });
  const done = following.then(
    async (isAtEnd) => isAtEnd && (await untilSettled(deps.position, bell)),
  );
  return {
    done,
    stop: async () => {
      bell.close();
      await Promise.all([done, ...lanes.map((lane) => lane.stop())]);
    },
  };
}

async function untilSettled(position: ShardReaderDeps['position'], bell: Bell): Promise<boolean> {
  while (position.outstanding() > 0 && !bell.isClosed()) await bell.wait();
  return position.outstanding() === 0;
}

type Lanes = readonly [Lane, ...Lane[]];

function startLanes(deps: DeliveryDeps): Lanes {
  const others = Array.from({ length: deps.config.parallelizationFactor - 1 }, () =>
    startLane(deps),
  );
  return [startLane(deps), ...others];
}

/** Records of one partition key always take the same lane. */
function pushToLane(lanes: Lanes, record: StreamRecord): void {
  const hash = createHash('sha256').update(record.partitionKey).digest().readUInt32BE(0);
  const lane = lanes[hash % lanes.length] ?? lanes[0];
  lane.push(record);
}

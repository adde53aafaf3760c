import type { CheckpointStore, ShardCheckpoint } from './checkpoint.ts';
import { createPosition, type ShardPosition } from './position.ts';
import { isBefore } from './stream-record.ts';
import type { Shard } from './stream-source.ts';

/** One shard that a mapping knows. */
export interface ShardEntry {
  readonly position: ShardPosition;
  /** Ends the reader, once there is one. */
  stopReader: (() => Promise<void>) | undefined;
  /** Closed, and every record of it done. */
  isFinished: boolean;
}

/** The shards of one stream, with how far each is, kept across restarts. */
export interface ShardBook {
  /** No position was kept for this stream: the mapping has never read it. */
  readonly isNew: boolean;
  /** The shards to start on now: not read yet, and their parent finished or gone. */
  readonly due: (listed: readonly Shard[]) => readonly (readonly [string, ShardEntry])[];
  readonly entries: () => readonly ShardEntry[];
  /** Writes the checkpoint; a failure is told and the next advance tries again. */
  readonly keep: () => void;
  /** The lowest position that is kept, over all shards that still hold records. */
  readonly doneThrough: () => string | undefined;
}

export interface ShardBookDeps {
  readonly streamArn: string;
  readonly checkpoints: CheckpointStore;
  readonly warn: (message: string) => void;
}

/** Opens the book of a stream at its last checkpoint; one of another stream counts as none. */
export function openShardBook({ streamArn, checkpoints, warn }: ShardBookDeps): ShardBook {
  const stored = checkpoints.load();
  const shards = new Map(
    stored?.streamArn === streamArn
      ? [...stored.shards].map(([id, shard]) => [id, toEntry(shard)])
      : [],
  );
  const isNew = shards.size === 0;
  let keptThrough = lowestDone(shards);
  return {
    isNew,
    due: (listed) => {
      const listedIds = new Set(listed.map(({ shardId }) => shardId));
      for (const [id, { isFinished }] of shards) {
        if (isFinished && !listedIds.has(id)) shards.delete(id);
      }
      const isOver = (id: string): boolean =>
        !listedIds.has(id) || shards.get(id)?.isFinished === true;
      const due = listed
        .filter(({ parentShardId }) => parentShardId === undefined || isOver(parentShardId))
        .map(({ shardId }) => [shardId, shards.get(shardId) ?? toEntry({})] as const)
        .filter(([, { stopReader, isFinished }]) => stopReader === undefined && !isFinished);
      for (const [id, entry] of due) shards.set(id, entry);
      return due;
    },
    entries: () => [...shards.values()],
    keep: () => {
      const kept = new Map([...shards].map(([id, entry]) => [id, toCheckpoint(entry)]));
      try {
        checkpoints.save({ streamArn, shards: kept });
        keptThrough = lowestDone(shards);
      } catch (error) {
        warn(`The checkpoint could not be kept: ${String(error)}`);
      }
    },
    doneThrough: () => keptThrough,
  };
}

function toEntry({ doneThrough, finished }: ShardCheckpoint): ShardEntry {
  return {
    position: createPosition(doneThrough),
    stopReader: undefined,
    isFinished: finished === true,
  };
}

function toCheckpoint({ position, isFinished }: ShardEntry): ShardCheckpoint {
  const doneThrough = position.doneThrough();
  return {
    ...(doneThrough === undefined ? {} : { doneThrough }),
    ...(isFinished ? { finished: true } : {}),
  };
}

function lowestDone(shards: ReadonlyMap<string, ShardEntry>): string | undefined {
  const done = [...shards.values()]
    .filter(({ isFinished }) => !isFinished)
    .map(({ position }) => position.doneThrough());
  const known = done.filter((sequenceNumber) => sequenceNumber !== undefined);
  if (known.length < done.length) return undefined;
  return known.sort((a, b) => (isBefore(a, b) ? -1 : 1)).at(0);
}

import { readTextIfPresent, writeFileAtomically } from '../shared/files.ts';
import { isJsonObject, ownValue, parseJson } from '../shared/json.ts';

/** How far a mapping is with one shard. */
export interface ShardCheckpoint {
  /** The last record of which everything before is done too. */
  readonly doneThrough?: string;
  /** The shard was closed and every record of it is done. */
  readonly finished?: boolean;
}

/** How far a mapping is with its stream, by shard id. */
export interface Checkpoint {
  /** A table that was made anew has another stream, to which the old positions mean nothing. */
  readonly streamArn: string;
  readonly shards: ReadonlyMap<string, ShardCheckpoint>;
}

/** Keeps the checkpoint of one mapping. */
export interface CheckpointStore {
  readonly load: () => Checkpoint | undefined;
  /** The checkpoint is kept when this returns, and is the old one or the new one after a kill. */
  readonly save: (checkpoint: Checkpoint) => void;
}

/**
 * A checkpoint in a JSON file. A missing or unreadable one is none: the mapping then starts where its
 * properties say, and delivers again what is still in the stream.
 */
export function createCheckpointFile(path: string): CheckpointStore {
  let inFile: string | undefined;
  return {
    load: () => readCheckpoint(parseJson(readTextIfPresent(path) ?? '')),
    save: ({ streamArn, shards }) => {
      const text = JSON.stringify({ streamArn, shards: Object.fromEntries(shards) });
      if (text === inFile) return;
      writeFileAtomically(path, text);
      inFile = text;
    },
  };
}

function readCheckpoint(stored: unknown): Checkpoint | undefined {
  if (!isJsonObject(stored)) return undefined;
  const { streamArn, shards } = stored;
  if (typeof streamArn !== 'string' || !isJsonObject(shards)) return undefined;
  return {
    streamArn,
    shards: new Map(Object.entries(shards).map(([id, shard]) => [id, readShard(shard)])),
  };
}

function readShard(stored: unknown): ShardCheckpoint {
  if (!isJsonObject(stored)) return {};
  const doneThrough = ownValue(stored, 'doneThrough');
  return {
    ...(typeof doneThrough === 'string' ? { doneThrough } : {}),
    ...(ownValue(stored, 'finished') === true ? { finished: true } : {}),
  };
}

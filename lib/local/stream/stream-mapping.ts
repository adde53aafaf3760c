import { randomUUID } from 'node:crypto';
import type { InvocationResult } from '../runtime/functions/invocation.ts';
import { ACCOUNT_ID, REGION } from '../runtime/template/local-values.ts';
import type { Timekeeper } from '../shared/timekeeper.ts';
import { createBell, type Bell } from '../shared/bell.ts';
import type { CheckpointStore } from './checkpoint.ts';
import type { Discard } from './delivery.ts';
import { failureMessage, type FailureMessage } from './failure-message.ts';
import type { StreamMappingConfig } from './mapping-config.ts';
import { openShardBook, type ShardBook, type ShardEntry } from './shard-book.ts';
import { startShardReader } from './shard-reader.ts';
import type { RecordOrigin } from './stream-record.ts';
import type { ShardStart, StreamSource } from './stream-source.ts';

/** What a mapping runs on. */
export interface StreamMappingDeps {
  readonly source: StreamSource;
  readonly checkpoints: CheckpointStore;
  readonly timekeeper: Timekeeper;
  readonly functionArn: string;
  /** Runs the function on an event, both as JSON text; never rejects. */
  readonly invoke: (event: string) => Promise<InvocationResult>;
  /** Tells the failure destination of discarded records; called again when it rejects or throws. */
  readonly onFailure: (destinationArn: string, message: FailureMessage) => void | Promise<void>;
  readonly warn: (message: string) => void;
  readonly settings?: Partial<StreamMappingSettings>;
}

/** What Lambda leaves to itself. */
export interface StreamMappingSettings {
  /** Between polls that are not full; Lambda polls a shard four times a second. */
  readonly pollIntervalMs: number;
  readonly firstBackoffMs: number;
  readonly longestBackoffMs: number;
}

const DEFAULT_SETTINGS: StreamMappingSettings = {
  pollIntervalMs: 250,
  firstBackoffMs: 500,
  longestBackoffMs: 30_000,
};

/** A running mapping. */
export interface StreamMapping {
  /** Everything up to this record is done and kept as done; `undefined` when nothing is yet. */
  readonly doneThrough: () => string | undefined;
  /** Waits for the invocations that run; what is not done then is delivered again at the next start. */
  readonly stop: () => Promise<void>;
}

/**
 * Feeds a function from a DynamoDB stream as a Lambda event source mapping does: at least once, in
 * order per partition key, from the checkpoint on, parents of a split shard before its children. A
 * record counts as done only when its batch succeeded, it was filtered out, or it was given up.
 */
export function runStreamMapping(
  config: StreamMappingConfig,
  deps: StreamMappingDeps,
): StreamMapping {
  const settings = { ...DEFAULT_SETTINGS, ...deps.settings };
  const book = openShardBook({ ...deps, streamArn: deps.source.streamArn });
  const bell = createBell(deps.timekeeper);
  const parts: MappingParts = { config, deps, settings, book, bell };
  const running = runShards(parts);
  return {
    doneThrough: book.doneThrough,
    stop: async () => {
      bell.close();
      await running;
      await Promise.all(book.entries().map(async ({ stopReader }) => await stopReader?.()));
    },
  };
}

interface MappingParts {
  readonly config: StreamMappingConfig;
  readonly deps: StreamMappingDeps;
  readonly settings: StreamMappingSettings;
  readonly book: ShardBook;
  /** Rings when a shard is finished, so that its children are looked for. */
  readonly bell: Bell;
}

async function runShards(parts: MappingParts): Promise<void> {
  const { config, deps, settings, book, bell } = parts;
  let start = firstStart(config, book);
  while (!bell.isClosed()) {
    try {
      const listed = await deps.source.listShards();
      if (bell.isClosed()) return;
      for (const [shardId, entry] of book.due(listed)) readShard(parts, { shardId, entry, start });
      // Shards found later are children, whose first records nobody has read.
      start = { kind: 'oldest' };
      await bell.wait();
    } catch (error) {
      deps.warn(`The shards of ${deps.source.streamArn} could not be listed: ${String(error)}`);
      await bell.pause(settings.firstBackoffMs);
    }
  }
}

function readShard(
  { config, deps, settings, book, bell }: MappingParts,
  given: { readonly shardId: string; readonly entry: ShardEntry; readonly start: ShardStart },
): void {
  const { shardId, entry, start } = given;
  const reader = startShardReader(shardId, start, {
    ...deps,
    config,
    policy: { ...config, ...settings },
    origin: originOf(deps.source),
    position: entry.position,
    pollIntervalMs: settings.pollIntervalMs,
    advanced: book.keep,
    discard: (discard) => tellOfDiscard({ discard, shardId, config, deps }),
  });
  entry.stopReader = reader.stop;
  void reader.done.then((isFinished) => {
    if (!isFinished) return;
    entry.isFinished = true;
    book.keep();
    bell.ring();
  });
}

/** A stream that was read before goes on at its oldest record where a shard has no position yet. */
function firstStart({ startingPosition }: StreamMappingConfig, { isNew }: ShardBook): ShardStart {
  return startingPosition === 'LATEST' && isNew ? { kind: 'latest' } : { kind: 'oldest' };
}

function originOf({ streamArn, hashKey }: StreamSource): RecordOrigin {
  const [, , service, , , ...resource] = streamArn.split(':');
  const parts = ['arn', 'aws', service, REGION, ACCOUNT_ID, ...resource];
  return { region: REGION, eventSourceArn: parts.join(':'), hashKey };
}

async function tellOfDiscard(given: {
  readonly discard: Discard;
  readonly shardId: string;
  readonly config: StreamMappingConfig;
  readonly deps: StreamMappingDeps;
}): Promise<void> {
  const { discard, shardId, config, deps } = given;
  const message = failureMessage(discard, {
    requestId: randomUUID(),
    functionArn: deps.functionArn,
    shardId,
    streamArn: originOf(deps.source).eventSourceArn,
    nowMs: deps.timekeeper.nowMs(),
  });
  deps.warn(`${discard.records.length} records were given up: ${JSON.stringify(message)}`);
  if (config.onFailureArn !== undefined) await deps.onFailure(config.onFailureArn, message);
}

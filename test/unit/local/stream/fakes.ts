import type { InvocationResult } from '../../../../lib/local/runtime/functions/invocation.ts';
import type { Checkpoint, CheckpointStore } from '../../../../lib/local/stream/checkpoint.ts';
import type { FailureMessage } from '../../../../lib/local/stream/failure-message.ts';
import {
  readMappingConfig,
  type StreamMappingConfig,
} from '../../../../lib/local/stream/mapping-config.ts';
import {
  runStreamMapping,
  type StreamMapping,
} from '../../../../lib/local/stream/stream-mapping.ts';
import type { StreamSource } from '../../../../lib/local/stream/stream-source.ts';
import type { JsonObject } from '../../../../lib/local/shared/json.ts';
import { createFakeTimekeeper, type FakeTimekeeper } from '../fake-timekeeper.ts';

export const START_MS = Date.UTC(2026, 0, 1);
export const STREAM_ARN = 'arn:aws:dynamodb:dynoxide:000000000000:table/incidents/stream/17.5';
export const FUNCTION_ARN = 'arn:aws:lambda:us-east-1:000000000000:function:page';
export const DLQ_ARN = 'arn:aws:sqs:us-east-1:000000000000:page-dlq';

/** A record as GetRecords gives it. */
export function rawRecord(sequenceNumber: number, change: Partial<RawChange> = {}): JsonObject {
  const { key = 'k', kind = 'intent', eventName = 'INSERT', atMs = START_MS } = change;
  return {
    eventID: String(sequenceNumber),
    eventName,
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: 'dynoxide',
    dynamodb: {
      ApproximateCreationDateTime: atMs / 1000,
      Keys: { pk: { S: key }, sk: { S: String(sequenceNumber) } },
      NewImage: { pk: { S: key }, sk: { S: String(sequenceNumber) }, kind: { S: kind } },
      SequenceNumber: String(sequenceNumber),
      SizeBytes: 100,
      StreamViewType: 'NEW_AND_OLD_IMAGES',
    },
  };
}

export interface RawChange {
  readonly key: string;
  readonly kind: string;
  readonly eventName: string;
  readonly atMs: number;
}

interface FakeShard {
  readonly shardId: string;
  readonly parentShardId: string | undefined;
  readonly records: JsonObject[];
  isClosed: boolean;
}

/** A stream in memory: shards that grow, close, and fail on demand. */
export class FakeStream implements StreamSource {
  readonly streamArn: string;
  readonly hashKey = 'pk';
  readonly shards: FakeShard[] = [];
  reads = 0;
  /** So many of the next calls reject. */
  failures = 0;

  constructor(streamArn = STREAM_ARN) {
    this.streamArn = streamArn;
    this.addShard('shard-1');
  }

  addShard(shardId: string, parentShardId?: string): FakeShard {
    const shard = { shardId, parentShardId, records: [], isClosed: false };
    this.shards.push(shard);
    return shard;
  }

  append(...records: readonly JsonObject[]): void {
    this.shards[0]?.records.push(...records);
  }

  readonly listShards: StreamSource['listShards'] = async () => {
    await this.#maybeFail();
    return this.shards;
  };

  readonly open: StreamSource['open'] = async (shardId, start) => {
    await this.#maybeFail();
    const { records } = this.#shard(shardId);
    if (start.kind === 'oldest') return `${shardId}@0`;
    if (start.kind === 'latest') return `${shardId}@${records.length}`;
    const past = records.findIndex(
      ({ dynamodb }) =>
        Number((dynamodb as JsonObject)['SequenceNumber']) > Number(start.sequenceNumber),
    );
    return `${shardId}@${past === -1 ? records.length : past}`;
  };

  readonly read: StreamSource['read'] = async (iterator, limit) => {
    await this.#maybeFail();
    this.reads += 1;
    const [shardId = '', at = '0'] = iterator.split('@');
    const shard = this.#shard(shardId);
    const records = shard.records.slice(Number(at), Number(at) + limit);
    const next = Number(at) + records.length;
    const isAtEnd = shard.isClosed && next === shard.records.length;
    return { records, next: isAtEnd ? undefined : `${shardId}@${next}` };
  };

  async #maybeFail(): Promise<void> {
    await Promise.resolve();
    if (this.failures === 0) return;
    this.failures -= 1;
    throw new Error('connection refused');
  }

  #shard(shardId: string): FakeShard {
    const shard = this.shards.find((one) => one.shardId === shardId);
    if (shard === undefined) throw new Error(`There is no shard ${shardId}.`);
    return shard;
  }
}

export function createMemoryCheckpoint(): CheckpointStore {
  let kept: Checkpoint | undefined;
  return {
    load: () => kept,
    save: (checkpoint) => {
      kept = checkpoint;
    },
  };
}

/** What the function is asked, and what it does: its answer, a rejection of the batch, or nothing yet. */
export type FakeFunction = (sequenceNumbers: readonly string[]) => unknown;

/** Fails the whole invocation. */
export const THROWS = Symbol('throws');

export interface Rig {
  readonly stream: FakeStream;
  readonly timekeeper: FakeTimekeeper;
  readonly mapping: StreamMapping;
  /** The sequence numbers of each invocation, in order. */
  readonly batches: (readonly string[])[];
  readonly events: JsonObject[];
  readonly failed: FailureMessage[];
  readonly warnings: string[];
  /** Moves the clock in steps, letting everything run that can. */
  readonly pass: (ms: number) => Promise<void>;
}

export interface RigOptions {
  readonly stream?: FakeStream;
  readonly checkpoints?: CheckpointStore;
  readonly timekeeper?: FakeTimekeeper;
  readonly properties?: JsonObject;
  readonly onFailure?: (arn: string, message: FailureMessage) => void;
}

export const BASE_PROPERTIES: JsonObject = {
  StartingPosition: 'TRIM_HORIZON',
  BatchSize: 100,
  BisectBatchOnFunctionError: true,
  FunctionResponseTypes: ['ReportBatchItemFailures'],
  MaximumRetryAttempts: 2,
  MaximumRecordAgeInSeconds: 3600,
  DestinationConfig: { OnFailure: { Destination: DLQ_ARN } },
};

export function configOf(properties: JsonObject = {}): StreamMappingConfig {
  return readMappingConfig({ ...BASE_PROPERTIES, ...properties });
}

/** Runs a mapping over fakes. */
export function startRig(handler: FakeFunction, options: RigOptions = {}): Rig {
  const stream = options.stream ?? new FakeStream();
  const timekeeper = options.timekeeper ?? createFakeTimekeeper(START_MS);
  const [batches, events]: [(readonly string[])[], JsonObject[]] = [[], []];
  const [failed, warnings]: [FailureMessage[], string[]] = [[], []];
  const mapping = runStreamMapping(configOf(options.properties), {
    source: stream,
    checkpoints: options.checkpoints ?? createMemoryCheckpoint(),
    timekeeper,
    functionArn: FUNCTION_ARN,
    invoke: async (text) => {
      const event = JSON.parse(text) as { Records: { dynamodb: { SequenceNumber: string } }[] };
      const sequenceNumbers = event.Records.map(({ dynamodb }) => dynamodb.SequenceNumber);
      batches.push(sequenceNumbers);
      events.push(event);
      return toResult(await handler(sequenceNumbers));
    },
    onFailure: (arn, message) => {
      options.onFailure?.(arn, message);
      failed.push(message);
    },
    warn: (message) => warnings.push(message),
  });
  const pass = async (ms: number): Promise<void> => {
    for (let left = ms; left >= 0; left -= 50) {
      await turn();
      await timekeeper.advance(Math.min(50, left));
    }
    await turn();
  };
  return { stream, timekeeper, mapping, batches, events, failed, warnings, pass };
}

function toResult(answer: unknown): InvocationResult {
  if (answer === THROWS) {
    return { kind: 'function_error', error: { errorType: 'Error', errorMessage: 'on purpose' } };
  }
  return { kind: 'ok', payload: JSON.stringify(answer ?? null) };
}

/** Reports these records as failed, when they are in the batch. */
export function failing(...poison: readonly number[]): FakeFunction {
  return (sequenceNumbers) => ({
    batchItemFailures: sequenceNumbers
      .filter((sequenceNumber) => poison.includes(Number(sequenceNumber)))
      .map((itemIdentifier) => ({ itemIdentifier })),
  });
}

/** Lets every promise that can go on do so; no time passes. */
export async function turn(): Promise<void> {
  for (let round = 0; round < 3; round += 1) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

import { describe, expect, it } from 'vitest';
import {
  BASE_PROPERTIES,
  DLQ_ARN,
  FUNCTION_ARN,
  FakeStream,
  START_MS,
  THROWS,
  createMemoryCheckpoint,
  failing,
  rawRecord,
  startRig,
} from './fakes.ts';

const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, at) => from + at);
const texts = (from: number, to: number): string[] => range(from, to).map(String);
const fill = (stream: FakeStream, from: number, to: number): void =>
  stream.append(...range(from, to).map((sequenceNumber) => rawRecord(sequenceNumber)));

describe('a stream mapping', () => {
  it('gives the function the event that Lambda gives', async () => {
    const rig = startRig(() => null);
    rig.stream.append(rawRecord(7, { key: 'incident' }));
    await rig.pass(0);
    const eventSourceARN = 'arn:aws:dynamodb:us-east-1:000000000000:table/incidents/stream/17.5';
    expect(rig.events).toEqual([
      {
        Records: [
          {
            eventID: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
            eventName: 'INSERT',
            eventVersion: '1.1',
            eventSource: 'aws:dynamodb',
            awsRegion: 'us-east-1',
            dynamodb: rawRecord(7, { key: 'incident' })['dynamodb'],
            eventSourceARN,
          },
        ],
      },
    ]);
    await rig.mapping.stop();
  });

  it('keeps who removed an item by its time to live', async () => {
    const userIdentity = { type: 'Service', principalId: 'dynamodb.amazonaws.com' };
    const rig = startRig(() => null);
    rig.stream.append({ ...rawRecord(1, { eventName: 'REMOVE' }), userIdentity });
    await rig.pass(0);
    expect(rig.events[0]).toMatchObject({ Records: [{ eventName: 'REMOVE', userIdentity }] });
    await rig.mapping.stop();
  });

  it('polls four times a second while there is nothing, and at once again after records', async () => {
    const rig = startRig(() => null);
    await rig.pass(1000);
    expect(rig.stream.reads).toBe(5);
    fill(rig.stream, 1, 2500);
    await rig.pass(250);
    expect(rig.batches.flat()).toEqual(texts(1, 2500));
    await rig.mapping.stop();
  });

  it('divides what it read into batches of the batch size', async () => {
    const rig = startRig(() => null, { properties: { BatchSize: 4 } });
    fill(rig.stream, 1, 10);
    await rig.pass(250);
    expect(rig.batches).toEqual([texts(1, 4), texts(5, 8), texts(9, 10)]);
    await rig.mapping.stop();
  });

  it('gathers records for the batching window, and no longer once a batch is full', async () => {
    const rig = startRig(() => null, {
      properties: { BatchSize: 4, MaximumBatchingWindowInSeconds: 5 },
    });
    fill(rig.stream, 1, 2);
    await rig.pass(4000);
    expect(rig.batches).toEqual([]);
    fill(rig.stream, 3, 5);
    await rig.pass(300);
    expect(rig.batches).toEqual([texts(1, 4)]);
    await rig.pass(5000);
    expect(rig.batches).toEqual([texts(1, 4), ['5']]);
    await rig.mapping.stop();
  });

  it('retries from the lowest reported record on, and sends the poison to the destination', async () => {
    const rig = startRig(failing(3));
    fill(rig.stream, 1, 5);
    await rig.pass(60_000);
    expect(rig.batches.slice(0, 2)).toEqual([texts(1, 5), texts(3, 5)]);
    expect(new Set(rig.batches.flat())).toEqual(new Set(texts(1, 5)));
    expect(rig.failed).toEqual([
      {
        requestContext: {
          requestId: expect.any(String) as string,
          functionArn: FUNCTION_ARN,
          condition: 'RetryAttemptsExhausted',
          approximateInvokeCount: expect.any(Number) as number,
        },
        responseContext: { statusCode: 200, executedVersion: '$LATEST' },
        version: '1.0',
        timestamp: expect.stringMatching(/^2026-01-01T/) as string,
        DDBStreamBatchInfo: {
          shardId: 'shard-1',
          startSequenceNumber: '3',
          endSequenceNumber: '3',
          approximateArrivalOfFirstRecord: '2026-01-01T00:00:00Z',
          approximateArrivalOfLastRecord: '2026-01-01T00:00:00Z',
          batchSize: 1,
          streamArn: 'arn:aws:dynamodb:us-east-1:000000000000:table/incidents/stream/17.5',
        },
      },
    ]);
    expect(rig.mapping.doneThrough()).toBe('5');
    await rig.mapping.stop();
  });

  it('tells the destination that the function threw, and of records that are too old', async () => {
    const thrown = startRig(() => THROWS);
    fill(thrown.stream, 1, 1);
    await thrown.pass(60_000);
    expect(thrown.failed[0]?.responseContext.functionError).toBe('Unhandled');
    await thrown.mapping.stop();

    const old = startRig(() => null);
    old.stream.append(rawRecord(1, { atMs: START_MS - 3_601_000 }), rawRecord(2));
    await old.pass(0);
    expect(old.failed[0]?.requestContext).toMatchObject({
      condition: 'RecordAgeExceeded',
      approximateInvokeCount: 0,
    });
    expect(old.batches).toEqual([['2']]);
    await old.mapping.stop();
  });

  it('gives nothing up before the failure destination has taken word of it', async () => {
    let refusals = 2;
    const rig = startRig(() => THROWS, {
      onFailure: (arn) => {
        expect(arn).toBe(DLQ_ARN);
        if ((refusals -= 1) >= 0) throw new Error('disk full');
      },
    });
    fill(rig.stream, 1, 1);
    await rig.pass(30_000);
    expect(rig.mapping.doneThrough()).toBeUndefined();
    await rig.pass(60_000);
    expect(rig.failed).toHaveLength(1);
    expect(rig.mapping.doneThrough()).toBe('1');
    await rig.mapping.stop();
  });

  it('moves its position over records that the filter leaves out, without calling the function', async () => {
    const Pattern = '{"dynamodb":{"NewImage":{"kind":{"S":["intent"]}}}}';
    const rig = startRig(() => null, {
      properties: { FilterCriteria: { Filters: [{ Pattern }] } },
    });
    rig.stream.append(...range(1, 3).map((n) => rawRecord(n, { kind: 'commit' })));
    await rig.pass(0);
    expect(rig.batches).toEqual([]);
    expect(rig.mapping.doneThrough()).toBe('3');
    await rig.mapping.stop();
  });

  it('lets a poison record hold up its own lane alone', async () => {
    const rig = startRig(failing(1), {
      properties: { ParallelizationFactor: 10, MaximumRetryAttempts: -1 },
    });
    rig.stream.append(rawRecord(1, { key: 'poisoned' }));
    rig.stream.append(...range(2, 41).map((n) => rawRecord(n, { key: `key-${n}` })));
    rig.stream.append(rawRecord(42, { key: 'poisoned' }));
    await rig.pass(5000);
    const delivered = new Set(rig.batches.flat());
    expect(range(2, 41).filter((n) => !delivered.has(String(n)))).toEqual([]);
    // The checkpoint stays before the record that is not done.
    expect(rig.mapping.doneThrough()).toBeUndefined();
    await rig.mapping.stop();
  });

  it('stops reading while too much is unsettled, and goes on afterwards', async () => {
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    const rig = startRig(async () => {
      await gate;
      return null;
    });
    fill(rig.stream, 1, 5000);
    await rig.pass(2000);
    expect(rig.stream.reads).toBe(1);
    release();
    await rig.pass(250);
    expect(rig.batches.flat()).toEqual(texts(1, 5000));
    await rig.mapping.stop();
  });
});

describe('a stream mapping that starts again', () => {
  it('delivers again what was not done, and nothing that was', async () => {
    const [stream, checkpoints] = [new FakeStream(), createMemoryCheckpoint()];
    fill(stream, 1, 4);
    const first = startRig(failing(3), { stream, checkpoints });
    await first.pass(0);
    await first.mapping.stop();
    expect(first.mapping.doneThrough()).toBe('2');
    fill(stream, 5, 6);
    const second = startRig(() => null, { stream, checkpoints });
    await second.pass(0);
    expect(second.batches).toEqual([texts(3, 6)]);
    await second.mapping.stop();
  });

  it('does not take the position of another stream for its own', async () => {
    const checkpoints = createMemoryCheckpoint();
    checkpoints.save({
      streamArn: 'arn:aws:dynamodb:dynoxide:000000000000:table/incidents/stream/1',
      shards: new Map([['shard-1', { doneThrough: '100' }]]),
    });
    const rig = startRig(() => null, { checkpoints });
    fill(rig.stream, 1, 2);
    await rig.pass(0);
    expect(rig.batches).toEqual([texts(1, 2)]);
    await rig.mapping.stop();
  });

  it('starts at the newest record only the first time', async () => {
    const properties = { ...BASE_PROPERTIES, StartingPosition: 'LATEST' };
    const [stream, checkpoints] = [new FakeStream(), createMemoryCheckpoint()];
    fill(stream, 1, 2);
    const first = startRig(() => null, { stream, checkpoints, properties });
    await first.pass(0);
    fill(stream, 3, 3);
    await first.pass(250);
    await first.mapping.stop();
    fill(stream, 4, 4);
    const second = startRig(() => null, { stream, checkpoints, properties });
    await second.pass(0);
    await second.mapping.stop();
    expect([...first.batches, ...second.batches]).toEqual([['3'], ['4']]);
  });

  it('lets the running invocation end and starts no other', async () => {
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    const rig = startRig(
      async () => {
        await gate;
        return null;
      },
      { properties: { BatchSize: 1 } },
    );
    fill(rig.stream, 1, 3);
    await rig.pass(0);
    const stopped = rig.mapping.stop();
    release();
    await stopped;
    expect(rig.batches).toEqual([['1']]);
    expect(rig.mapping.doneThrough()).toBe('1');
  });
});

describe('a stream mapping on a troubled stream', () => {
  it('goes on behind the last record it read when the database was away', async () => {
    const rig = startRig(() => null);
    fill(rig.stream, 1, 2);
    await rig.pass(0);
    rig.stream.failures = 4;
    fill(rig.stream, 3, 4);
    await rig.pass(20_000);
    expect(rig.batches).toEqual([texts(1, 2), texts(3, 4)]);
    expect(rig.warnings.join()).toContain('connection refused');
    await rig.mapping.stop();
  });

  it('reads the children of a closed shard after everything of it is done', async () => {
    const rig = startRig(failing(2), { properties: { MaximumRetryAttempts: 1 } });
    fill(rig.stream, 1, 2);
    const parent = rig.stream.shards[0];
    if (parent !== undefined) parent.isClosed = true;
    rig.stream.addShard('shard-2', 'shard-1').records.push(rawRecord(3));
    await rig.pass(300);
    expect(rig.batches.flat()).not.toContain('3');
    await rig.pass(60_000);
    expect(rig.failed).toHaveLength(1);
    expect(rig.batches.at(-1)).toEqual(['3']);
    expect(rig.mapping.doneThrough()).toBe('3');
    await rig.mapping.stop();
  });

  it('keeps working when the checkpoint cannot be written', async () => {
    const checkpoints = { ...createMemoryCheckpoint() };
    let isFull = true;
    const rig = startRig(() => null, {
      checkpoints: {
        load: checkpoints.load,
        save: (checkpoint) => {
          if (isFull) throw new Error('no space left');
          checkpoints.save(checkpoint);
        },
      },
    });
    fill(rig.stream, 1, 1);
    await rig.pass(0);
    expect(rig.mapping.doneThrough()).toBeUndefined();
    isFull = false;
    fill(rig.stream, 2, 2);
    await rig.pass(250);
    expect(rig.batches).toEqual([['1'], ['2']]);
    expect(rig.mapping.doneThrough()).toBe('2');
    await rig.mapping.stop();
  });
});

import { describe, expect, it } from 'vitest';
import {
  TRIM_CHUNK,
  type StreamTable,
  type TrimRequest,
} from '../../../../lib/local/dynamodb/stream-table.ts';
import {
  startStreamTrimmer,
  type StreamConsumer,
} from '../../../../lib/local/dynamodb/stream-trimmer.ts';
import { createFakeTimekeeper } from '../fake-timekeeper.ts';
import { START_MS } from './fakes.ts';

const INTERVAL_MS = 10_000;

/** Runs a trimmer over a table of which each trim deletes the next of the given numbers. */
function start(consumers: readonly StreamConsumer[], deletions: (number | Error)[] = []) {
  const timekeeper = createFakeTimekeeper(START_MS);
  const requests: TrimRequest[] = [];
  const warnings: string[] = [];
  const streams: StreamTable = {
    trim: (request) => {
      requests.push(request);
      const deleted = deletions.shift() ?? 0;
      if (deleted instanceof Error) throw deleted;
      return deleted;
    },
    count: () => 0,
    close: () => undefined,
  };
  const stop = startStreamTrimmer({
    streams,
    tableNames: ['incidents'],
    consumers,
    timekeeper,
    warn: (message) => warnings.push(message),
  });
  return { timekeeper, requests, warnings, stop };
}

const consumer = (doneThrough: string | undefined, tableName = 'incidents'): StreamConsumer => ({
  tableName,
  doneThrough: () => doneThrough,
});

describe('startStreamTrimmer', () => {
  it.each([
    ['the slowest of all readers', [consumer('1000'), consumer('999')], '999'],
    ['nothing while a reader has no position', [consumer('1000'), consumer(undefined)], undefined],
    ['nothing of a table that nobody reads', [], undefined],
    ['what the readers of this table have', [consumer('5'), consumer('3', 'another')], '5'],
  ])('counts as consumed %s', async (_, consumers, consumedThrough) => {
    const { timekeeper, requests } = start(consumers);
    await timekeeper.advance(INTERVAL_MS);
    const notBeforeMs = START_MS + INTERVAL_MS - 86_400_000;
    expect(requests).toEqual([{ tableName: 'incidents', consumedThrough, notBeforeMs }]);
  });

  it('leaves readers the first interval, so that they see what a long stop has aged', async () => {
    const { timekeeper, requests } = start([]);
    await timekeeper.advance(INTERVAL_MS - 1);
    expect(requests).toEqual([]);
  });

  it('goes on soon after a full chunk, and rests after a smaller one', async () => {
    const { timekeeper, requests } = start([consumer('9')], [TRIM_CHUNK, TRIM_CHUNK, 3]);
    await timekeeper.advance(INTERVAL_MS + 1000);
    expect(requests).toHaveLength(3);
    await timekeeper.advance(INTERVAL_MS);
    expect(requests).toHaveLength(4);
  });

  it('tries again later when the file is locked', async () => {
    const { timekeeper, requests, warnings } = start([], [new Error('database is locked')]);
    await timekeeper.advance(2 * INTERVAL_MS);
    expect(requests).toHaveLength(2);
    expect(warnings).toEqual([expect.stringContaining('database is locked')]);
  });

  it('ends', async () => {
    const { timekeeper, requests, stop } = start([]);
    await timekeeper.advance(INTERVAL_MS);
    stop();
    await timekeeper.advance(5 * INTERVAL_MS);
    expect(requests).toHaveLength(1);
  });
});

import { describe, expect, it } from 'vitest';
import { shareReads } from '../../../../lib/local/stream/shared-reads.ts';
import type { ShardPage, StreamSource } from '../../../../lib/local/stream/stream-source.ts';

const record = (n: number): ShardPage['records'][number] => ({ n });

/** A stream whose iterators are positions; it tells which ones were read. */
function streamOf(records: ShardPage['records'][number][]) {
  const reads: string[] = [];
  let failing = 0;
  const source: StreamSource = {
    streamArn: 'arn:stream',
    hashKey: 'pk',
    listShards: () => Promise.resolve([]),
    open: () => Promise.resolve('0'),
    read: (iterator, limit) => {
      reads.push(iterator);
      if (failing > 0) {
        failing -= 1;
        return Promise.reject(new Error('away'));
      }
      const page = records.slice(Number(iterator), Number(iterator) + limit);
      return Promise.resolve({ records: page, next: String(Number(iterator) + page.length) });
    },
  };
  return { shared: shareReads(source), reads, failOnce: () => (failing += 1) };
}

describe('shared reads', () => {
  it('read once for all that are at the same place, at once or one after the other', async () => {
    const { shared, reads } = streamOf([record(1), record(2)]);
    const [first, second] = await Promise.all([shared.read('0', 10), shared.read('0', 10)]);
    expect(first).toEqual({ records: [record(1), record(2)], next: '2' });
    expect(second).toEqual(first);
    expect(await shared.read('0', 10)).toEqual(first);
    expect(reads).toEqual(['0']);
  });

  it('miss nothing that comes while one is behind', async () => {
    const records = [record(1)];
    const { shared, reads } = streamOf(records);
    expect(await shared.read('0', 10)).toEqual({ records: [record(1)], next: '1' });
    records.push(record(2), record(3));
    expect(await shared.read('1', 10)).toEqual({ records: [record(2), record(3)], next: '3' });
    // The one behind finds it all, whether or not its place is still remembered.
    expect(await shared.read('0', 10)).toEqual({ records, next: '3' });
    expect(reads).toEqual(['0', '1', '0']);
  });

  it('ask again where nothing was found, and after a failure', async () => {
    const records = [record(1)];
    const { shared, failOnce } = streamOf(records);
    expect(await shared.read('1', 10)).toEqual({ records: [], next: '1' });
    records.push(record(2));
    expect(await shared.read('1', 10)).toEqual({ records: [record(2)], next: '2' });
    failOnce();
    await expect(shared.read('2', 10)).rejects.toThrow('away');
    expect(await shared.read('2', 10)).toEqual({ records: [], next: '2' });
  });

  it('keep answers of different lengths apart', async () => {
    const { shared } = streamOf([record(1), record(2)]);
    expect(await shared.read('0', 1)).toEqual({ records: [record(1)], next: '1' });
    expect(await shared.read('0', 2)).toEqual({ records: [record(1), record(2)], next: '2' });
  });
});

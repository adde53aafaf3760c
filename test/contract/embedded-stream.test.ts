import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { DynamoDbClient } from '../../lib/local/dynamodb/client.ts';
import { createTableFromTemplate } from '../../lib/local/dynamodb/create-table.ts';
import { createStreamSource } from '../../lib/local/dynamodb/stream-api.ts';
import {
  TRIM_CHUNK,
  openStreamTable,
  type StreamTable,
} from '../../lib/local/dynamodb/stream-table.ts';
import type { InvocationResult } from '../../lib/local/runtime/functions/invocation.ts';
import { systemTimekeeper } from '../../lib/local/shared/timekeeper.ts';
import { createCheckpointFile } from '../../lib/local/stream/checkpoint.ts';
import { readMappingConfig } from '../../lib/local/stream/mapping-config.ts';
import { runStreamMapping, type StreamMapping } from '../../lib/local/stream/stream-mapping.ts';
import { sequenceNumberOf } from '../../lib/local/stream/stream-record.ts';
import type { StreamSource } from '../../lib/local/stream/stream-source.ts';
import { TABLE, createDatabases, put } from './embedded-dynamodb-fixture.ts';

const databases = createDatabases();
const handles: StreamTable[] = [];
const mappings: StreamMapping[] = [];

afterEach(async () => {
  await Promise.all(mappings.splice(0).map((mapping) => mapping.stop()));
  for (const handle of handles.splice(0)) handle.close();
  await databases.clean();
});

interface Streamed {
  readonly dataDir: string;
  readonly databaseFile: string;
  readonly client: DynamoDbClient;
  readonly source: StreamSource;
  readonly table: StreamTable;
}

async function startStreamed(dataDir = databases.newDirectory()): Promise<Streamed> {
  const { url, databaseFile = '' } = await databases.start(dataDir);
  const client = databases.connect({ url });
  const created = await createTableFromTemplate(client, TABLE);
  const table = openStreamTable(databaseFile);
  handles.push(table);
  return { dataDir, databaseFile, client, source: createStreamSource(client, created), table };
}

async function putMany(client: DynamoDbClient, count: number, prefix = ''): Promise<void> {
  const numbers = Array.from({ length: count }, (_, at) => at);
  const lane = async (): Promise<void> => {
    for (let n = numbers.shift(); n !== undefined; n = numbers.shift()) {
      await put(client, `${prefix}${String(n).padStart(6, '0')}`);
    }
  };
  await Promise.all(Array.from({ length: 8 }, lane));
}

/** The sequence numbers that are left, oldest first. */
async function sequenceNumbers(source: StreamSource): Promise<readonly number[]> {
  const [shard] = await source.listShards();
  let iterator = await source.open(shard?.shardId ?? '', { kind: 'oldest' });
  const all: number[] = [];
  for (;;) {
    const page = await source.read(iterator, 1000);
    if (page.records.length === 0 || page.next === undefined) return all;
    all.push(...page.records.map((record) => Number(sequenceNumberOf(record))));
    iterator = page.next;
  }
}

/** Runs a mapping that collects the sort keys of what its function is given. */
function collect(
  { dataDir, source }: Streamed,
  answer: () => Promise<InvocationResult> = () => Promise.resolve({ kind: 'ok', payload: 'null' }),
): { readonly seen: string[]; readonly mapping: StreamMapping } {
  const seen: string[] = [];
  const mapping = runStreamMapping(
    readMappingConfig({ StartingPosition: 'TRIM_HORIZON', BatchSize: 10 }),
    {
      source,
      checkpoints: createCheckpointFile(join(dataDir, 'streams', 'page.json')),
      timekeeper: systemTimekeeper,
      functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:page',
      invoke: (event) => {
        const { Records: records } = JSON.parse(event) as {
          Records: { dynamodb: { Keys: { sk: { S: string } } } }[];
        };
        seen.push(...records.map(({ dynamodb }) => dynamodb.Keys.sk.S));
        return answer();
      },
      onFailure: () => undefined,
      warn: () => undefined,
      settings: { pollIntervalMs: 10 },
    },
  );
  mappings.push(mapping);
  return { seen, mapping };
}

const untilSeen = async (seen: readonly string[], sk: string): Promise<void> => {
  await vi.waitFor(() => expect(seen).toContain(sk), 5000);
};

describe('the stream of the embedded database', () => {
  it('answers the highest sequence number from an index, which every write asks for', async () => {
    const { databaseFile } = await startStreamed();
    const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
    const database = new DatabaseSync(databaseFile, { readOnly: true });
    const plan = (sql: string): string =>
      database
        .prepare(`EXPLAIN QUERY PLAN ${sql}`)
        .all()
        .map((row) => String(row['detail']))
        .join();
    const sequence = 'CAST(sequence_number AS INTEGER)';
    expect(plan(`SELECT MAX(${sequence}) FROM _stream_records WHERE table_name = 'x'`)).toContain(
      'COVERING INDEX tocsin_stream_by_table',
    );
    expect(
      plan(
        `SELECT event_name FROM _stream_records WHERE table_name = 'x' AND shard_id = 'y'
         AND ${sequence} > 1 ORDER BY ${sequence} LIMIT 10`,
      ),
    ).toContain('INDEX tocsin_stream_by_shard');
    database.close();
  });

  it('writes about as fast with many records as with few', async () => {
    const { client, databaseFile, table } = await startStreamed();
    const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
    const perSecond = async (prefix: string): Promise<number> => {
      const fromMs = performance.now();
      await putMany(client, 400, prefix);
      return 400_000 / (performance.now() - fromMs);
    };
    await perSecond('warm');
    const few = await perSecond('few');
    // Straight into the file: 40,000 writes through the database take too long for a test.
    const filler = new DatabaseSync(databaseFile, { timeout: 1000 });
    filler.exec(`
      WITH RECURSIVE n(i) AS (SELECT 10001 UNION ALL SELECT i + 1 FROM n WHERE i < 50000)
      INSERT INTO _stream_records
        (table_name, event_name, keys_json, new_image, sequence_number, shard_id, created_at)
      SELECT table_name, event_name, keys_json, new_image, CAST(i AS TEXT), shard_id, created_at
      FROM n, (SELECT * FROM _stream_records LIMIT 1)`);
    filler.close();
    const many = await perSecond('many');
    expect(table.count('incidents')).toBeGreaterThan(40_000);
    // Without the indexes this is below 0.1; the promise of 0.8 is measured in test/bench.
    expect(many / few).toBeGreaterThan(0.4);
  });

  it('never starts its numbers anew, whatever is trimmed', async () => {
    const { client, source, table } = await startStreamed();
    await putMany(client, 20);
    const trim = { tableName: 'incidents', consumedThrough: '20', notBeforeMs: 0 };
    expect(table.trim(trim)).toBe(19);
    expect(await sequenceNumbers(source)).toEqual([20]);
    await put(client, 'next');
    expect(await sequenceNumbers(source)).toEqual([20, 21]);
  });

  it('keeps what is neither consumed nor old, and trims in chunks', async () => {
    const { client, source, table } = await startStreamed();
    await putMany(client, TRIM_CHUNK + 50);
    const keep = { tableName: 'incidents', consumedThrough: undefined, notBeforeMs: 0 };
    expect(table.trim(keep)).toBe(0);
    expect(table.trim({ ...keep, consumedThrough: '30' })).toBe(30);
    expect((await sequenceNumbers(source))[0]).toBe(31);
    const aged = { ...keep, notBeforeMs: Date.now() + 60_000 };
    expect(table.trim(aged)).toBe(TRIM_CHUNK);
    expect(table.trim(aged)).toBe(19);
    expect(table.trim(aged)).toBe(0);
    expect(table.trim({ ...aged, tableName: 'another' })).toBe(0);
  });

  it('feeds a function, over a kill of the database and a restart of the mapping', async () => {
    const streamed = await startStreamed();
    const first = collect(streamed);
    await put(streamed.client, 'a');
    await untilSeen(first.seen, 'a');
    await first.mapping.stop();
    await put(streamed.client, 'b');
    const second = collect(streamed);
    await untilSeen(second.seen, 'b');
    expect(second.seen).toEqual(['b']);
    expect(second.mapping.doneThrough()).toBe('2');
  });

  it('delivers again what was not done when everything was killed', async () => {
    const dataDir = databases.newDirectory();
    const before = await startStreamed(dataDir);
    const never = new Promise<InvocationResult>(() => undefined);
    const stuck = collect(before, () => never);
    await put(before.client, 'a');
    await untilSeen(stuck.seen, 'a');
    // A killed process stops nothing: the mapping is forgotten as it is.
    mappings.splice(0);
    const after = collect({ ...before });
    await untilSeen(after.seen, 'a');
  });

  it('reads on behind a position whose records are trimmed', async () => {
    const streamed = await startStreamed();
    const first = collect(streamed);
    await put(streamed.client, 'a');
    await untilSeen(first.seen, 'a');
    await first.mapping.stop();
    await putMany(streamed.client, 10, 'gone');
    streamed.table.trim({
      tableName: 'incidents',
      consumedThrough: '8',
      notBeforeMs: 0,
    });
    const second = collect(streamed);
    // Which of them came last is chance: they are put side by side.
    await vi.waitFor(() => expect(second.seen).toHaveLength(3), 5000);
  });
});

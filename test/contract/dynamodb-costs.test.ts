import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import {
  BatchWriteItemCommand,
  PutItemCommand,
  TransactWriteItemsCommand,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { itemBytes } from '../../lib/adapters/dynamodb/item-size.ts';
import type { Item } from '../../lib/codec/table/attributes.ts';
import { dueItem } from '../../lib/codec/table/due-item.ts';
import { hours, minutes } from '../../lib/domain/shared/time.ts';
import { meterCapacity, type Units } from './dynamodb-capacity.ts';
import { createCostWorld, type CostWorld } from './dynamodb-cost-world.ts';
import { createTable, startDynoxide, testClient, type TestDynamoDb } from './dynamodb-server.ts';
import { subjectOn } from './dynamodb-subject.ts';
import { valueOf } from './store.contract.ts';
import { at, dueOf, t0 } from './store-samples.ts';

const document = readFileSync(new URL('../../docs/data.md', import.meta.url), 'utf8');

/** The row of the cost table that begins with these words. */
function documented(pattern: string): Units {
  const row = document.split('\n').find((line) => line.startsWith(`| ${pattern} |`));
  if (row === undefined) throw new Error(`docs/data.md has no row for: ${pattern}`);
  const [write, read] = row.split('|').slice(2, 4).map(Number);
  return { write: write ?? NaN, read: read ?? NaN };
}

let server: TestDynamoDb;
let client: DynamoDBClient;
let tableName: string;

beforeAll(async () => {
  server = await startDynoxide();
});
afterAll(() => server.stop());
beforeEach(async () => {
  client = testClient(server.url);
  tableName = `tocsin-${randomUUID()}`;
  await createTable(client, tableName);
  return () => client.destroy();
});

describe('the embedded database counts units as AWS documents them', () => {
  const itemOf = (sk: string, bytes: number): Item => ({
    pk: { S: 'p' },
    sk: { S: sk },
    d: { S: 'x'.repeat(bytes) },
  });

  it.each([10, 1000, 1100, 5000])(
    'for an item of %i bytes, alone and in a transaction',
    async (n) => {
      const meter = meterCapacity(client);
      const Item = itemOf('a', n);
      const units = Math.ceil(itemBytes(Item) / 1024);
      const put = new PutItemCommand({ TableName: tableName, Item });
      expect(await meter.of(() => client.send(put))).toEqual({ write: units, read: 0 });
      const TransactItems = [{ Put: { TableName: tableName, Item: itemOf('b', n) } }];
      const transaction = new TransactWriteItemsCommand({ TransactItems });
      expect(await meter.of(() => client.send(transaction))).toEqual({ write: 2 * units, read: 0 });
    },
  );
});

describe('what each access pattern costs, as docs/data.md says', () => {
  let world: CostWorld;
  beforeEach(() => {
    world = createCostWorld(client, tableName);
  });
  const costs = async (pattern: string, work: () => Promise<unknown>): Promise<void> => {
    expect({ pattern, ...(await world.spent(work)) }).toEqual({ pattern, ...documented(pattern) });
  };
  const by = { kind: 'person', via: 'api', id: 'ada', name: 'Ada' } as const;

  it('the life of an incident with one alert', async () => {
    let incident = await world.deliver(1, 'other');
    await costs('Open, 1 alert', async () => (incident = await world.deliver(1)));
    await costs('Page accepted', () => world.sendPages(incident));
    await costs('Repeat', () => world.deliver(1));
    await costs('Attach 1 more alert', () => world.deliver(2));
    world.pass(minutes(16));
    await costs('Response breached', () => world.command(incident, { kind: 'wake' }));
    const acknowledge = { kind: 'acknowledge', by, occurredAtMs: world.deps.clock.now() } as const;
    await costs('Acknowledge', () => world.command(incident, acknowledge));
    const resolve = { ...acknowledge, kind: 'resolve', cause: 'person', note: 'Done.' } as const;
    await costs('Resolve by hand', () => world.command(incident, resolve));
    await costs('Timeline', () => world.deps.store.loadCommits('default', incident.id));
  });

  it('100 alerts in one delivery', async () => {
    await costs('Open, 100 alerts', () => world.deliver(100));
    await costs('Repeat, 100 alerts', () => world.deliver(100));
  });

  it('lists, claims and counters', async () => {
    for (let index = 0; index < 20; index += 1) await world.deliver(1, `service-${index}`);
    const query = { tenant: 'default', status: 'open', limit: 20, after: null } as const;
    await costs('List 20 incidents', () => world.deps.store.listIncidents(query));
    const claim = { tenant: 'default', id: 'fallback', atMs: t0, keepForMs: hours(1) };
    await costs('Claim the second channel', () => world.deps.store.claim(claim));
    await costs('Count a page of a minute', () => world.deps.store.countInMinute('k', t0, 1));
  });
});

describe('a tick of the clock', () => {
  /** Writes rows in bulk past the adapter: how they came there does not matter. */
  const fill = async (count: number, firstMs: number): Promise<void> => {
    const requests = Array.from({ length: count }, (_, index) => {
      const row = dueOf(`incident-${index}`, at(firstMs + index));
      return { PutRequest: { Item: { ...dueItem(row, 1) } } };
    });
    const batches = Array.from({ length: Math.ceil(count / 25) }, (_, index) =>
      requests.slice(index * 25, index * 25 + 25),
    );
    const sendSome = async (): Promise<void> => {
      for (let some = batches.pop(); some !== undefined; some = batches.pop()) {
        const RequestItems = { [tableName]: some };
        const { UnprocessedItems } = await client.send(new BatchWriteItemCommand({ RequestItems }));
        expect(UnprocessedItems ?? {}).toEqual({});
      }
    };
    await Promise.all([sendSome(), sendSome(), sendSome(), sendSome()]);
  };

  it('reads as much with 100 open timers as with 100,000', { timeout: 60_000 }, async () => {
    tableName = `tocsin-${randomUUID()}`;
    await createTable(client, tableName, false);
    const meter = meterCapacity(client);
    const { store } = subjectOn(client, tableName);
    const tick = async (due: number): Promise<Units> =>
      meter.of(async () => {
        expect(valueOf(await store.loadDue(at(60_000), 200))).toHaveLength(due);
      });

    await fill(100, 3_600_000);
    expect(await tick(0)).toEqual(documented('Tick, nothing due'));
    await fill(10, 0);
    const withHundred = await tick(10);
    expect(withHundred).toEqual(documented('Tick, 10 due'));

    await fill(100_000, 3_600_000);
    expect(await tick(10)).toEqual(withHundred);
    valueOf(await store.dropDue(valueOf(await store.loadDue(at(60_000), 200))));
    expect(await tick(0)).toEqual(documented('Tick, nothing due'));
  });
});

import { randomUUID } from 'node:crypto';
import { PutItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDynamoDbActionRows } from '../../lib/adapters/dynamodb/action-rows.ts';
import { createDynamoDbChanges } from '../../lib/adapters/dynamodb/changes.ts';
import { createDynamoDbStore } from '../../lib/adapters/dynamodb/store.ts';
import {
  createMemoryActionRows,
  createMemoryChanges,
} from '../../lib/adapters/memory/action-rows.ts';
import { createMemoryLog } from '../../lib/adapters/memory/log.ts';
import { createMemoryStore } from '../../lib/adapters/memory/store.ts';
import { systemRng } from '../../lib/adapters/system/rng.ts';
import { actionItem, changeItem } from '../../lib/codec/table/action-item.ts';
import { epochMs } from '../../lib/domain/shared/time.ts';
import { actionRowsContract } from './action-rows.contract.ts';
import { sampleAction, sampleChange, writesOf } from './action-samples.ts';
import { createTable, startDynoxide, testClient, type TestDynamoDb } from './dynamodb-server.ts';
import { valueOf } from './store.contract.ts';
import { at, t0 } from './store-samples.ts';

describe('actions and changes in memory', () => {
  const make = () => {
    const store = createMemoryStore({ clock: { now: () => t0 } });
    const rows = createMemoryActionRows(store.tables);
    return { store, rows, changes: createMemoryChanges(store.tables) };
  };
  actionRowsContract(() => Promise.resolve(make()));

  it('go back to a snapshot with the store', async () => {
    const { store, rows } = make();
    valueOf(await store.commit({ token: '1', action: writesOf(sampleAction()) }));
    const snapshot = structuredClone(store.snapshot());
    valueOf(await store.commit({ token: '2', action: writesOf(sampleAction({ version: 2 })) }));
    store.restore(snapshot);
    expect(valueOf(await rows.load('default', sampleAction().id))).toEqual(sampleAction());
  });
});

describe('actions and changes on DynamoDB', () => {
  let server: TestDynamoDb;
  let client: DynamoDBClient;

  beforeAll(async () => {
    server = await startDynoxide();
    client = testClient(server.url);
  });
  afterAll(async () => {
    client.destroy();
    await server.stop();
  });

  const make = async () => {
    const tableName = `tocsin-${randomUUID()}`;
    await createTable(client, tableName);
    const clock = { now: () => t0, sleep: () => Promise.resolve() };
    const log = createMemoryLog();
    const deps = { client, tableName, clock, rng: systemRng, log };
    const rows = createDynamoDbActionRows(deps);
    const changes = createDynamoDbChanges(deps);
    return { store: createDynamoDbStore(deps), rows, changes, log, tableName };
  };
  actionRowsContract(make);

  it('leave rows of newer code to it, and find the others', async () => {
    const { store, rows, changes, log, tableName } = await make();
    const waiting = { nextAtMs: epochMs(1) };
    for (const id of ['known', 'newer']) {
      const action = writesOf(sampleAction({ id, ...waiting }));
      valueOf(await store.commit({ token: id, action }));
      valueOf(await changes.put(sampleChange({ id })));
    }
    for (const item of [
      actionItem(sampleAction({ id: 'newer', ...waiting })),
      changeItem(sampleChange({ id: 'newer' })),
    ]) {
      const Item = { ...item, schema: { N: '99' } };
      await client.send(new PutItemCommand({ TableName: tableName, Item }));
    }
    const found = valueOf(await rows.loadPending(epochMs(5), 10));
    expect(found.map(({ id }) => id)).toEqual(['known']);
    const query = { tenant: 'default', service: 'checkout', fromMs: t0, untilMs: at(1) };
    expect(valueOf(await changes.near(query)).map(({ id }) => id)).toEqual(['known']);
    expect(log.lines()).toMatchObject([{ level: 'error' }, { level: 'error' }]);
    expect(await rows.load('default', 'newer')).toMatchObject({ error: { kind: 'rejected' } });
  });
});

import { randomUUID } from 'node:crypto';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDynamoDbChatRows } from '../../lib/adapters/dynamodb/chat-rows.ts';
import { createMemoryChatRows } from '../../lib/adapters/memory/chat-rows.ts';
import { createMemoryLog } from '../../lib/adapters/memory/log.ts';
import { systemRng } from '../../lib/adapters/system/rng.ts';
import { chatRowItem } from '../../lib/codec/table/chat-item.ts';
import { newChatRow } from '../../lib/domain/announce/row.ts';
import { epochMs } from '../../lib/domain/shared/time.ts';
import { chatRowsContract } from './chat-rows.contract.ts';
import { createTable, startDynoxide, testClient, type TestDynamoDb } from './dynamodb-server.ts';
import { valueOf } from './store.contract.ts';

describe('the chat’s rows in memory', () => {
  chatRowsContract(() => Promise.resolve(createMemoryChatRows()));

  it('go back to a snapshot', async () => {
    const rows = createMemoryChatRows();
    const row = { ...newChatRow('acme', 'a'), version: 1 };
    valueOf(await rows.save(row));
    const snapshot = rows.snapshot();
    valueOf(await rows.save({ ...row, version: 2, toldSeq: 5 }));
    rows.restore(snapshot);
    expect(rows.rows()).toEqual([row]);
  });
});

describe('the chat’s rows on DynamoDB', () => {
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
    const clock = { now: () => epochMs(0), sleep: () => Promise.resolve() };
    const log = createMemoryLog();
    const rows = createDynamoDbChatRows({ client, tableName, clock, rng: systemRng, log });
    return { rows, log, tableName };
  };
  chatRowsContract(async () => (await make()).rows);

  it('leave a row of newer code to it, and find the others', async () => {
    const { rows, log, tableName } = await make();
    const waiting = { version: 1, nextAtMs: epochMs(1) };
    valueOf(await rows.save({ ...newChatRow('acme', 'known'), ...waiting }));
    const newer = chatRowItem({ ...newChatRow('acme', 'newer'), ...waiting });
    const Item = { ...newer, schema: { N: '99' } };
    await client.send(new PutItemCommand({ TableName: tableName, Item }));
    const found = valueOf(await rows.loadPending('acme', epochMs(5), 10));
    expect(found.map(({ incidentId }) => incidentId)).toEqual(['known']);
    expect(log.lines()).toMatchObject([{ level: 'error' }]);
    expect(await rows.load('acme', 'newer')).toMatchObject({ error: { kind: 'rejected' } });
  });
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDynamoDbClient, type DynamoDbClient } from '../../lib/local/dynamodb/client.ts';
import {
  startEmbeddedDynamoDb,
  type EmbeddedDynamoDb,
  type EmbeddedDynamoDbOptions,
} from '../../lib/local/dynamodb/embedded-dynamodb.ts';
import type { JsonObject } from '../../lib/local/shared/json.ts';

export const TABLE: JsonObject = {
  TableName: 'incidents',
  AttributeDefinitions: [
    { AttributeName: 'pk', AttributeType: 'S' },
    { AttributeName: 'sk', AttributeType: 'S' },
  ],
  KeySchema: [
    { AttributeName: 'pk', KeyType: 'HASH' },
    { AttributeName: 'sk', KeyType: 'RANGE' },
  ],
  BillingMode: 'PAY_PER_REQUEST',
  StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
};

/** Databases of one test, each in a directory of its own or in one that is given. */
export interface Databases {
  readonly newDirectory: () => string;
  readonly start: (
    dataDir: string,
    options?: Partial<EmbeddedDynamoDbOptions>,
  ) => Promise<EmbeddedDynamoDb>;
  readonly connect: (database: { readonly url: string }) => DynamoDbClient;
  /** For afterEach: stops and removes everything. */
  readonly clean: () => Promise<void>;
}

export function createDatabases(): Databases {
  const undos: (() => void | Promise<void>)[] = [];
  return {
    newDirectory: () => {
      const directory = mkdtempSync(join(tmpdir(), 'tocsin-dynamodb-'));
      undos.push(() => {
        rmSync(directory, { recursive: true, force: true });
      });
      return directory;
    },
    start: async (dataDir, options = {}) => {
      const database = await startEmbeddedDynamoDb({ ...options, dataDir });
      undos.push(database.stop);
      return database;
    },
    connect: ({ url }) => {
      const client = createDynamoDbClient({ url, accessKeyId: 'local' });
      undos.push(client.close);
      return client;
    },
    clean: async () => {
      for (const undo of undos.splice(0).reverse()) await undo();
    },
  };
}

/** Puts one item with the sort key; resolves when the database has answered. */
export async function put(client: DynamoDbClient, sk: string, pk = 'p'): Promise<void> {
  await client.database('PutItem', {
    TableName: 'incidents',
    Item: { pk: { S: pk }, sk: { S: sk }, kind: { S: 'intent' } },
  });
}

/** The sort keys of a partition, in order. */
export async function sortKeys(client: DynamoDbClient, pk = 'p'): Promise<readonly string[]> {
  const { Items: items } = await client.database('Query', {
    TableName: 'incidents',
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': { S: pk } },
    ConsistentRead: true,
  });
  return (items as { sk: { S: string } }[]).map(({ sk }) => sk.S);
}

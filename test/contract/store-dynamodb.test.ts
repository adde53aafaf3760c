import { randomUUID } from 'node:crypto';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe } from 'vitest';
import { createTable, startDynoxide, testClient, type TestDynamoDb } from './dynamodb-server.ts';
import { subjectOn } from './dynamodb-subject.ts';
import { storeQueriesContract } from './store-queries.contract.ts';
import { storeContract, type Subject } from './store.contract.ts';

describe('the store on DynamoDB', () => {
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

  const make = async (): Promise<Subject> => {
    const tableName = `tocsin-${randomUUID()}`;
    await createTable(client, tableName);
    return subjectOn(client, tableName);
  };
  storeContract(make, { tokens: true });
  storeQueriesContract(make);
});

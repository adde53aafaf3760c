import { randomUUID } from 'node:crypto';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe } from 'vitest';
import {
  createTable,
  startServer,
  testClient,
  type TestDynamoDb,
} from '../contract/dynamodb-server.ts';
import { subjectOn } from '../contract/dynamodb-subject.ts';
import { storeQueriesContract } from '../contract/store-queries.contract.ts';
import { storeContract, type Subject } from '../contract/store.contract.ts';

/** A second opinion on DynamoDB's semantics, by people who wrote theirs without seeing ours. */
describe('the store on moto', () => {
  let server: TestDynamoDb;
  let client: DynamoDBClient;

  beforeAll(async () => {
    server = await startServer('moto_server', (port) => ['-H', '127.0.0.1', '-p', String(port)]);
    client = testClient(server.url);
  }, 60_000);
  afterAll(async () => {
    client.destroy();
    await server.stop();
  });

  const make = async (): Promise<Subject> => {
    const tableName = `tocsin-${randomUUID()}`;
    await createTable(client, tableName);
    return subjectOn(client, tableName);
  };
  // moto takes no notice of request tokens.
  storeContract(make, { tokens: false });
  storeQueriesContract(make);
});

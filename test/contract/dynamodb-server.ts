import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import {
  CreateTableCommand,
  DynamoDBClient,
  ListTablesCommand,
  type CreateTableCommandInput,
} from '@aws-sdk/client-dynamodb';
import { clientSettings } from '../../lib/adapters/dynamodb/limits.ts';

/** A DynamoDB of one's own, in memory and on loopback. */
export interface TestDynamoDb {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** Starts the embedded database on a free port and waits until it answers. */
export async function startDynoxide(): Promise<TestDynamoDb> {
  const { platform, arch } = process;
  const packageFile = createRequire(import.meta.url).resolve(
    `@dynoxide/${platform}-${arch}/package.json`,
  );
  const program = packageFile.replace(/package\.json$/, 'dynoxide');
  return startServer(program, (port) => ['serve', '--host', '127.0.0.1', '-p', String(port)]);
}

/** Starts a server that speaks DynamoDB on a free port; 30 s to come up. */
export async function startServer(
  program: string,
  argumentsFor: (port: number) => readonly string[],
): Promise<TestDynamoDb> {
  const port = await freePort();
  const child = spawn(program, argumentsFor(port), { stdio: 'ignore' });
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  const url = `http://127.0.0.1:${port}`;
  try {
    await Promise.race([answering(url), failedStart(program, child)]);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, stop };
}

async function failedStart(program: string, child: ReturnType<typeof spawn>): Promise<never> {
  const [reason] = (await Promise.race([once(child, 'error'), once(child, 'exit')])) as unknown[];
  throw new Error(`${program} ended before it answered: ${String(reason)}`);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A TCP server's address is an object.
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function answering(url: string): Promise<void> {
  const client = testClient(url, { maxAttempts: 1 });
  for (let tries = 0; tries < 300; tries += 1) {
    try {
      await client.send(new ListTablesCommand({}));
      client.destroy();
      return;
    } catch {
      await wait(100);
    }
  }
  throw new Error(`Nothing answered at ${url} within 30 s.`);
}

/** A client with the settings that are deployed, for a server on loopback. */
export const testClient = (
  url: string,
  more: { readonly maxAttempts?: number; readonly requestTimeoutMs?: number } = {},
): DynamoDBClient =>
  new DynamoDBClient({
    maxAttempts: more.maxAttempts ?? clientSettings.maxAttempts,
    requestHandler: {
      ...clientSettings.requestHandler,
      // A slow machine is no failure of the database.
      requestTimeout: more.requestTimeoutMs ?? 10_000,
    },
    endpoint: url,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });

/** Makes a table as the template has it; without a stream where bulk is loaded. */
export async function createTable(
  client: DynamoDBClient,
  tableName: string,
  hasStream = true,
): Promise<void> {
  const stream: Partial<CreateTableCommandInput> = hasStream
    ? { StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' } }
    : {};
  await client.send(
    new CreateTableCommand({
      TableName: tableName,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: keys('pk', 'sk'),
      AttributeDefinitions: ['pk', 'sk', 'listPk', 'listSk'].map((AttributeName) => ({
        AttributeName,
        AttributeType: 'S',
      })),
      GlobalSecondaryIndexes: [
        {
          IndexName: 'listing',
          KeySchema: keys('listPk', 'listSk'),
          Projection: { ProjectionType: 'KEYS_ONLY' },
        },
      ],
      ...stream,
    }),
  );
}

const keys = (hash: string, range: string): CreateTableCommandInput['KeySchema'] => [
  { AttributeName: hash, KeyType: 'HASH' },
  { AttributeName: range, KeyType: 'RANGE' },
];

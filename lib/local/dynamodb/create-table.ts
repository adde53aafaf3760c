import { isJsonObject, type JsonObject } from '../shared/json.ts';
import { DynamoDbError, type DynamoDbClient } from './client.ts';

/** A table that is there. */
export interface CreatedTable {
  readonly tableName: string;
  /** The partition key attribute. */
  readonly hashKey: string;
  /** The ARN that DynamoDB itself gives the stream; `undefined` when the table has none. */
  readonly streamArn: string | undefined;
}

/**
 * Makes a table from the properties of an `AWS::DynamoDB::Table` or `AWS::DynamoDB::GlobalTable`,
 * `TableName` included, unless it is there; capacity, encryption, backups and replicas mean nothing on
 * one machine. A table that is there keeps its data and gains the indexes and the stream that it lacks.
 * Throws when its keys are others, since those cannot change. Safe to repeat.
 */
export async function createTableFromTemplate(
  client: DynamoDbClient,
  properties: JsonObject,
): Promise<CreatedTable> {
  const tableName = properties['TableName'];
  if (typeof tableName !== 'string') {
    throw new Error('A table of the template has no TableName; the caller must give it one.');
  }
  const existing = await describe(client, tableName);
  if (existing === undefined) await client.database('CreateTable', toRequest(properties));
  else await addWhatIsMissing(client, existing, toRequest(properties));
  const table = await waitUntilActive(client, tableName);
  await setTimeToLive(client, tableName, properties);
  return {
    tableName,
    hashKey: hashKeyOf(table),
    streamArn: typeof table['LatestStreamArn'] === 'string' ? table['LatestStreamArn'] : undefined,
  };
}

/** The properties that CreateTable knows under the same names. */
const SAME_IN_REQUEST = [
  'TableName',
  'AttributeDefinitions',
  'KeySchema',
  'LocalSecondaryIndexes',
] as const;

function toRequest(properties: JsonObject): JsonObject {
  const indexes = listOf(properties['GlobalSecondaryIndexes']).map((index) => ({
    IndexName: index['IndexName'],
    KeySchema: index['KeySchema'],
    Projection: index['Projection'],
  }));
  const stream = properties['StreamSpecification'];
  const same = SAME_IN_REQUEST.filter((name) => properties[name] !== undefined);
  return {
    ...Object.fromEntries(same.map((name) => [name, properties[name]])),
    BillingMode: 'PAY_PER_REQUEST',
    ...(indexes.length === 0 ? {} : { GlobalSecondaryIndexes: indexes }),
    ...(isJsonObject(stream) ? { StreamSpecification: { ...stream, StreamEnabled: true } } : {}),
  };
}

async function describe(
  client: DynamoDbClient,
  tableName: string,
): Promise<JsonObject | undefined> {
  try {
    const { Table: table } = await client.database('DescribeTable', { TableName: tableName });
    return isJsonObject(table) ? table : undefined;
  } catch (error) {
    if (error instanceof DynamoDbError && error.code === 'ResourceNotFoundException') {
      return undefined;
    }
    throw error;
  }
}

/** DynamoDB takes one new index at a time. */
async function addWhatIsMissing(
  client: DynamoDbClient,
  existing: JsonObject,
  wanted: JsonObject,
): Promise<void> {
  const tableName = String(wanted['TableName']);
  if (keyText(existing['KeySchema']) !== keyText(wanted['KeySchema'])) {
    throw new Error(
      `Table ${tableName} has the keys ${keyText(existing['KeySchema'])} and the template wants ` +
        `${keyText(wanted['KeySchema'])}. Keys cannot change: move the data directory away, or name the table anew.`,
    );
  }
  const indexes = listOf(existing['GlobalSecondaryIndexes']).map((index) => index['IndexName']);
  for (const index of listOf(wanted['GlobalSecondaryIndexes'])) {
    if (indexes.includes(index['IndexName'])) continue;
    await client.database('UpdateTable', {
      TableName: tableName,
      AttributeDefinitions: wanted['AttributeDefinitions'],
      GlobalSecondaryIndexUpdates: [{ Create: index }],
    });
    await waitUntilActive(client, tableName);
  }
  const stream = wanted['StreamSpecification'];
  if (stream !== undefined && !hasStream(existing)) {
    await client.database('UpdateTable', { TableName: tableName, StreamSpecification: stream });
  }
}

function hasStream({ StreamSpecification: stream }: JsonObject): boolean {
  return isJsonObject(stream) && stream['StreamEnabled'] === true;
}

const POLL_MS = 50;
const MAX_POLLS = 600;

/** The embedded database is ready at once; other stand-ins take a moment. At most 30 s. */
async function waitUntilActive(client: DynamoDbClient, tableName: string): Promise<JsonObject> {
  for (let poll = 0; poll < MAX_POLLS; poll += 1) {
    const table = await describe(client, tableName);
    if (table?.['TableStatus'] === 'ACTIVE') return table;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  throw new Error(`Table ${tableName} did not become ACTIVE within 30 s.`);
}

/** TTL only removes what has no meaning any more, so a stand-in without it will do. */
async function setTimeToLive(
  client: DynamoDbClient,
  tableName: string,
  { TimeToLiveSpecification: wanted }: JsonObject,
): Promise<void> {
  if (!isJsonObject(wanted)) return;
  try {
    await client.database('UpdateTimeToLive', {
      TableName: tableName,
      TimeToLiveSpecification: { Enabled: true, ...wanted },
    });
  } catch (error) {
    // "Already enabled" is a refusal too.
    if (!(error instanceof DynamoDbError)) throw error;
  }
}

function hashKeyOf(table: JsonObject): string {
  const key = listOf(table['KeySchema']).find(({ KeyType: type }) => type === 'HASH');
  return String(key?.['AttributeName']);
}

function keyText(keySchema: unknown): string {
  return listOf(keySchema)
    .map((key) => `${String(key['AttributeName'])} ${String(key['KeyType'])}`)
    .join(', ');
}

function listOf(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

import { join } from 'node:path';
import { loadCredentials } from '../aws/credentials.ts';
import type { LocalDatabase, StartDatabase, StreamRequest } from '../runtime/database.ts';
import type { StreamMappingSpec } from '../runtime/template/model.ts';
import { createTeardown } from '../shared/teardown.ts';
import { systemTimekeeper, type Timekeeper } from '../shared/timekeeper.ts';
import { createCheckpointFile } from '../stream/checkpoint.ts';
import { isEnabled, readMappingConfig } from '../stream/mapping-config.ts';
import { shareReads } from '../stream/shared-reads.ts';
import {
  runStreamMapping,
  type StreamMapping,
  type StreamMappingSettings,
} from '../stream/stream-mapping.ts';
import type { StreamSource } from '../stream/stream-source.ts';
import { createDynamoDbClient, type DynamoDbClient } from './client.ts';
import { createTableFromTemplate, type CreatedTable } from './create-table.ts';
import { startEmbeddedDynamoDb } from './embedded-dynamodb.ts';
import { createStreamSource } from './stream-api.ts';
import { openStreamTable } from './stream-table.ts';
import { startStreamTrimmer } from './stream-trimmer.ts';

/** How tables and streams run on this machine. */
export interface DatabaseOptions {
  /** Another DynamoDB to use, the value of AWS_ENDPOINT_URL_DYNAMODB. */
  readonly endpoint?: string | undefined;
  readonly timekeeper?: Timekeeper;
  readonly streamSettings?: Partial<StreamMappingSettings>;
  readonly warn: (message: string) => void;
  /** The embedded database keeps dying; the caller should end. */
  readonly onGiveUp: (error: Error) => void;
}

/** The tables and streams of a template, for `startRuntime`: embedded unless an endpoint is given. */
export function databaseStarter(options: DatabaseOptions): StartDatabase {
  return async ({ dataDir, tables }) => {
    const teardown = createTeardown();
    try {
      const database = await startEmbeddedDynamoDb({ ...options, dataDir });
      teardown.add(database.stop);
      const { accessKeyId } = loadCredentials(dataDir);
      const client = createDynamoDbClient({ url: database.url, accessKeyId });
      teardown.add(client.close);
      const created: CreatedTable[] = [];
      for (const { name, properties } of tables) {
        created.push(await createTableFromTemplate(client, { ...properties, TableName: name }));
      }
      const { databaseFile } = database;
      const streams = { client, created, databaseFile, dataDir, options };
      return {
        url: database.url,
        startMappings: (request) => Promise.resolve(startMappings(request, streams)),
        stop: teardown.run,
      } satisfies LocalDatabase;
    } catch (error) {
      await teardown.run();
      throw error;
    }
  };
}

interface Streams {
  readonly client: DynamoDbClient;
  readonly created: readonly CreatedTable[];
  readonly databaseFile: string | undefined;
  readonly dataDir: string;
  readonly options: DatabaseOptions;
}

function startMappings(request: StreamRequest, streams: Streams): () => Promise<void> {
  const sources = new Map<string, StreamSource>();
  const running = request.mappings
    .filter(({ properties }) => isEnabled(properties))
    .map((spec) => ({
      tableName: spec.tableName,
      mapping: startMapping(spec, request, { ...streams, sources }),
    }));
  const stopTrimming = startTrimming(running, streams);
  return async () => {
    stopTrimming();
    await Promise.all(running.map(({ mapping }) => mapping.stop()));
  };
}

interface Sources {
  /** The stream of each table, for all its mappings. */
  readonly sources: Map<string, StreamSource>;
}

function startMapping(
  { logicalId, tableName, functionName, properties }: StreamMappingSpec,
  request: StreamRequest,
  { client, created, dataDir, options, sources }: Streams & Sources,
): StreamMapping {
  const table = created.find((one) => one.tableName === tableName);
  const target = request.functions.find(({ name }) => name === functionName);
  if (table === undefined || target === undefined) {
    throw new Error(`${logicalId} joins ${tableName} and ${functionName}; one of them is missing.`);
  }
  const source = sources.get(tableName) ?? shareReads(createStreamSource(client, table));
  sources.set(tableName, source);
  return runStreamMapping(readMappingConfig(properties), {
    source,
    checkpoints: createCheckpointFile(join(dataDir, 'streams', `${logicalId}.json`)),
    timekeeper: options.timekeeper ?? systemTimekeeper,
    functionArn: target.arn,
    invoke: (event) => request.invoke(functionName, event),
    onFailure: request.deadLetter,
    warn: (message) => options.warn(`${logicalId} (${functionName}): ${message}`),
    ...(options.streamSettings === undefined ? {} : { settings: options.streamSettings }),
  });
}

/** Another DynamoDB trims its streams itself. */
function startTrimming(
  running: readonly { readonly tableName: string; readonly mapping: StreamMapping }[],
  { created, databaseFile, options }: Streams,
): () => void {
  if (databaseFile === undefined) return () => undefined;
  const table = openStreamTable(databaseFile);
  const stop = startStreamTrimmer({
    streams: table,
    tableNames: created.map(({ tableName }) => tableName),
    consumers: running.map(({ tableName, mapping }) => ({
      tableName,
      doneThrough: mapping.doneThrough,
    })),
    timekeeper: options.timekeeper ?? systemTimekeeper,
    warn: options.warn,
  });
  return () => {
    stop();
    table.close();
  };
}

import { join, resolve } from 'node:path';
import { makeDirectory } from '../shared/files.ts';
import { systemTimekeeper, type Timekeeper } from '../shared/timekeeper.ts';
import { findDynoxide } from './binary.ts';
import { freePort, startDatabaseProcess, urlOf, type DatabaseProcess } from './database-process.ts';
import { supervise } from './supervisor.ts';
import { endOrphan, forgetProcess, recordProcess } from './orphan.ts';

/** How the embedded DynamoDB is started. */
export interface EmbeddedDynamoDbOptions {
  /** The file and the record of the process live in `<dataDir>/dynamodb`. */
  readonly dataDir: string;
  /** Another DynamoDB to use: nothing is started then. The value of AWS_ENDPOINT_URL_DYNAMODB. */
  readonly endpoint?: string | undefined;
  /** Default: any free port. */
  readonly port?: number | undefined;
  readonly timekeeper?: Timekeeper;
  readonly warn?: (message: string) => void;
  /** Called once when the database keeps dying: nothing works from then on, so the caller should end. */
  readonly onGiveUp?: (error: Error) => void;
}

/** A DynamoDB that answers. */
export interface EmbeddedDynamoDb {
  /** Its base URL, the same through restarts of the process. */
  readonly url: string;
  /** The SQLite file; `undefined` when another DynamoDB is used. */
  readonly databaseFile: string | undefined;
  readonly pid: () => number | undefined;
  readonly stop: () => Promise<void>;
}

/** Somebody may take a free port first; a second try finds another. */
const START_TRIES = 3;

/**
 * Starts the embedded DynamoDB on a file, or points at another one. Every write that it has answered is
 * in the file, also when the process is killed (SQLite in WAL mode; a loss of power may take the last
 * ones). A database that dies is started again on the same port; after five deaths in a minute
 * `onGiveUp` is called. Throws when the binary is missing, does not start, or another Tocsin has the file.
 */
export async function startEmbeddedDynamoDb(
  options: EmbeddedDynamoDbOptions,
): Promise<EmbeddedDynamoDb> {
  if (options.endpoint !== undefined && options.endpoint !== '') {
    const url = options.endpoint.replace(/\/+$/, '');
    return { url, databaseFile: undefined, pid: () => undefined, stop: () => Promise.resolve() };
  }
  const directory = resolve(options.dataDir, 'dynamodb');
  const databaseFile = join(directory, 'dynamodb.sqlite');
  const recordPath = join(directory, 'process.json');
  const binary = findDynoxide();
  makeDirectory(directory);
  await endOrphan(recordPath, databaseFile);
  const timekeeper = options.timekeeper ?? systemTimekeeper;
  const launch = async (port: number): Promise<DatabaseProcess> => {
    const started = await startDatabaseProcess({ binary, databaseFile, port, timekeeper });
    recordProcess(recordPath, { pid: started.pid, ownerPid: process.pid });
    return started;
  };
  const { first, port } = await firstLaunch(launch, options.port);
  const supervisor = supervise(first, () => launch(port), {
    timekeeper,
    warn: options.warn ?? (() => undefined),
    onGiveUp: options.onGiveUp ?? (() => undefined),
  });
  return {
    url: urlOf(port),
    databaseFile,
    pid: supervisor.pid,
    stop: async () => {
      await supervisor.stop();
      forgetProcess(recordPath);
    },
  };
}

async function firstLaunch(
  launch: (port: number) => Promise<DatabaseProcess>,
  wantedPort: number | undefined,
): Promise<{ readonly first: DatabaseProcess; readonly port: number }> {
  for (let triesLeft = wantedPort === undefined ? START_TRIES - 1 : 0; ; triesLeft -= 1) {
    const port = wantedPort ?? (await freePort());
    try {
      return { first: await launch(port), port };
    } catch (error) {
      if (triesLeft === 0) throw error;
    }
  }
}

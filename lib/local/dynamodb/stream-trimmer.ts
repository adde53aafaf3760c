import type { Timekeeper } from '../shared/timekeeper.ts';
import { TRIM_CHUNK, type StreamTable } from './stream-table.ts';

/** Who reads the stream of a table, and how far it is; `undefined` for nothing done yet. */
export interface StreamConsumer {
  readonly tableName: string;
  readonly doneThrough: () => string | undefined;
}

export interface StreamTrimmerDeps {
  readonly streams: StreamTable;
  /** Every table with a stream. */
  readonly tableNames: readonly string[];
  readonly consumers: readonly StreamConsumer[];
  readonly timekeeper: Timekeeper;
  readonly warn: (message: string) => void;
}

/** DynamoDB keeps stream records for 24 hours. */
const RETENTION_MS = 86_400_000;
/** The first run waits too, so that after a long stop readers see the old records once. */
const INTERVAL_MS = 10_000;
/** Between chunks of a long trim, so that writes and readers get their turn. */
const CHUNK_PAUSE_MS = 20;

/**
 * Deletes stream records that every mapping of their table is done with, or that are older than 24
 * hours, every 10 s and in chunks. Gives the function that ends it.
 */
export function startStreamTrimmer(deps: StreamTrimmerDeps): () => void {
  const { timekeeper } = deps;
  let cancel = timekeeper.after(INTERVAL_MS, run);
  function run(): void {
    cancel = timekeeper.after(trimAll(deps) ? CHUNK_PAUSE_MS : INTERVAL_MS, run);
  }
  return () => {
    cancel();
  };
}

/** One chunk of each table; true when a table may have more. */
function trimAll({ streams, tableNames, consumers, timekeeper, warn }: StreamTrimmerDeps): boolean {
  try {
    const deleted = tableNames.map((tableName) =>
      streams.trim({
        tableName,
        consumedThrough: consumedThrough(consumers.filter((one) => one.tableName === tableName)),
        notBeforeMs: timekeeper.nowMs() - RETENTION_MS,
      }),
    );
    return deleted.some((records) => records >= TRIM_CHUNK);
  } catch (error) {
    warn(`The stream could not be trimmed now and will be later: ${String(error)}`);
    return false;
  }
}

/** The slowest reader's position; nobody reading means nothing is consumed. */
function consumedThrough(consumers: readonly StreamConsumer[]): string | undefined {
  const positions = consumers.map(({ doneThrough }) => doneThrough());
  const known = positions.filter((position) => position !== undefined).map(BigInt);
  const [first] = known;
  if (first === undefined || known.length < positions.length) return undefined;
  return known.reduce((lowest, next) => (next < lowest ? next : lowest), first).toString();
}

import { openSqlite } from '../shared/sqlite.ts';

/** The oldest records of one table that may go. */
export interface TrimRequest {
  readonly tableName: string;
  /** Everything up to this sequence number was read by all who read it. */
  readonly consumedThrough: string | undefined;
  /** Records made before this instant go, read or not. */
  readonly notBeforeMs: number;
}

/** A second handle on the embedded database's file, for what its own interface cannot do. */
export interface StreamTable {
  /**
   * Deletes at most `TRIM_CHUNK` records and gives their number. The newest record of a table stays: the
   * database numbers the next one after the highest it finds, so it would start again at 1, below
   * every checkpoint. Throws when the file stays locked for longer than 100 ms; nothing is lost then.
   */
  readonly trim: (request: TrimRequest) => number;
  readonly count: (tableName: string) => number;
  readonly close: () => void;
}

/** Small enough that a write never waits for it noticeably (about 5 ms here). */
export const TRIM_CHUNK = 500;

const LOCK_TIMEOUT_MS = 100;

/**
 * dynoxide 1.2.1 keeps its stream in `_stream_records` without an index: each write to a streamed
 * table looks for the highest sequence number among all records ever written. These two indexes answer
 * that, and reads of a shard, from the index alone.
 */
const INDEXES = `
  CREATE INDEX IF NOT EXISTS tocsin_stream_by_table
    ON _stream_records (table_name, CAST(sequence_number AS INTEGER));
  CREATE INDEX IF NOT EXISTS tocsin_stream_by_shard
    ON _stream_records (table_name, shard_id, CAST(sequence_number AS INTEGER));`;

const OLDEST = `
  SELECT CAST(sequence_number AS INTEGER) AS sequenceNumber, created_at AS createdAtS
  FROM _stream_records WHERE table_name = ? ORDER BY CAST(sequence_number AS INTEGER) LIMIT ?`;
const HIGHEST = `
  SELECT MAX(CAST(sequence_number AS INTEGER)) AS highest FROM _stream_records WHERE table_name = ?`;
const DELETE = `
  DELETE FROM _stream_records WHERE table_name = ? AND CAST(sequence_number AS INTEGER) <= ?`;
const COUNT = 'SELECT COUNT(*) AS records FROM _stream_records WHERE table_name = ?';

/** Opens the file of a running embedded database and makes its stream indexes. */
export function openStreamTable(databaseFile: string): StreamTable {
  const database = openSqlite(databaseFile, { timeoutMs: LOCK_TIMEOUT_MS });
  try {
    database.exec(INDEXES);
  } catch (error) {
    database.close();
    throw new Error(
      `The stream of ${databaseFile} cannot be indexed; this release knows the files of dynoxide 1.2.1.`,
      { cause: error },
    );
  }
  const [oldest, highest] = [database.prepare(OLDEST), database.prepare(HIGHEST)];
  const [remove, count] = [database.prepare(DELETE), database.prepare(COUNT)];
  return {
    trim: ({ tableName, consumedThrough, notBeforeMs }) => {
      const newest = Number(highest.get(tableName)?.['highest'] ?? 0);
      const through = Math.min(Number(consumedThrough ?? 0), newest - 1);
      const rows = oldest.all(tableName, TRIM_CHUNK).map((row) => ({
        sequenceNumber: Number(row['sequenceNumber']),
        createdAtMs: Number(row['createdAtS']) * 1000,
      }));
      const firstToStay = rows.findIndex(
        ({ sequenceNumber, createdAtMs }) =>
          sequenceNumber > through && (createdAtMs >= notBeforeMs || sequenceNumber >= newest),
      );
      const last = rows.slice(0, firstToStay === -1 ? rows.length : firstToStay).at(-1);
      if (last === undefined) return 0;
      return Number(remove.run(tableName, last.sequenceNumber).changes);
    },
    count: (tableName) => Number(count.get(tableName)?.['records'] ?? 0),
    close: () => {
      database.close();
    },
  };
}

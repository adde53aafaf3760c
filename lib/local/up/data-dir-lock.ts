import type { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { closeSync, openSync } from 'node:fs';
import { makeDirectory, readTextIfPresent, writeFileAtomically } from '../shared/files.ts';
import { openSqlite } from '../shared/sqlite.ts';
import { isJsonObject, parseJson } from '../shared/json.ts';
import { StartProblem } from './start-problem.ts';

/** The right to use a data directory, until it is let go or this process ends. */
export interface DataDirLock {
  readonly release: () => void;
}

/** The locks of this process: a database that nobody refers to is closed when it is collected. */
const held = new Set<DatabaseSync>();

/**
 * Takes the data directory for this process. The lock is the operating system's own, on a file that
 * SQLite holds, so it ends with the process however that ends: there is nothing stale to find after
 * a kill, and no process number to mistake for another. Throws `StartProblem` when another Tocsin
 * has it.
 */
export function lockDataDir(dataDir: string): DataDirLock {
  makeDirectory(dataDir);
  const holderFile = join(dataDir, 'lock.json');
  const lockFile = join(dataDir, 'lock.sqlite');
  closeSync(openSync(lockFile, 'a', 0o600));
  const database = openSqlite(lockFile, { timeoutMs: 0 });
  try {
    // Nothing is ever written, so no journal appears beside the file.
    database.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    database.close();
    throw new StartProblem(
      `Another Tocsin${holderOf(holderFile)} uses ${dataDir}. Two on one data directory would page ` +
        'twice. Stop that one first, or start this one with --data and a directory of its own.',
      { cause },
    );
  }
  writeFileAtomically(holderFile, `${JSON.stringify({ pid: process.pid })}\n`);
  held.add(database);
  return {
    release: () => {
      held.delete(database);
      database.close();
    },
  };
}

/** Who wrote the file last, for the message only: it decides nothing. */
function holderOf(holderFile: string): string {
  const holder = parseJson(readTextIfPresent(holderFile) ?? '');
  const pid = isJsonObject(holder) ? holder['pid'] : undefined;
  return typeof pid === 'number' ? ` (process ${pid})` : '';
}

import type { DatabaseSync } from 'node:sqlite';

/**
 * Opens a SQLite file, without the warning that early releases of Node 24 print about the module.
 * A statement that finds the file locked gives up after `timeoutMs`.
 */
export function openSqlite(
  path: string,
  { timeoutMs }: { readonly timeoutMs: number },
): DatabaseSync {
  const emitWarning = process.emitWarning.bind(process);
  process.emitWarning = () => undefined;
  try {
    const { DatabaseSync: Database } = process.getBuiltinModule('node:sqlite');
    return new Database(path, { timeout: timeoutMs });
  } finally {
    process.emitWarning = emitWarning;
  }
}

import {
  appendFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { randomUUID } from 'node:crypto';

/** Only the person who runs Tocsin reads or writes what it keeps. */
const OWNER_ONLY = 0o600;
const OWNER_ONLY_DIRECTORY = 0o700;
const NEWLINE = 0x0a;

/**
 * Writes a whole file so that a reader, or the next start after a kill, finds the old content or the
 * new one and never a part: into a sibling first, then renamed over. The model is the kill of a
 * process, not the loss of power, so nothing is flushed to the disk. Mode 0600.
 */
export function writeFileAtomically(path: string, content: string | Uint8Array): void {
  makeDirectory(dirname(path));
  const sibling = `${path}.${randomUUID()}.tmp`;
  try {
    writeFileSync(sibling, content, { mode: OWNER_ONLY });
    renameSync(sibling, path);
  } catch (error) {
    rmSync(sibling, { force: true });
    throw error;
  }
}

/**
 * Ends a last line that a kill tore, so that the next record starts a line of its own. To be called
 * once before the first `appendJsonLine` of a process.
 */
export function endTornLine(path: string): void {
  const text = readBytesIfPresent(path);
  if (text !== undefined && text.length > 0 && text.at(-1) !== NEWLINE) appendFileSync(path, '\n');
}

/** Appends one record as a JSON line, in the file before it returns. Mode 0600. */
export function appendJsonLine(path: string, record: unknown): void {
  makeDirectory(dirname(path));
  appendFileSync(path, `${JSON.stringify(record)}\n`, { mode: OWNER_ONLY });
}

/** The file's text, or `undefined` when there is no such file; any other trouble is thrown. */
export function readTextIfPresent(path: string): string | undefined {
  return readBytesIfPresent(path)?.toString('utf8');
}

/** The file's bytes, or `undefined` when there is no such file; any other trouble is thrown. */
export function readBytesIfPresent(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Makes the directory and its parents, readable by their owner alone. */
export function makeDirectory(path: string): void {
  mkdirSync(path, { recursive: true, mode: OWNER_ONLY_DIRECTORY });
}

/** ENOENT, and ENOTDIR for a path that runs through a file. */
function isMissing(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error)) return false;
  return error.code === 'ENOENT' || error.code === 'ENOTDIR';
}

import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { readTextIfPresent, writeFileAtomically } from '../shared/files.ts';
import { isJsonObject, parseJson } from '../shared/json.ts';

/** The database process of a data directory, and the process that started it. */
export interface ProcessRecord {
  readonly pid: number;
  readonly ownerPid: number;
}

/** Remembers the process, so that the next start finds it when this one is killed. */
export function recordProcess(path: string, record: ProcessRecord): void {
  writeFileAtomically(path, JSON.stringify(record));
}

/** Forgets the process, once it has ended. */
export function forgetProcess(path: string): void {
  rmSync(path, { force: true });
}

/** How long the system may take to end a process that was killed. */
const END_TIMEOUT_MS = 5_000;
const POLL_MS = 20;

/**
 * Ends the database that a killed Tocsin left behind on the same file. A process counts as that only
 * when its command line names the file, since its number may have gone to another program. Throws when
 * the owner still runs: two at a time on one data directory would page twice and lose track.
 */
export async function endOrphan(recordPath: string, databaseFile: string): Promise<void> {
  const record = readRecord(recordPath);
  if (record === undefined || !isDatabase(record.pid, databaseFile)) return;
  if (parentOf(record.pid) === record.ownerPid) {
    throw new Error(
      `Another Tocsin (process ${record.ownerPid}) runs on ${databaseFile}. Stop it first, or give this one ` +
        'another data directory.',
    );
  }
  process.kill(record.pid, 'SIGKILL');
  for (let waitedMs = 0; isDatabase(record.pid, databaseFile); waitedMs += POLL_MS) {
    if (waitedMs > END_TIMEOUT_MS) {
      throw new Error(`Process ${record.pid} holds ${databaseFile} and did not end when killed.`);
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

function readRecord(path: string): ProcessRecord | undefined {
  const stored = parseJson(readTextIfPresent(path) ?? '');
  if (!isJsonObject(stored)) return undefined;
  const { pid, ownerPid } = stored;
  return typeof pid === 'number' && typeof ownerPid === 'number' ? { pid, ownerPid } : undefined;
}

/** A process that ended and was not yet waited for has no command line any more. */
function isDatabase(pid: number, databaseFile: string): boolean {
  const commandLine =
    readTextIfPresent(`/proc/${pid}/cmdline`)?.replaceAll('\0', ' ') ?? ps(pid, 'command');
  return commandLine.includes('dynoxide') && commandLine.includes(databaseFile);
}

function parentOf(pid: number): number {
  const status = readTextIfPresent(`/proc/${pid}/status`);
  return Number(/^PPid:\s*(\d+)$/m.exec(status ?? '')?.[1] ?? ps(pid, 'ppid'));
}

/** For systems without /proc; empty where there is no such process, or no `ps` either. */
function ps(pid: number, column: 'command' | 'ppid'): string {
  const { stdout } = spawnSync('ps', ['-o', `${column}=`, '-p', String(pid)], { encoding: 'utf8' });
  return (stdout as string | null)?.trim() ?? '';
}

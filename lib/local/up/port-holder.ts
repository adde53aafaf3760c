import { readdirSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';
import { readTextIfPresent } from '../shared/files.ts';

/** The program that listens on a port of this machine, as far as this user may see it. */
export interface PortHolder {
  readonly pid: number;
  readonly command: string;
}

/** State of a listening socket in /proc/net/tcp. */
const LISTENING = '0A';

/**
 * Finds who listens on a TCP port, from Linux's /proc; `undefined` elsewhere, and for programs of
 * other users. For a message to a person only.
 */
export function findPortHolder(port: number): PortHolder | undefined {
  const inodes = new Set(['tcp', 'tcp6'].flatMap((table) => listeningInodes(table, port)));
  if (inodes.size === 0) return undefined;
  const pid = numericEntries('/proc').find((candidate) => holdsOneOf(candidate, inodes));
  if (pid === undefined) return undefined;
  return { pid: Number(pid), command: commandOf(pid) };
}

/** The program and, for an interpreter, its script; no arguments, which may hold secrets. */
function commandOf(pid: string): string {
  const [program = '', script = ''] = (readTextIfPresent(`/proc/${pid}/cmdline`) ?? '').split('\0');
  const isScript = /\.\w+$/.test(script) && !script.startsWith('-');
  const names = isScript ? [program, script] : [program];
  return names.map((name) => basename(name)).join(' ') || 'a program';
}

function listeningInodes(table: string, port: number): readonly string[] {
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const lines = (readTextIfPresent(`/proc/net/${table}`) ?? '').split('\n').slice(1);
  return lines.flatMap((line) => {
    const [, local = '', , state, , , , , , inode] = line.trim().split(/\s+/);
    return local.endsWith(wanted) && state === LISTENING && inode !== undefined ? [inode] : [];
  });
}

function holdsOneOf(pid: string, inodes: ReadonlySet<string>): boolean {
  return numericEntries(`/proc/${pid}/fd`).some((descriptor) => {
    const inode = /^socket:\[(\d+)\]$/.exec(linkAt(`/proc/${pid}/fd/${descriptor}`))?.[1];
    return inode !== undefined && inodes.has(inode);
  });
}

/** Empty where there is no such folder, or where it is another user's. */
function numericEntries(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
}

/** Empty for a descriptor that was closed meanwhile. */
function linkAt(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

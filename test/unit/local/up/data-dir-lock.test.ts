import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockDataDir } from '../../../../lib/local/up/data-dir-lock.ts';

let dataDir: string;
const holders: ChildProcess[] = [];

beforeEach(() => {
  dataDir = join(mkdtempSync(join(tmpdir(), 'tocsin-lock-')), 'data');
});

afterEach(() => {
  for (const holder of holders.splice(0)) holder.kill('SIGKILL');
  rmSync(join(dataDir, '..'), { recursive: true });
});

/** Another process that has the directory, as another Tocsin would. */
async function holder(): Promise<ChildProcess> {
  const module = new URL('../../../../lib/local/up/data-dir-lock.ts', import.meta.url).href;
  const code =
    `const { lockDataDir } = await import(${JSON.stringify(module)});` +
    `lockDataDir(${JSON.stringify(dataDir)}); setInterval(() => 0, 1000);` +
    // What nobody refers to is collected some day: the lock must not go with it.
    "setTimeout(() => { gc(); console.log('held'); }, 1);";
  const child = spawn(process.execPath, ['--expose-gc', '--input-type=module', '-e', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  holders.push(child);
  await once(child.stdout, 'data');
  return child;
}

describe('the lock of a data directory', () => {
  it('is for its owner alone, like the directory that it makes', () => {
    const lock = lockDataDir(dataDir);
    const modes = ['.', 'lock.sqlite', 'lock.json'].map(
      (name) => statSync(join(dataDir, name)).mode & 0o777,
    );
    lock.release();
    expect(modes).toEqual([0o700, 0o600, 0o600]);
  });

  it('refuses a second Tocsin, and names the process of the first', async () => {
    const first = await holder();
    expect(() => lockDataDir(dataDir)).toThrow(
      `Another Tocsin (process ${first.pid}) uses ${dataDir}. Two on one data directory would ` +
        'page twice. Stop that one first, or start this one with --data and a directory of its own.',
    );
  });

  it('is free at once when its process was killed', async () => {
    const first = await holder();
    first.kill('SIGKILL');
    await once(first, 'exit');
    lockDataDir(dataDir).release();
  });

  it('is free after a release', () => {
    lockDataDir(dataDir).release();
    lockDataDir(dataDir).release();
  });

  it('still refuses, without a number, when the note of the holder is damaged', async () => {
    await holder();
    writeFileSync(join(dataDir, 'lock.json'), '{"pid":');
    expect(() => lockDataDir(dataDir)).toThrow(`Another Tocsin uses ${dataDir}.`);
  });
});

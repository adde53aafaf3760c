import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockDataDir } from '../../lib/local/up/data-dir-lock.ts';

const COMMAND_LINE = join(import.meta.dirname, '../../bin/tocsin.ts');

const ENV = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(AWS|PAGERDUTY|TOCSIN)_/.test(name)),
);

let folder = '';
const dataDir = () => join(folder, '.tocsin');

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tocsin-refusals-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** How a start ended that was to end by itself. */
function up(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly code: unknown; readonly out: string; readonly err: string }> {
  return new Promise((resolve) => {
    const options = { cwd: folder, env: { ...ENV, ...env }, timeout: 20_000 };
    execFile(process.execPath, [COMMAND_LINE, 'up', ...args], options, (error, out, err) => {
      resolve({ code: error?.code, out, err });
    });
  });
}

describe('a start that cannot be', () => {
  it('names who has the port, before anything is built', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    // A TCP server's address is an object.
    const { port } = server.address() as AddressInfo;
    const { code, out, err } = await up([], { TOCSIN_PORT: String(port) });
    server.close();

    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain(`error: Port ${port} of 127.0.0.1 is taken by `);
    expect(err).toContain(`  TOCSIN_PORT=${port + 1} npm start\n`);
    if (existsSync('/proc')) expect(err).toContain(`(process ${process.pid})`);
    expect(existsSync(join(dataDir(), 'assembly'))).toBe(false);
  });

  it('says that another one has the data directory', async () => {
    const lock = lockDataDir(dataDir());
    const { code, err } = await up(['--port', '0']);
    lock.release();

    expect(code).toBe(1);
    expect(err).toBe(
      `error: Another Tocsin (process ${process.pid}) uses ${dataDir()}. Two on one data directory ` +
        'would page twice. Stop that one first, or start this one with --data and a directory of ' +
        'its own.\n',
    );
  });

  it('shows what is wrong with the policy', async () => {
    writeFileSync(join(folder, 'p.yaml'), 'version: 1\ntenants:\n  default: {}\n');
    const { code, err } = await up(['--port', '0', '--policy', 'p.yaml']);

    expect(code).toBe(1);
    expect(err).toMatch(
      /^error: The policy is refused, and nothing was started\.\n\np\.yaml:3:\d+/,
    );
    expect(existsSync(dataDir())).toBe(false);
  });

  it('says that the policy is not there', async () => {
    const { code, err } = await up(['--port', '0', '--policy', 'missing.yaml']);

    expect(code).toBe(1);
    expect(err).toMatch(/^error: The policy missing\.yaml cannot be read: ENOENT/);
  });

  it('ends at once when it is asked to while it builds, and leaves nothing half done', async () => {
    const child = spawn(process.execPath, [COMMAND_LINE, 'up', '--port', '0'], {
      cwd: folder,
      env: ENV,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    await once(child.stderr, 'data');
    child.kill('SIGTERM');
    const [code] = (await once(child, 'exit')) as [number | null];

    expect(code).toBe(143);
    const assemblies = readdirSync(join(dataDir(), 'assembly'));
    expect(assemblies.filter((name) => !name.endsWith('.unfinished'))).toEqual([]);
    lockDataDir(dataDir()).release();
  });
});

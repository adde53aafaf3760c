import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NODE_PACKAGES } from '../../bin/launch/node-24.mjs';

const REPOSITORY = resolve(import.meta.dirname, '../..');
const PLATFORMS = Object.keys(NODE_PACKAGES);

interface LockEntry {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly optional?: boolean;
  readonly inBundle?: boolean;
  readonly os?: string | readonly string[];
  readonly cpu?: string | readonly string[];
}

// The committed lockfile; npm itself checks its shape below.
const { packages } = JSON.parse(readFileSync(join(REPOSITORY, 'package-lock.json'), 'utf8')) as {
  readonly packages: Readonly<Record<string, LockEntry>>;
};

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tocsin-lockfile-'));
  for (const name of ['package.json', 'package-lock.json', '.npmrc']) {
    cpSync(join(REPOSITORY, name), join(folder, name));
  }
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs npm offline on a copy of the lockfile, with an empty cache: nothing can be asked of a registry. */
function npm(...args: readonly string[]): string {
  const cache = join(folder, 'cache');
  return execFileSync('npm', [...args, '--offline', '--ignore-scripts', '--cache', cache], {
    cwd: folder,
    encoding: 'utf8',
    shell: process.platform === 'win32',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

function ciOn(platform: string): readonly string[] {
  const [os = '', cpu = ''] = platform.split('-');
  const output = npm('ci', '--dry-run', `--os=${os}`, `--cpu=${cpu}`);
  return Array.from(output.matchAll(/^add (\S+)/gm), ([, name = '']) => name);
}

describe('npm ci on the committed lockfile', () => {
  it.each(PLATFORMS)('installs on %s its own binaries, and no other platform’s', (platform) => {
    const binaries = ciOn(platform).filter(
      (name) => name.startsWith('@dynoxide/') || Object.values(NODE_PACKAGES).includes(name),
    );
    expect(binaries.toSorted()).toEqual([`@dynoxide/${platform}`, NODE_PACKAGES[platform]]);
  });

  it('finds package.json and the lockfile in agreement, and npm install changes neither', () => {
    const before = readFileSync(join(folder, 'package-lock.json'), 'utf8');
    npm('install', '--package-lock-only');
    expect(readFileSync(join(folder, 'package-lock.json'), 'utf8')).toBe(before);
  });
});

describe('the committed lockfile', () => {
  it('names no download host', () => {
    expect(Object.entries(packages).filter(([, { resolved }]) => resolved !== undefined)).toEqual(
      [],
    );
  });

  it.each(PLATFORMS)('marks the binaries for %s as optional and for that platform', (platform) => {
    const [os = '', cpu = ''] = platform.split('-');
    for (const name of [`@dynoxide/${platform}`, NODE_PACKAGES[platform]]) {
      const entry = packages[`node_modules/${name}`];
      expect([name, entry?.optional, [entry?.os].flat(), [entry?.cpu].flat()]).toEqual([
        name,
        true,
        [os],
        [cpu],
      ]);
    }
  });

  it('carries a checksum for each package, those apart that were written by hand', () => {
    const without = Object.keys(packages).filter(
      (path) =>
        path !== '' &&
        packages[path]?.integrity === undefined &&
        // Comes inside the archive of another package, whose checksum covers it.
        packages[path]?.inBundle !== true,
    );
    expect(without).toEqual(
      ['darwin-arm64', 'darwin-x64', 'linux-arm64', 'win32-x64'].map(
        (platform) => `node_modules/@dynoxide/${platform}`,
      ),
    );
  });
});

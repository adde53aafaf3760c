import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findProgram, missingText, PROGRAMS } from '../e2e/programs/programs.ts';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tocsin-programs-'));
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

function program(folder: string, name: string, mode: number): string {
  mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(join(root, folder, name), '');
  chmodSync(join(root, folder, name), mode);
  return join(root, folder, name);
}

const searchPath = (...folders: readonly string[]): string =>
  folders.map((folder) => (folder === '' ? '' : join(root, folder))).join(delimiter);

describe('a program of the end-to-end tests', () => {
  it('is found under the name that Debian gives it, or under its own', () => {
    const own = program('a', 'alertmanager', 0o755);
    expect(findProgram(PROGRAMS.alertmanager, searchPath('a', 'b'))).toBe(own);
    const debian = program('b', 'prometheus-alertmanager', 0o755);
    expect(findProgram(PROGRAMS.alertmanager, searchPath('', 'a', 'b'))).toBe(debian);
  });

  it('is missing when nothing of that name can be executed', () => {
    program('a', 'prometheus', 0o644);
    expect(findProgram(PROGRAMS.prometheus, searchPath('a', 'absent'))).toBeUndefined();
    expect(findProgram(PROGRAMS.prometheus, '')).toBeUndefined();
  });

  it('is named, with the way to get it, to the person who lacks it', () => {
    const text = missingText([PROGRAMS.alertmanager, PROGRAMS.chromium]);
    expect(text).toContain(
      '  prometheus-alertmanager or alertmanager: Debian package prometheus-alertmanager\n' +
        '  chromium or chromium-browser: Debian package chromium\n',
    );
    expect(text).toContain('run `npm run test:e2e` again');
  });
});

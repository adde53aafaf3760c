import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const SUM = resolve(import.meta.dirname, '../../.ci/sum.mjs');
const GREEN = {
  numPassedTests: 5,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  testResults: [],
};
const BROKEN_FILE = { name: 'a.test.ts', status: 'failed', message: 'no', assertionResults: [] };

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tocsin-sum-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function sum(reports: readonly (object | undefined)[], failedStages: readonly string[] = []) {
  const files = reports.map((report, at) => {
    const file = join(folder, `${at}.json`);
    if (report !== undefined) writeFileSync(file, JSON.stringify(report));
    return file;
  });
  const args = [SUM, ...files, '--', ...failedStages];
  const { status, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  return { status, last: stdout.trimEnd().split('\n').at(-1) };
}

describe('the closing line of .ci/run', () => {
  it.each([
    ['two green reports', [GREEN, GREEN], [], 0, '10 passed, 0 failed'],
    ['a failed test', [GREEN, { ...GREEN, numFailedTests: 2 }], ['e2e'], 1, '10 passed, 2 failed'],
    ['a file not loaded', [{ ...GREEN, testResults: [BROKEN_FILE] }], [], 1, '5 passed, 1 failed'],
    ['a skipped test', [{ ...GREEN, numPendingTests: 1 }], [], 1, '5 passed, 1 failed'],
    ['a test to do', [{ ...GREEN, numTodoTests: 1 }], [], 1, '5 passed, 1 failed'],
    ['a missing report', [GREEN, undefined], ['e2e'], 1, '5 passed, 1 failed'],
    ['green tests but a red check', [GREEN], ['npm run check'], 1, '5 passed, 1 failed'],
    ['no test at all', [{ ...GREEN, numPassedTests: 0 }], [], 1, '0 passed, 0 failed'],
  ])('tells of %s', (_case, reports, stages, status, last) => {
    expect(sum(reports, stages)).toEqual({ status, last });
  });
});

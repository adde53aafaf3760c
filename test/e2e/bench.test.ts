import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { ROOT } from './harness/tocsin.ts';

/** Figures mean nothing here, on a machine that does other things; what counts must hold anyway. */
it(
  'npm run bench -- --quick measures everything and loses nothing',
  { timeout: 240_000 },
  async () => {
    const file = join(ROOT, 'test/bench/main.ts');
    const { stdout } = await promisify(execFile)(process.execPath, [file, '--quick']);
    for (const what of [
      'one alert',
      'resolve',
      'duplicates',
      'write units',
      'Slack',
      'ingest bundle',
    ]) {
      expect(stdout).toContain(what);
    }
    expect(verdictOf(stdout, 'duplicates: pages')).toBe('met');
    expect(verdictOf(stdout, 'distinct: lost')).toBe('met');
    expect(verdictOf(stdout, 'ingest bundle, KB')).toBe('met');
    expect(stdout).not.toContain('NaN');
  },
);

/** The last cell of the line that tells of this. */
const verdictOf = (report: string, what: string): string | undefined =>
  report
    .split('\n')
    .find((line) => line.includes(what))
    ?.split('|')
    .at(-2)
    ?.trim();

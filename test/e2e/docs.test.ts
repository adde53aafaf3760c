import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readDocBlocks, type DocBlock } from './harness/doc-blocks.ts';
import { eventually } from './harness/eventually.ts';
import { answering, freePort, startProgram, type Program } from './harness/program.ts';
import { neutralEnv, ROOT } from './harness/tocsin.ts';
import { createUndo } from './harness/undo.ts';

/** Written into the documents; here a Tocsin of somebody may have it. */
const DOCUMENTED_PORT = 8484;
const STARTS_WITHIN_MS = 90_000;
const BLOCK_WITHIN_MS = 180_000;

const blocks = readDocBlocks(ROOT);
const ofKind = (kind: DocBlock['kind']): readonly DocBlock[] =>
  blocks.filter((block) => block.kind === kind);

/** A copy, since `.tocsin` and what is built would otherwise land in the tree of whoever tests. */
const folder = mkdtempSync(join(tmpdir(), 'tocsin-docs-'));
const copy = join(folder, 'tocsin');
const undo = createUndo();

beforeAll(() => {
  undo.add(() => rmSync(folder, { recursive: true, force: true }));
  const left = new Set(['node_modules', '.git', '.tocsin', 'cdk.out', 'coverage', 'dist']);
  // By the whole path: some sources are in folders of these names.
  cpSync(ROOT, copy, { recursive: true, filter: (path) => !left.has(relative(ROOT, path)) });
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
});

afterAll(undo.run, 60_000);

/** Neither the accounts of whoever tests nor the test runner around this one. */
const env = (more: Readonly<Record<string, string>>): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(AWS|PAGERDUTY|SLACK|TOCSIN|VITEST|npm)_|^(VITEST|TEST|NODE_ENV)$/.test(name),
    ),
  ),
  ...more,
});

/** Runs the commands as a reader would, and stops at the first that fails. */
async function run(script: string, more: Readonly<Record<string, string>> = {}): Promise<string> {
  const options = { cwd: copy, env: env(more), timeout: BLOCK_WITHIN_MS, maxBuffer: 64 << 20 };
  const { stdout } = await promisify(execFile)('sh', ['-e', '-c', script], options);
  return stdout;
}

describe('the commands in the documentation', () => {
  it('are found', () => {
    expect(blocks.length - ofKind('needs an account').length).toBeGreaterThan(5);
  });

  it.each(ofKind('anywhere').map((block) => [block.place, block] as const))(
    'of %s work',
    async (_, { script }) => {
      await run(script);
    },
    BLOCK_WITHIN_MS,
  );
});

describe('the commands beside a running Tocsin', () => {
  let port: number;
  let program: Program;
  let incidentId: string;

  it(
    'begin with npm start, which prints a command that raises a P0',
    async () => {
      port = await freePort();
      program = startProgram({
        path: 'npm',
        args: ['start'],
        cwd: copy,
        env: { ...neutralEnv, TOCSIN_PORT: String(port) },
        outputFile: join(folder, 'npm-start.log'),
      });
      undo.add(program.stop);
      const url = `http://127.0.0.1:${port}/healthz`;
      await answering(program, { url, withinMs: STARTS_WITHIN_MS });
      const printed = /^curl .*\/v1\/alerts\/alertmanager$/m;
      const look = (): string | undefined => printed.exec(program.output())?.[0];
      const command = await eventually('the command', look, { withinMs: 10_000 });
      // The shape is that of the answer to a delivery.
      const { incidents } = JSON.parse(await run(command)) as { incidents: readonly string[] };
      expect(incidents).toHaveLength(1);
      [incidentId = ''] = incidents;
    },
    STARTS_WITHIN_MS,
  );

  it.each(ofKind('with Tocsin running').map((block) => [block.place, block] as const))(
    'of %s work',
    async (_, { script }) => {
      const here = script.replaceAll(`127.0.0.1:${DOCUMENTED_PORT}`, `127.0.0.1:${port}`);
      expect(await run(here, { ID: incidentId })).not.toContain('Not Found');
    },
    BLOCK_WITHIN_MS,
  );
});

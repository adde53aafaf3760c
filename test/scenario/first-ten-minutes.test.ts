import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { connectionFileName } from '../../lib/codec/local-connection.ts';
import { startProgram, type Program } from '../e2e/harness/program.ts';
import { storedObjects } from '../e2e/harness/views.ts';

const COMMAND_LINE = join(import.meta.dirname, '../../bin/tocsin.ts');
const CURL = join(import.meta.dirname, '../fixtures/curl-stand-in.ts');

/** What a developer has set for real accounts must not reach a test. */
const OTHER_VARIABLES = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(AWS|PAGERDUTY|TOCSIN)_/.test(name)),
);

/** The first start builds the bundles, on two cores that run other tests. */
const START_WITHIN_MS = 60_000;

let folder = '';
let running: Program | undefined;
let starts = 0;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tocsin-first-'));
  starts = 0;
  writeFileSync(join(folder, 'curl'), `#!/bin/sh\nexec '${process.execPath}' '${CURL}' "$@"\n`);
  chmodSync(join(folder, 'curl'), 0o755);
});

afterEach(async () => {
  await running?.killGroup();
  rmSync(folder, { recursive: true });
});

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function run(file: string, args: readonly string[]): Promise<Ended> {
  const env = { ...OTHER_VARIABLES, PATH: `${folder}${delimiter}${process.env['PATH'] ?? ''}` };
  return new Promise((resolve) => {
    execFile(file, [...args], { cwd: folder, env }, (error, out, err) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err });
    });
  });
}

/** `npx tocsin`, in the folder where it was started. */
const tocsin = (...args: string[]): Promise<Ended> =>
  run(process.execPath, [COMMAND_LINE, ...args]);

/** Starts it as `npm start` does; resolves with what it printed once that is complete. */
async function start(port: number): Promise<{ program: Program; printed: string }> {
  starts += 1;
  const program = startProgram({
    path: process.execPath,
    args: [COMMAND_LINE, 'up', '--port', String(port), '--person', 'ada'],
    cwd: folder,
    env: { ...OTHER_VARIABLES, PATH: process.env['PATH'] ?? '' },
    outputFile: join(folder, `up-${starts}.log`),
  });
  running = program;
  await vi.waitFor(
    () => {
      expect(program.output()).toContain('Ctrl-C stops it');
    },
    { timeout: START_WITHIN_MS, interval: 50 },
  );
  return { program, printed: program.output() };
}

/** The state of each incident that the PagerDuty sandbox holds. */
async function paged(url: string): Promise<readonly string[]> {
  const response = await fetch(`${url}/sandbox/pagerduty/incidents`);
  // The sandbox's own contract tests hold the shape.
  const { incidents } = (await response.json()) as { incidents: { readonly status: string }[] };
  return incidents.map(({ status }) => status);
}

/** One problem is one incident there, however often its page was sent. */
const pagedOnce = (url: string, status: string): Promise<void> =>
  vi.waitFor(async () => expect(await paged(url)).toEqual([status]), { timeout: 10_000 });

describe('the first ten minutes', () => {
  it('lead from one command to a post-mortem, through a kill of everything', async () => {
    const first = await start(0);
    const [url = ''] = /http:\/\/127\.0\.0\.1:\d+/.exec(first.printed) ?? [];
    const commands = first.printed.split('\n').filter((line) => line.startsWith('curl '));
    expect(commands).toHaveLength(1);
    const [sample = ''] = commands;
    expect(first.printed).toContain('Raise a sample P0');
    const connectionFile = join(folder, '.tocsin', connectionFileName);
    expect(statSync(connectionFile).mode & 0o777).toBe(0o600);

    const raised = await run('sh', ['-c', sample]);
    expect(JSON.parse(raised.out)).toMatchObject({ outcome: 'attached', repeat: false });

    const list = await tocsin('incidents');
    expect(list).toMatchObject({ code: 0, err: '' });
    const [, id = ''] =
      /^([0-9a-z]{5}-[0-9a-z]{7}) {2}P0 {2}triggered · respond in 14 min/.exec(list.out) ?? [];
    expect(JSON.parse((await tocsin('incidents', '--json')).out)).toMatchObject({
      incidents: [{ id, state: 'triggered', severity: 'P0' }],
    });
    await pagedOnce(url, 'triggered');

    const taken = await tocsin('ack', id.slice(0, 4), '--note', 'looking');
    expect(taken).toMatchObject({ code: 0, err: '' });
    await pagedOnce(url, 'acknowledged');

    await first.program.killGroup();
    expect(await tocsin('incidents')).toMatchObject({
      code: 5,
      out: '',
      err: expect.stringContaining('cannot be reached') as string,
    });

    const second = await start(Number(new URL(url).port));
    expect(second.printed).toContain(sample);
    const shown = await tocsin('show', id);
    expect(shown.out).toContain('acknowledged');
    expect(shown.out).toContain('looking');

    expect(await tocsin('resolve', id)).toMatchObject({ code: 0, err: '' });
    await pagedOnce(url, 'resolved');
    const document = await tocsin('postmortem', id);
    expect(document.out).toMatch(/^# Post-mortem: CheckoutDown/);
    expect(document.out).toContain('ada');
    const dataDir = join(folder, '.tocsin');
    await vi.waitFor(
      () => {
        expect(storedObjects({ dataDir }, `${id}/latest.md`)).toHaveLength(1);
      },
      { timeout: 10_000 },
    );
    expect(await tocsin('incidents')).toMatchObject({
      out: expect.stringMatching(/^No open incidents/) as string,
    });

    process.kill(second.program.pid, 'SIGTERM');
    await vi.waitFor(() => expect(second.program.isRunning()).toBe(false), { timeout: 5_000 });
    expect(second.program.output()).toContain('Stopped. Everything is kept in .tocsin');
  }, 120_000);
});

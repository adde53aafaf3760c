import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { median } from './statistics.ts';

/** A Node process that does one thing and ends. */
export interface FreshRun {
  /** Folder with the bundle's `index.js`. */
  readonly bundleDir: string;
  readonly env: Readonly<Record<string, string>>;
  /** The event for one call of the handler; absent, the bundle is only loaded. */
  readonly event?: object;
}

/** What the process said of itself. */
export interface FreshAnswer {
  readonly wallMs: number;
  readonly answer: unknown;
  /** Whether the built-in fetch was loaded, which costs a cold start 20 ms. */
  readonly hasFetch: boolean;
}

/** As Lambda's runtime client loads CommonJS. */
const LOAD = 'require(process.argv[1]);process.stdout.write("{}");process.exit(0)';
const CALL = `
const { handler } = require(process.argv[1]);
handler(JSON.parse(process.argv[2])).then(
  (answer) => {
    const hasFetch = process.moduleLoadList.some((name) => name.includes('undici'));
    require('node:fs').writeSync(3, JSON.stringify({ answer, hasFetch }));
    process.exit(0);
  },
  (error) => { process.stderr.write(String(error && error.stack)); process.exit(1); },
);`;

/** Runs it and measures from before the process exists until it is gone. */
export async function runFresh({ bundleDir, env, event }: FreshRun): Promise<FreshAnswer> {
  const call = event === undefined ? [LOAD, bundleDir] : [CALL, bundleDir, JSON.stringify(event)];
  const fromMs = performance.now();
  const child = spawn(process.execPath, ['-e', ...call], {
    env: { ...env },
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  });
  // The last two of `stdio` are pipes that the child writes.
  const [said, complaint, [exitCode]] = await Promise.all([
    text(child.stdio[3] as Readable),
    text(child.stderr as Readable),
    once(child, 'exit') as Promise<[number | null]>,
  ]);
  const wallMs = performance.now() - fromMs;
  if (exitCode !== 0) throw new Error(`${bundleDir} failed in a fresh process: ${complaint}`);
  // Written by CALL above.
  const { answer = null, hasFetch = false } = JSON.parse(said || '{}') as Partial<FreshAnswer>;
  return { wallMs, answer, hasFetch };
}

/** What is run under a name, made afresh for each sample. */
export type FreshRuns = Readonly<Record<string, () => Promise<FreshRun> | FreshRun>>;

/**
 * Median wall time of each of several runs, taken in turn so that all meet the same load. `check`
 * throws for an answer that is not the wanted one: a figure of what did not work is worthless.
 */
export async function medianWalls(
  runs: FreshRuns,
  {
    samples,
    check,
  }: { readonly samples: number; readonly check: (of: string, a: FreshAnswer) => void },
): Promise<(name: string) => number> {
  const wallsMs = new Map<string, number[]>(Object.keys(runs).map((name) => [name, []]));
  for (let sample = 0; sample < samples; sample += 1) {
    for (const [name, make] of Object.entries(runs)) {
      const answer = await runFresh(await make());
      check(name, answer);
      wallsMs.get(name)?.push(answer.wallMs);
    }
  }
  return (name) => median(wallsMs.get(name) ?? []);
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startRuntime } from '../../lib/local/runtime/start-runtime.ts';

/** Percentiles of a series, in milliseconds. */
export interface Percentiles {
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** What it costs to reach a function that does nothing. */
export interface InvocationOverhead {
  /** `invoke` alone: to the thread and back. */
  readonly direct: Percentiles;
  /** The whole way of a webhook over a kept connection: HTTP, event, thread, answer. */
  readonly http: Percentiles;
  /** Webhooks a second with 32 under way. */
  readonly httpPerSecond: number;
}

const WARM_UP = 300;
const IN_FLIGHT = 32;

/** Measures on the fixture's echo function with a 2 KB event; takes a few seconds. */
export async function measureInvocationOverhead(rounds: number): Promise<InvocationOverhead> {
  const dataDir = mkdtempSync(join(tmpdir(), 'tocsin-overhead-'));
  const assemblyDir = join(import.meta.dirname, '../fixtures/assembly');
  const runtime = await startRuntime({ assemblyDir, dataDir, port: 0 });
  try {
    const event = { queryStringParameters: { answer: 'object' }, body: 'x'.repeat(2000) };
    const direct = async (): Promise<unknown> => await runtime.invoke('Echo', event);
    const url = `${runtime.url}/v1/alerts/alertmanager?answer=object`;
    const http = async (): Promise<unknown> =>
      await (await fetch(url, { method: 'POST', body: event.body })).text();
    await series(WARM_UP, direct);
    await series(WARM_UP, http);
    const directMs = await series(rounds, direct);
    const httpMs = await series(rounds, http);
    const startedAtMs = performance.now();
    await Promise.all(Array.from({ length: IN_FLIGHT }, () => series(rounds / IN_FLIGHT, http)));
    const perMs = rounds / (performance.now() - startedAtMs);
    return {
      direct: percentiles(directMs),
      http: percentiles(httpMs),
      httpPerSecond: perMs * 1000,
    };
  } finally {
    await runtime.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function series(rounds: number, once: () => Promise<unknown>): Promise<readonly number[]> {
  const durationsMs: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const startedAtMs = performance.now();
    await once();
    durationsMs.push(performance.now() - startedAtMs);
  }
  return durationsMs;
}

function percentiles(durationsMs: readonly number[]): Percentiles {
  const sorted = [...durationsMs].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.floor(sorted.length * share)] ?? 0;
  return { p50Ms: at(0.5), p99Ms: at(0.99) };
}

if (process.argv[1] === import.meta.filename) {
  const { direct, http, httpPerSecond } = await measureInvocationOverhead(3000);
  const line = ({ p50Ms, p99Ms }: Percentiles): string =>
    `p50 ${p50Ms.toFixed(3)} ms, p99 ${p99Ms.toFixed(3)} ms`;
  process.stdout.write(`invoke:  ${line(direct)} (target: p50 below 0.3 ms)\n`);
  process.stdout.write(`webhook: ${line(http)}, ${httpPerSecond.toFixed(0)} a second\n`);
}

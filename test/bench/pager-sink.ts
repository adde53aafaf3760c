import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Arrival } from './sink.ts';

/** The sink, as the bench sees it. */
export interface PagerSink {
  /** Base URL; `/v2/enqueue` is below it, as below everything else. */
  readonly url: string;
  /** Forgets what has arrived so far. */
  readonly clear: () => void;
  readonly arrivals: () => readonly Arrival[];
  /** When a page with this mark and action arrived first; rejects after `withinMs`. */
  readonly arrival: (mark: string, action: string, withinMs?: number) => Promise<number>;
  /** Waits until so many marks have arrived, or gives up; the number that did. */
  readonly settle: (wanted: number, withinMs: number) => Promise<number>;
  readonly stop: () => Promise<void>;
}

const ARRIVES_WITHIN_MS = 15_000;
const LOOK_EVERY_MS = 10;

export async function startPagerSink(): Promise<PagerSink> {
  const child = fork(join(import.meta.dirname, 'sink.ts'), { stdio: 'inherit' });
  const [{ port }] = (await once(child, 'message')) as [{ readonly port: number }];
  const arrivals: Arrival[] = [];
  const firstOf = new Map<string, number>();
  const waiting = new Map<string, () => void>();
  const marks = new Set<string>();
  child.on('message', (message) => {
    // The sink sends nothing else after its port.
    const arrival = message as Arrival;
    const key = `${arrival.action} ${arrival.mark}`;
    arrivals.push(arrival);
    marks.add(arrival.mark);
    if (!firstOf.has(key)) firstOf.set(key, arrival.atMs);
    waiting.get(key)?.();
    waiting.delete(key);
  });
  return {
    url: `http://127.0.0.1:${port}`,
    clear: () => {
      arrivals.length = 0;
      firstOf.clear();
      marks.clear();
    },
    arrivals: () => arrivals,
    arrival: async (mark, action, withinMs = ARRIVES_WITHIN_MS) => {
      const key = `${action} ${mark}`;
      if (!firstOf.has(key)) await told(waiting, key, withinMs);
      return firstOf.get(key) ?? Number.NaN;
    },
    settle: async (wanted, withinMs) => {
      const endAtMs = performance.now() + withinMs;
      while (marks.size < wanted && performance.now() < endAtMs) await wait(LOOK_EVERY_MS);
      return marks.size;
    },
    stop: async () => {
      child.disconnect();
      await once(child, 'exit');
    },
  };
}

async function told(
  waiting: Map<string, () => void>,
  key: string,
  withinMs: number,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => {
    reject(new Error(`No ${key} reached the pager within ${withinMs / 1000} s.`));
  }, withinMs);
  waiting.set(key, () => {
    clearTimeout(timer);
    resolve(undefined);
  });
  await promise;
}

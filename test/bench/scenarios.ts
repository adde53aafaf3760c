import { randomInt } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { monotonicMs } from './monotonic.ts';
import type { PagerSink } from './pager-sink.ts';
import type { BenchAlert, Responder } from './responder.ts';
import { percentile } from './statistics.ts';

/** How much of everything. */
export interface Amounts {
  readonly rounds: number;
  readonly singles: number;
  readonly resolves: number;
  readonly duplicates: number;
  readonly distinct: number;
  readonly grouped: number;
  readonly groups: number;
}

export interface Latency {
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export interface Storm {
  /** Alerts a second until the last answer. */
  readonly acceptedPerS: number;
  /** Requests a second until the last answer. */
  readonly requestsPerS: number;
  /** Pages a second from the first POST to the last page. */
  readonly pagedPerS: number;
  /** Requests that the pager got. */
  readonly pages: number;
  /** Alerts, or groups, that were never paged. */
  readonly lost: number;
  readonly refused: number;
}

interface Subject {
  readonly responder: Responder;
  readonly sink: PagerSink;
}

/** From POST to the page's arrival, one alert at a time. */
export async function singles(subject: Subject, count: number): Promise<readonly number[]> {
  const durationsMs: number[] = [];
  for (let n = 0; n < count; n += 1) durationsMs.push(await single(subject));
  return durationsMs;
}

/** The same for many at once, where each waits for a second anyway. */
export const singlesAtOnce = async (subject: Subject, count: number): Promise<readonly number[]> =>
  await Promise.all(
    Array.from({ length: count }, async (_, n) => {
      await wait(n * SPACING_MS);
      return await single(subject);
    }),
  );

const SPACING_MS = 20;
/** Far enough apart that one is over before the next begins, where nobody waits on purpose. */
const RESOLVE_SPACING_MS = 150;

async function single({ responder, sink }: Subject): Promise<number> {
  const alert = newAlert();
  const fromMs = monotonicMs();
  const [, arrivedAtMs] = await Promise.all([
    responder.post([alert]),
    sink.arrival(alert.mark, 'trigger'),
  ]);
  return arrivedAtMs - fromMs;
}

/** From the POST of a resolve to its arrival at the pager. */
export async function resolves(subject: Subject, count: number): Promise<readonly number[]> {
  const { responder, sink } = subject;
  return await Promise.all(
    Array.from({ length: count }, async (_, n) => {
      await wait(n * RESOLVE_SPACING_MS);
      const alert = newAlert();
      await Promise.all([responder.post([alert]), sink.arrival(alert.mark, 'trigger')]);
      const fromMs = monotonicMs();
      const [, arrivedAtMs] = await Promise.all([
        responder.post([{ ...alert, isResolved: true }]),
        sink.arrival(alert.mark, 'resolve'),
      ]);
      return arrivedAtMs - fromMs;
    }),
  );
}

/** One alert, posted again and again. */
export async function duplicates(subject: Subject, count: number): Promise<Storm> {
  const alert = newAlert();
  await subject.responder.post([alert]);
  return await storm(subject, {
    groups: Array.from({ length: count }, () => [alert]),
    pagesWanted: 1,
    quietMs: 1500,
  });
}

/** Alerts that have nothing to do with each other. */
export const distinct = async (subject: Subject, count: number): Promise<Storm> =>
  await storm(subject, {
    groups: Array.from({ length: count }, () => [newAlert()]),
    pagesWanted: count,
    quietMs: 1500,
  });

/** As many alerts as Prometheus puts into one request. */
const BATCH = 64;

/** Alerts in groups: the groups take turns, a request of new alerts of one group each time. */
export async function grouped(
  subject: Subject,
  { grouped: count, groups }: Pick<Amounts, 'grouped' | 'groups'>,
): Promise<Storm> {
  return await storm(subject, {
    groups: groupedRequests(count, groups),
    pagesWanted: groups,
    quietMs: 2500,
  });
}

/** The requests of a storm in groups. */
export function groupedRequests(count: number, groups: number): readonly BenchAlert[][] {
  const perGroup = count / groups;
  const firsts = Array.from({ length: groups }, newAlert);
  const batches = Array.from({ length: Math.ceil(perGroup / BATCH) }, (_, n) => n * BATCH);
  return batches.flatMap((from) =>
    firsts.map((first) =>
      Array.from({ length: Math.min(BATCH, perGroup - from) }, (_, n) => ({
        ...first,
        instance: `10.1.${from + n}.7:9100`,
      })),
    ),
  );
}

interface StormPlan {
  readonly groups: readonly (readonly BenchAlert[])[];
  readonly pagesWanted: number;
  /** Further pages are waited for so long after the last one that is wanted. */
  readonly quietMs: number;
}

/** A minute a thousand pages is a hundred times slower than anybody would accept. */
const MS_PER_PAGE = 60;

async function storm({ responder, sink }: Subject, plan: StormPlan): Promise<Storm> {
  const alerts = plan.groups.reduce((sum, group) => sum + group.length, 0);
  const marks = new Set(plan.groups.flat().map(({ mark }) => mark));
  const fromMs = monotonicMs();
  const { seconds, refused } = await responder.storm(plan.groups);
  const withinMs = 20_000 + plan.pagesWanted * MS_PER_PAGE;
  await sink.settle(plan.pagesWanted, withinMs);
  await wait(plan.quietMs);
  const own = sink.arrivals().filter(({ mark }) => marks.has(mark));
  const paged = new Set(own.map(({ mark }) => mark)).size;
  const firsts = firstArrivals(own);
  return {
    acceptedPerS: alerts / seconds,
    requestsPerS: plan.groups.length / seconds,
    pagedPerS: (paged * 1000) / (Math.max(...firsts) - fromMs),
    pages: own.length,
    lost: plan.pagesWanted - paged,
    refused,
  };
}

function firstArrivals(
  arrivals: readonly { readonly mark: string; readonly atMs: number }[],
): readonly number[] {
  const firsts = new Map<string, number>();
  for (const { mark, atMs } of arrivals) if (!firsts.has(mark)) firsts.set(mark, atMs);
  return [...firsts.values()];
}

/** Marks of different runs differ, so that what an earlier run left behind is not taken for a page. */
const RUN = randomInt(2 ** 40).toString(36);
let alertsMade = 0;

export function newAlert(): BenchAlert {
  alertsMade += 1;
  return {
    mark: `bench-${RUN}-${alertsMade.toString(36)}`,
    instance: '10.1.0.7:9100',
    startedAtMs: Date.now(),
    isResolved: false,
  };
}

export const latencyOf = (durationsMs: readonly number[]): Latency => ({
  p50Ms: percentile(durationsMs, 0.5),
  p99Ms: percentile(durationsMs, 0.99),
});

import { join } from 'node:path';
import { startAlertmanagerResponder } from './alertmanager-responder.ts';
import type { PagerSink } from './pager-sink.ts';
import type { Responder } from './responder.ts';
import {
  distinct,
  duplicates,
  grouped,
  latencyOf,
  resolves,
  singles,
  singlesAtOnce,
  type Amounts,
  type Latency,
  type Storm,
} from './scenarios.ts';
import { startTocsinResponder } from './tocsin-responder.ts';

/** The same scenarios at the same sink. */
export interface Figures {
  readonly single: Latency;
  readonly resolve: Latency;
  readonly duplicates: Storm;
  readonly distinct: Storm;
  readonly grouped: Storm;
}

export interface Comparison {
  readonly tocsin: Figures;
  /** Alertmanager's own PagerDuty receiver, group_wait 0s and group_interval 1s. */
  readonly alertmanager: Figures;
  /** With group_wait 1s. */
  readonly alertmanagerWaiting: Latency;
}

interface Bench {
  readonly folder: string;
  readonly sink: PagerSink;
  readonly amounts: Amounts;
  readonly say: (text: string) => void;
}

/** Runs every scenario on both, the short ones in turns so that both meet the same machine. */
export async function compare(bench: Bench): Promise<Comparison> {
  const { folder, sink, amounts, say } = bench;
  const tocsin = await startTocsinResponder({
    folder: join(folder, 'tocsin'),
    sinkUrl: sink.url,
  });
  try {
    say('one alert at a time');
    const latencies = await compareLatencies(bench, tocsin);
    const tocsinStorms = await runStorms(bench, tocsin);
    const alertmanager = await withAlertmanager(bench, '0s', (it) => runStorms(bench, it));
    const waiting = await withAlertmanager(bench, '1s', (responder) =>
      singlesAtOnce({ responder, sink }, amounts.resolves),
    );
    return {
      tocsin: { ...latencies.tocsin, ...tocsinStorms },
      alertmanager: { ...latencies.alertmanager, ...alertmanager },
      alertmanagerWaiting: latencyOf(waiting),
    };
  } finally {
    await tocsin.stop();
  }
}

type Latencies = Pick<Figures, 'single' | 'resolve'>;

/** The first alerts meet cold caches and unoptimised code; a service that runs is what is compared. */
const WARM_UP = 300;

async function compareLatencies(
  bench: Bench,
  tocsin: Responder,
): Promise<{ readonly tocsin: Latencies; readonly alertmanager: Latencies }> {
  const { sink, amounts } = bench;
  return await withAlertmanager(bench, '0s', async (alertmanager) => {
    const both = [tocsin, alertmanager] as const;
    const seen = both.map((responder) => ({
      subject: { responder, sink },
      singlesMs: [] as number[],
      resolvesMs: [] as number[],
    }));
    for (const { subject } of seen) await singles(subject, Math.min(WARM_UP, 2 * amounts.singles));
    for (let round = 0; round < amounts.rounds; round += 1) {
      for (const { subject, singlesMs, resolvesMs } of seen) {
        singlesMs.push(...(await singles(subject, amounts.singles)));
        resolvesMs.push(...(await resolves(subject, amounts.resolves)));
      }
    }
    const [first, second] = seen.map(({ singlesMs, resolvesMs }) => ({
      single: latencyOf(singlesMs),
      resolve: latencyOf(resolvesMs),
    }));
    if (first === undefined || second === undefined) throw new Error('Two were compared.');
    return { tocsin: first, alertmanager: second };
  });
}

type Storms = Pick<Figures, 'duplicates' | 'distinct' | 'grouped'>;

async function runStorms(bench: Bench, responder: Responder): Promise<Storms> {
  const { sink, amounts, say } = bench;
  const subject = { responder, sink };
  const run = async (name: string, storm: () => Promise<Storm>): Promise<Storm> => {
    say(`${responder.name}: ${name}`);
    sink.clear();
    return await storm();
  };
  return {
    duplicates: await run(`${amounts.duplicates} duplicates`, () =>
      duplicates(subject, amounts.duplicates),
    ),
    grouped: await run(`${amounts.grouped} alerts in ${amounts.groups} groups`, () =>
      grouped(subject, amounts),
    ),
    distinct: await run(`${amounts.distinct} distinct alerts`, () =>
      distinct(subject, amounts.distinct),
    ),
  };
}

async function withAlertmanager<T>(
  { folder, sink }: Bench,
  groupWait: '0s' | '1s',
  use: (responder: Responder) => Promise<T>,
): Promise<T> {
  const responder = await startAlertmanagerResponder({ folder, sinkUrl: sink.url, groupWait });
  try {
    return await use(responder);
  } finally {
    await responder.stop();
  }
}

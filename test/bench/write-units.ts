import { setTimeout as wait } from 'node:timers/promises';
import { join } from 'node:path';
import { startEmbeddedDynamoDb } from '../../lib/local/dynamodb/embedded-dynamodb.ts';
import { startCapacityProxy, type CapacityProxy } from './capacity-proxy.ts';
import type { PagerSink } from './pager-sink.ts';
import { duplicates, grouped, groupedRequests, singles } from './scenarios.ts';
import { startTocsinResponder } from './tocsin-responder.ts';

/** Write units of the whole product, with everything that follows from a delivery. */
export interface WriteUnits {
  /** A new alert: opened, paged, marked as paged. */
  readonly perNewAlert: number;
  readonly perRepeat: number;
  /** Of a storm in groups. */
  readonly perGroupedAlert: number;
  readonly perGroupedDelivery: number;
}

export interface UnitAmounts {
  readonly singles: number;
  readonly repeats: number;
  readonly grouped: number;
  readonly groups: number;
}

/** Runs a second Tocsin behind a meter, since counting slows every write. */
export async function measureWriteUnits(
  folder: string,
  { sink, amounts }: { readonly sink: PagerSink; readonly amounts: UnitAmounts },
): Promise<WriteUnits> {
  const database = await startEmbeddedDynamoDb({ dataDir: join(folder, 'database') });
  const proxy = await startCapacityProxy(database.url);
  const settings = { folder, sinkUrl: sink.url, dynamodbUrl: proxy.url };
  const responder = await startTocsinResponder(settings);
  const subject = { responder, sink };
  try {
    const spent = await meter(proxy);
    const forSingles = await spent(() => singles(subject, amounts.singles));
    const forRepeats = await spent(() => duplicates(subject, amounts.repeats));
    const forGroups = await spent(() => grouped(subject, amounts));
    const requests = groupedRequests(amounts.grouped, amounts.groups).length;
    const perNewAlert = forSingles / amounts.singles;
    return {
      perNewAlert,
      perRepeat: (forRepeats - perNewAlert) / amounts.repeats,
      perGroupedAlert: forGroups / amounts.grouped,
      perGroupedDelivery: forGroups / requests,
    };
  } finally {
    await responder.stop();
    await proxy.close();
    await database.stop();
  }
}

type Spent = (work: () => Promise<unknown>) => Promise<number>;

async function meter(proxy: CapacityProxy): Promise<Spent> {
  await untilQuiet(proxy);
  return async (work) => {
    const before = proxy.writeUnits();
    await work();
    await untilQuiet(proxy);
    return proxy.writeUnits() - before;
  };
}

/** What follows from a delivery comes with the stream, within a second. */
const QUIET_MS = 1500;

async function untilQuiet(proxy: CapacityProxy): Promise<void> {
  let seen: number;
  do {
    seen = proxy.writeUnits();
    await wait(QUIET_MS);
  } while (seen !== proxy.writeUnits());
}

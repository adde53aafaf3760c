import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createDynamoDbActionRows } from '../../lib/adapters/dynamodb/action-rows.ts';
import { createDynamoDbChanges } from '../../lib/adapters/dynamodb/changes.ts';
import { createMemoryLog } from '../../lib/adapters/memory/log.ts';
import { noStarts } from '../../lib/domain/action/unwritten.ts';
import type { Action } from '../../lib/domain/action/action.ts';
import type { ActionWrites } from '../../lib/ports/action-writes.ts';
import { sampleAction, sampleChange, writesOf } from './action-samples.ts';
import { meterCapacity, type Units } from './dynamodb-capacity.ts';
import { createTable, startDynoxide, testClient, type TestDynamoDb } from './dynamodb-server.ts';
import { subjectOn } from './dynamodb-subject.ts';
import { valueOf } from './store.contract.ts';
import { at, t0 } from './store-samples.ts';

const document = readFileSync(new URL('../../docs/data.md', import.meta.url), 'utf8');

/** The row of the cost table that begins with these words. */
function documented(pattern: string): Units {
  const row = document.split('\n').find((line) => line.startsWith(`| ${pattern} |`));
  if (row === undefined) throw new Error(`docs/data.md has no row for: ${pattern}`);
  const [write, read] = row.split('|').slice(2, 4).map(Number);
  return { write: write ?? NaN, read: read ?? NaN };
}

describe('what actions and changes cost, as docs/data.md says', () => {
  let server: TestDynamoDb;
  let client: DynamoDBClient;
  let tableName: string;

  beforeAll(async () => {
    server = await startDynoxide();
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    client = testClient(server.url);
    tableName = `tocsin-${randomUUID()}`;
    await createTable(client, tableName);
    return () => client.destroy();
  });

  it('the rows of an action', async () => {
    const meter = meterCapacity(client);
    const costs = async (pattern: string, work: () => Promise<unknown>): Promise<void> => {
      const spent = await meter.of(work);
      expect({ pattern, ...spent }).toEqual({ pattern, ...documented(pattern) });
    };
    const { store, log } = subjectOn(client, tableName);
    const clock = { now: () => t0, sleep: () => Promise.resolve() };
    const deps = { client, tableName, clock, rng: () => 0.5, log };
    const rows = createDynamoDbActionRows(deps);
    let version = 0;
    const save = async (of: Partial<Action>, more: Partial<ActionWrites> = {}): Promise<void> => {
      version += 1;
      const action = writesOf(sampleAction({ version, ...of }), more);
      valueOf(await store.commit({ token: `t${version}`, action }));
    };
    const asked = { state: 'planning', plan: null, planHash: '', nextAtMs: t0 } as const;
    await costs('Rows: an action is asked for', () => save(asked));
    await costs('Rows: it is planned', () => save({}));
    const lease = {
      tenant: 'default',
      name: 'kubernetes/main/shop/Deployment/checkout',
      version: 1,
      fence: 1,
      holder: { actionId: sampleAction().id, untilMs: at(300_000) },
      lock: null,
    };
    const starts = { ...noStarts('default'), version: 1 };
    const executing = { state: 'executing', nextAtMs: at(45_000) } as const;
    await costs('Rows: it starts', () =>
      save(executing, { leases: [lease], starts, mustNotBeHalted: true }),
    );
    await costs('Rows: a sample or a look that is kept', () =>
      save({ state: 'validating', nextAtMs: at(10_000) }),
    );
    await costs('What acts, nothing due', () => rows.loadPending(t0, 100));
    await costs('What acts, 1 due', () => rows.loadPending(at(10_000), 100));
    await costs('Kill switch, before a call', () => rows.loadHalt('default'));
  });

  it('a change, and what was changed near an incident', async () => {
    const meter = meterCapacity(client);
    const deps = {
      client,
      tableName,
      clock: { now: () => t0, sleep: () => Promise.resolve() },
      rng: () => 0.5,
      log: createMemoryLog(),
    };
    const changes = createDynamoDbChanges(deps);
    const costs = async (pattern: string, work: () => Promise<unknown>): Promise<void> => {
      const spent = await meter.of(work);
      expect({ pattern, ...spent }).toEqual({ pattern, ...documented(pattern) });
    };
    await costs('Keep a change', () => changes.put(sampleChange({ status: 'started' })));
    await costs('Keep how a change ended', () => changes.put(sampleChange({ atMs: at(60_000) })));
    for (let n = 0; n < 9; n += 1) await changes.put(sampleChange({ id: `d${n}`, atMs: at(n) }));
    const query = { tenant: 'default', service: 'checkout', fromMs: t0, untilMs: at(60_000) };
    await costs('Find 10 changes of a service', () => changes.near(query));
  });
});

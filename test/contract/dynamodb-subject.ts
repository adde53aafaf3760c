import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createDynamoDbStore } from '../../lib/adapters/dynamodb/store.ts';
import { createMemoryLog, type MemoryLog } from '../../lib/adapters/memory/log.ts';
import { systemRng } from '../../lib/adapters/system/rng.ts';
import type { EpochMs } from '../../lib/domain/shared/time.ts';
import { t0 } from './store-samples.ts';
import type { Subject } from './store.contract.ts';

/** The real adapter on a table, at an instant that the test sets; waits take no time. */
export function subjectOn(
  client: DynamoDBClient,
  tableName: string,
): Subject & { readonly log: MemoryLog } {
  let nowMs: EpochMs = t0;
  const log = createMemoryLog();
  const clock = { now: () => nowMs, sleep: () => Promise.resolve() };
  const store = createDynamoDbStore({ client, tableName, clock, rng: systemRng, log });
  return { store, log, setNow: (ms) => void (nowMs = ms) };
}

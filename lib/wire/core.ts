import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { clientSettings } from '../adapters/dynamodb/limits.ts';
import { createDynamoDbStore } from '../adapters/dynamodb/store.ts';
import type { TableDeps } from '../adapters/dynamodb/table.ts';
import { systemClock } from '../adapters/system/clock.ts';
import { systemHashing } from '../adapters/system/hashing.ts';
import { systemRng } from '../adapters/system/rng.ts';
import type { Deps } from '../app/deps.ts';
import { required, type Variables } from './environment.ts';
import { functionLog } from './log.ts';
import { deployedPolicy } from './policy-file.ts';

/** What every function that touches incidents has. */
export interface Core extends Deps {
  /** The one table, for whatever else keeps rows in it. */
  readonly table: TableDeps;
}

/** Made once, when the function starts. */
export function wireCore(variables: Variables): Core {
  const log = functionLog(variables);
  const table: TableDeps = {
    client: new DynamoDBClient(clientSettings),
    tableName: required(variables, 'TOCSIN_TABLE'),
    clock: systemClock,
    rng: systemRng,
    log,
  };
  return {
    store: createDynamoDbStore(table),
    table,
    clock: systemClock,
    hashing: systemHashing,
    rng: systemRng,
    log,
    policy: deployedPolicy(variables, import.meta.dirname),
  };
}

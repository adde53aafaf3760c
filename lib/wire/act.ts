import { createDynamoDbActionRows } from '../adapters/dynamodb/action-rows.ts';
import { createDynamoDbChanges } from '../adapters/dynamodb/changes.ts';
import { systemIds } from '../adapters/system/ids.ts';
import type { ActDeps } from '../app/actions/deps.ts';
import { wireCore } from './core.ts';
import { wireSecrets } from './secrets.ts';
import { wireTargets } from './targets.ts';

/** The one function that can act on targets. No network calls it. */
export function wireAct(variables = process.env): ActDeps {
  const core = wireCore(variables);
  const secrets = wireSecrets(variables, core.log);
  return {
    ...core,
    ...wireTargets(variables, core, secrets),
    actionRows: createDynamoDbActionRows(core.table),
    changes: createDynamoDbChanges(core.table),
    newId: systemIds,
  };
}

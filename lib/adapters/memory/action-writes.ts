import type { Halt } from '../../domain/action/rows.ts';
import type { ActionWrites } from '../../ports/action-writes.ts';
import { pairName, type Tables } from './tables.ts';
import { conflict, versionCondition, type Condition, type Put } from './version.ts';

/** The rows of one step of an action. */
export function actionPuts({ action, leases, starts, standing }: ActionWrites): readonly Put[] {
  const put = (table: Put['table'], key: string, value: object): Put => ({ table, key, value });
  return [
    put('actions', pairName(action.tenant, action.id), action),
    ...leases.map((lease) => put('leases', pairName(lease.tenant, lease.name), lease)),
    ...(starts === null ? [] : [put('starts', starts.tenant, starts)]),
    ...(standing === null
      ? []
      : [put('standings', pairName(standing.tenant, standing.runbookId), standing)]),
  ];
}

/** Each on the version that it follows, and the kill switch where it is asked for. */
export function actionCondition(tables: Tables, writes: ActionWrites): Condition {
  for (const { table, key, value } of actionPuts(writes)) {
    // All rows of actions carry their version.
    const { version } = value as { readonly version: number };
    const failure = versionCondition(tables[table].get(key), version - 1);
    if (failure !== null) return failure;
  }
  if (!writes.mustNotBeHalted) return null;
  const halt = tables.halts.get(writes.action.tenant) as Halt | null;
  return halt?.isOn === true ? conflict('The kill switch is on.') : null;
}

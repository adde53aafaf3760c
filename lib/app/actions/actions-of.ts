import type { Action } from '../../domain/action/action.ts';
import type { Incident } from '../../domain/incident/state.ts';
import { ok, type Result } from '../../domain/shared/result.ts';
import type { PortFailure } from '../../ports/failure.ts';
import { inParallel } from '../concurrency.ts';
import type { ActionDeps } from './deps.ts';

const atOnce = 8;

/** The actions that an incident's snapshot names, with their plans; in the order of it. */
export async function actionsOf(
  { actionRows }: Pick<ActionDeps, 'actionRows'>,
  { tenant, actions }: Pick<Incident, 'tenant' | 'actions'>,
): Promise<Result<readonly Action[], PortFailure>> {
  const loaded = await inParallel(actions, atOnce, ({ actionId }) =>
    actionRows.load(tenant, actionId),
  );
  const found: Action[] = [];
  for (const result of loaded) {
    if (!result.ok) return result;
    if (result.value !== null) found.push(result.value);
  }
  return ok(found);
}

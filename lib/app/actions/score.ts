import type { Action } from '../../domain/action/action.ts';
import { scoreRunbooks, type RunbookScore } from '../../domain/runbook/score.ts';
import { ok, type Result } from '../../domain/shared/result.ts';
import type { ActionPage } from '../../ports/action-rows.ts';
import type { PortFailure } from '../../ports/failure.ts';
import { tenantOf } from '../deps.ts';
import type { ActionDeps } from './deps.ts';

/** A rule is judged by its newest cases. */
const maxPages = 20;
const perPage = 100;

export interface TenantScore {
  readonly runbooks: readonly RunbookScore[];
  /** How many ended actions were read; the newest. */
  readonly actions: number;
  /** There are older ones that were not read. */
  readonly isCut: boolean;
}

/** How the runbooks of a tenant have done, over its newest 2,000 ended actions. */
export async function scoreOf(
  deps: Pick<ActionDeps, 'actionRows' | 'policy'>,
  tenant: string,
): Promise<Result<TenantScore, PortFailure>> {
  const actions: Action[] = [];
  let after: string | null = null;
  for (let page = 0; page < maxPages; page += 1) {
    const query = { tenant, status: 'ended', limit: perPage, after } as const;
    const listed: Result<ActionPage, PortFailure> = await deps.actionRows.list(query);
    if (!listed.ok) return listed;
    actions.push(...listed.value.actions);
    after = listed.value.next;
    if (after === null) break;
  }
  const runbooks = tenantOf(deps.policy, tenant)?.actions.runbooks ?? [];
  return ok({
    runbooks: scoreRunbooks(runbooks, actions),
    actions: actions.length,
    isCut: after !== null,
  });
}

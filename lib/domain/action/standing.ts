import type { ActionPolicy } from '../policy/action-policy.ts';
import type { EpochMs } from '../shared/time.ts';
import type { Action } from './action.ts';
import type { RunbookStanding } from './rows.ts';

/**
 * A runbook's standing after its action has failed: trusted to propose only, until its revision in
 * the policy is raised. Null where nothing changes: no runbook's, not failed, or demoted already.
 */
export function standingAfter(
  action: Action,
  standing: RunbookStanding | null,
  of: { readonly actions: ActionPolicy; readonly nowMs: EpochMs },
): RunbookStanding | null {
  const { origin, state, tenant, outcome } = action;
  if (origin.kind !== 'runbook' || state !== 'failed') return null;
  const { runbookId } = origin;
  const before = standing ?? { version: 0, demotedRevision: -1 };
  const revision = of.actions.runbooks.find(({ id }) => id === runbookId)?.revision ?? 0;
  if (before.demotedRevision >= revision) return null;
  return {
    tenant,
    runbookId,
    version: before.version + 1,
    demotedRevision: revision,
    reason: `Its action ${action.id} has failed. ${outcome}`,
    atMs: of.nowMs,
  };
}

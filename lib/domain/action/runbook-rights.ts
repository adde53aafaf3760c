import type { TenantPolicy } from '../policy/policy.ts';
import { toIso, type EpochMs } from '../shared/time.ts';
import type { Action } from './action.ts';
import { trustedMode } from './approvals.ts';
import type { IncidentView } from './command.ts';
import { freezeAt } from './guards.ts';
import { coolingUntil } from './recent-starts.ts';
import type { RecentStarts, RunbookStanding } from './rows.ts';

/** What a runbook's right to act is weighed against. */
export interface RunbookQuestion {
  readonly policy: TenantPolicy;
  readonly nowMs: EpochMs;
  readonly standing: RunbookStanding | null;
  readonly starts: RecentStarts;
  readonly incident: Pick<IncidentView, 'changedTargets'>;
}

const byHand = 'A person may ask for it.';

/**
 * Why a runbook's action may not go on, in a sentence; null when it may, and for what people asked
 * for. A runbook never touches a target twice in one incident, nothing in a freeze, and no target
 * that something was just done to.
 */
export function whyRunbookMayNot(
  { origin, request: { targetId } }: Pick<Action, 'origin' | 'request'>,
  question: RunbookQuestion,
): string | null {
  if (origin.kind === 'person') return null;
  const { policy, nowMs, standing, starts, incident } = question;
  const { runbookId } = origin;
  const { guardrails } = policy.actions;
  const mode = trustedMode(policy.actions, { runbookId, standing });
  if (mode === null) return `Runbook ${runbookId} is not in the policy any more. ${byHand}`;
  if (mode === 'shadow')
    return `Runbook ${runbookId} is in shadow now and proposes nothing. ${byHand}`;
  if (incident.changedTargets.includes(targetId)) {
    return `${targetId} was already acted on in this incident, and no runbook does so twice. ${byHand}`;
  }
  const freeze = freezeAt(guardrails, nowMs);
  if (freeze !== null) {
    return `The freeze “${freeze.name}” holds, in which no runbook acts. ${byHand}`;
  }
  const cooling = coolingUntil(starts, targetId, { guardrails, nowMs });
  return cooling === null
    ? null
    : `${targetId} was just acted on: runbooks leave it alone until ${toIso(cooling)}. ${byHand}`;
}

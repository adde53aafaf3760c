import type { Action } from '../../domain/action/action.ts';
import type { FurtherCommand } from '../../domain/action/command.ts';
import type { IncidentView } from '../../domain/action/command.ts';
import { describePrincipal, type Principal } from '../../domain/incident/principal.ts';
import type { PersonPolicy } from '../../domain/policy/policy.ts';
import { ok, type Result } from '../../domain/shared/result.ts';
import type { StoredDelivery } from '../../ports/store.ts';
import { commitAction, type ActionActed, type ActionFailure } from './commit-action.ts';
import type { ActionDeps } from './deps.ts';
import { readAction } from './read-actions.ts';

/** What a person says to an action. */
export interface PersonAnswer {
  readonly tenant: string;
  readonly actionId: string;
  readonly person: PersonPolicy;
  readonly by: Principal;
  readonly causeId: string;
  /** The signed request, to be used once: kept in the same transaction. */
  readonly delivery?: StoredDelivery | undefined;
}

/**
 * Agrees to the plan with this hash (all of it, or the eight digits that are shown), and to no
 * other. The function that acts starts it once enough have. Refused with a sentence that says who
 * may, or what has changed.
 */
export const approveAction = (
  deps: ActionDeps,
  answer: PersonAnswer & { readonly planHash: string },
): Promise<Result<ActionActed, ActionFailure>> =>
  give(deps, answer, ({ person, by, planHash }, incident) => ({
    kind: 'approve',
    person,
    by,
    planHash,
    incident,
  }));

/** Ends an action that has not started. */
export const denyAction = (
  deps: ActionDeps,
  answer: PersonAnswer & { readonly reason: string },
): Promise<Result<ActionActed, ActionFailure>> =>
  give(deps, answer, ({ person, by, reason }) => ({ kind: 'deny', person, by, reason }));

/** Takes back an action that has not started, since it is no longer wanted. */
export const cancelAction = (
  deps: ActionDeps,
  answer: PersonAnswer & { readonly reason: string },
): Promise<Result<ActionActed, ActionFailure>> =>
  give(deps, answer, ({ by, reason }) => ({ kind: 'cancel', by, reason }));

async function give<Answer extends PersonAnswer>(
  deps: ActionDeps,
  answer: Answer,
  toCommand: (answer: Answer, incident: IncidentView) => FurtherCommand,
): Promise<Result<ActionActed, ActionFailure>> {
  const found = await readAction(deps, answer);
  if (!found.ok) return found;
  const { incidentId } = found.value;
  const given = await commitAction(deps, { ...answer, incidentId }, ({ view }) =>
    Promise.resolve(ok(toCommand(answer, view))),
  );
  tell(deps, found.value, { answer, given });
  return given;
}

/** Who said what, allowed or not: with the policy that it was judged by. */
function tell(
  { log, policy }: ActionDeps,
  { tenant, id, incidentId, planHash }: Action,
  of: { readonly answer: PersonAnswer; readonly given: Result<ActionActed, ActionFailure> },
): void {
  const { answer, given } = of;
  log.info(given.ok ? 'An answer to an action was taken.' : 'An answer to an action was refused.', {
    tenant,
    incident: incidentId,
    action: id,
    planHash,
    who: describePrincipal(answer.by),
    person: answer.person.id,
    policyVersion: policy.version,
    ...(given.ok ? { state: given.value.action.state } : { why: given.error.message }),
  });
}

import type { Action } from '../../domain/action/action.ts';
import { shortHash } from '../../domain/action/action-id.ts';
import type { VerbReply } from '../../domain/verbs/reply.ts';
import { approveAction, denyAction } from '../actions/approve-action.ts';
import { notTaken, titleOf } from './action-answers.ts';
import { proseOf } from './find-person.ts';
import type { VerbCall } from './verb.ts';

/** Approves one plan of an action, in the transaction that uses the request up. */
export async function giveApproval(
  call: VerbCall,
  action: Action,
  planHash: string,
): Promise<VerbReply> {
  const approved = await approveAction(call.deps, { ...answerOf(call, action), planHash });
  if (!approved.ok) return notTaken(approved.error, call.incident);
  const { action: after, incident } = approved.value;
  const { approvals, approvalsNeeded: needed, state } = after;
  const next = state === 'approved' ? 'it starts now.' : 'the others are waited for.';
  const count = `${approvals.length} of ${needed}`;
  const text = `You approved plan ${shortHash(after.planHash)} (${count}): ${titleOf(after)}; ${next}`;
  return { kind: 'done', text, incident };
}

/** Ends an action that has not started. */
export async function giveDenial(
  call: VerbCall,
  action: Action,
  given: string,
): Promise<VerbReply> {
  const reason = proseOf(given, call.tenant.people);
  const denied = await denyAction(call.deps, { ...answerOf(call, action), reason });
  if (!denied.ok) return notTaken(denied.error, call.incident);
  const { action: after, incident } = denied.value;
  return { kind: 'done', text: `You denied ${titleOf(after)}; nothing is done.`, incident };
}

const answerOf = (
  { tenant, person, by, seal, delivery }: VerbCall,
  { id, incidentId }: Action,
) => ({
  tenant: tenant.id,
  actionId: id,
  person,
  by,
  causeId: `${by.via} ${seal}`,
  delivery: delivery(incidentId),
});

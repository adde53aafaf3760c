import type { Action } from '../../domain/action/action.ts';
import { shortHash } from '../../domain/action/action-id.ts';
import { requestTitle } from '../../domain/action/summary.ts';
import type { Incident } from '../../domain/incident/state.ts';
import type { VerbReply } from '../../domain/verbs/reply.ts';
import type { ActionFailure } from '../actions/commit-action.ts';
import { failed, refused } from './answers.ts';

/** Why nothing became of it: the sentence of the rules, or trouble of ours. */
export const notTaken = (failure: ActionFailure, incident: Incident | null): VerbReply =>
  failure.kind === 'refused' || failure.kind === 'not_found'
    ? refused(failure.message, incident)
    : failed(failure);

/** What an action does, as its plan says, or while there is none as it was asked for. */
export const titleOf = ({ plan, request }: Action): string => plan?.title ?? requestTitle(request);

/** How an action stands, in a sentence without its name. */
export function standingOf(action: Action): string {
  const { state, approvals, approvalsNeeded: needed, waitingFor, outcome } = action;
  switch (state) {
    case 'planning':
      return 'The target is being read; the plan follows in a few seconds.';
    case 'proposed':
      return `It waits for approvals: ${approvals.length} of ${needed}.`;
    case 'approved':
      return waitingFor === '' ? 'It is approved and about to start.' : `It waits: ${waitingFor}`;
    case 'executing':
      return 'It is being carried out.';
    case 'uncertain':
      return 'An answer was lost; the target is read to see whether it happened.';
    case 'observing':
      return 'All is sent; the platform converges.';
    case 'validating':
      return 'It is carried out; its effect is measured.';
    case 'shadow':
    case 'done':
    case 'verified':
    case 'failed':
    case 'unverified':
    case 'refused':
    case 'denied':
    case 'expired':
    case 'cancelled':
      return `It is over, ${state}. ${outcome}`;
  }
}

/** An action in as few words as tell it from others. */
export const nameOfAction = (action: Action): string =>
  `${action.id} ${titleOf(action)}` +
  (action.planHash === '' ? '' : ` (plan ${shortHash(action.planHash)})`);

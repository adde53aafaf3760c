import { namesOf } from '../action/approvals.ts';
import { shortHash } from '../action/action-id.ts';
import { shownChanges } from '../action/plan-text.ts';
import type { ActionEvent, ActionPlanned, RunbookEvent } from '../action/event.ts';
import { requestTitle } from '../action/summary.ts';
import { signalsIn } from '../action/verdict.ts';
import { describePrincipal } from '../incident/principal.ts';
import type { ActionState, Origin } from '../action/action.ts';
import { toIso } from '../shared/time.ts';
import { said, type Describers } from './description.ts';

/** What becomes of actions, and what runbooks and the change feed add, says to a person. */
export const actionDescribers: Pick<Describers, (ActionEvent | RunbookEvent)['type']> = {
  'action.requested': ({ actionId, request, origin }) =>
    said(
      `${originOf(origin)} asked for action ${actionId}: ${requestTitle(request)}`,
      orNull(request.reason),
    ),
  'action.planned': (event) => said(planned(event), event.basis),
  'action.approved': ({ actionId, by, planHash, count, needed }) =>
    said(
      `${describePrincipal(by)} approved plan ${shortHash(planHash)} of action ${actionId}: ` +
        `${count} of ${needed}`,
    ),
  'action.started': ({ actionId, locks, fence }) =>
    said(`Action ${actionId} started`, `it has ${namesOf(locks, 'and')}, fence ${fence}`),
  'action.waiting': ({ actionId, reason }) => said(`Action ${actionId} waits`, reason),
  'action.step_sent': ({ actionId, stepId, says, send }) =>
    said(`Action ${actionId} sends step ${stepId}${send > 1 ? ' once more' : ''}: ${says}`),
  'action.step_applied': ({ actionId, stepId, knownBy }) =>
    said(
      `Step ${stepId} of action ${actionId} is done`,
      knownBy === 'answer' ? 'the target answered so' : 'the target was read and shows it',
    ),
  'action.step_uncertain': ({ actionId, stepId, why }) =>
    said(
      `Whether step ${stepId} of action ${actionId} happened is not known; the target is read`,
      why,
    ),
  'action.step_not_applied': ({ actionId, stepId }) =>
    said(`Step ${stepId} of action ${actionId} did not happen: the target is as it was before`),
  'action.converged': ({ actionId, says }) =>
    said(`Action ${actionId} is carried out; its effect is measured now`, says),
  'action.sampled': ({ actionId, sample }) =>
    said(`Signals of action ${actionId}. ${signalsIn(sample)}`),
  'action.ended': ({ actionId, state, outcome }) =>
    said(`Action ${actionId} ${endings[state]}. ${outcome}`),
  'action.compared': ({ actionId, comparison }) =>
    said(`Shadow ${actionId} compared: ${comparisons[comparison.kind]}`, comparison.says),
  'change.found': ({ title, author, service, changedAtMs, reason, likelihoodPct }) =>
    said(
      `Change of ${service} at ${toIso(changedAtMs)}${author === null ? '' : ` by ${author}`}, ` +
        `likelihood ${likelihoodPct} %: ${title}`,
      reason,
    ),
  'checklist.started': ({ title, steps, willNot }) =>
    said(`Checklist “${title}” with ${steps.length} steps for people`, orNull(willNot)),
  'checklist.ticked': ({ runbookId, step, isDone, by }) =>
    said(
      `Step ${step + 1} of checklist ${runbookId} ${isDone ? 'done' : 'not done after all'}, ` +
        `says ${describePrincipal(by)}`,
    ),
};

const orNull = (text: string): string | null => (text.trim() === '' ? null : text);

/** Who wants an action: `Ann (slack)`, or `Runbook roll-back-deploy (automatic)`. */
export const originOf = (origin: Origin): string =>
  origin.kind === 'person'
    ? describePrincipal(origin.by)
    : `Runbook ${origin.runbookId} (${origin.mode})`;

function planned(event: ActionPlanned): string {
  const { actionId, planHash, title, changes, approvalsReason, mayApprove, expiresAtMs } = event;
  const what = changes.length === 0 ? '' : ` (${shownChanges(changes)})`;
  const who = mayApprove.length === 0 ? '' : ` ${namesOf(mayApprove)} may.`;
  const until = expiresAtMs === null ? '' : ` It is good until ${toIso(expiresAtMs)}.`;
  return (
    `Plan ${shortHash(planHash)} of action ${actionId}: ${title}${what}. ` +
    `${approvalsReason}${who}${until}`
  );
}

/** How an action ended, after its name. */
export const endings: Readonly<Record<ActionState, string>> = {
  planning: 'is being planned',
  proposed: 'is proposed',
  approved: 'is approved',
  executing: 'is being carried out',
  uncertain: 'has an unknown outcome',
  observing: 'is being observed',
  validating: 'is being measured',
  shadow: 'was a shadow',
  done: 'was done',
  verified: 'was verified',
  failed: 'failed',
  unverified: 'could not be verified',
  refused: 'was refused',
  denied: 'was denied',
  expired: 'expired',
  cancelled: 'was cancelled',
};

/** What a rule would have done beside what people did. */
export const comparisons = {
  same: 'people did the same',
  different: 'people did something else',
  'nothing-done': 'people did nothing to the target',
} as const;

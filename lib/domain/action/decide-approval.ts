import { describePrincipal, isFromPager } from '../incident/principal.ts';
import { after, earliest, toIso, type EpochMs } from '../shared/time.ts';
import type { Action, Approval } from './action.ts';
import { isSamePlan, shortHash } from './action-id.ts';
import { countApprovals, whyMayNotApprove } from './approvals.ts';
import type { ActionDenial, Approve, Cancel, Deny, Wake } from './command.ts';
import { deny, movedOn, type ActionDeciding } from './deciding.ts';
import { endUnplanned } from './decide-plan.ts';

/** Adds a person's agreement to the plan that they saw. */
export function approve(deciding: ActionDeciding, command: Approve): ActionDenial | null {
  const { action, nowMs, context } = deciding;
  const { person, by, incident } = command;
  const denial = whyNotNow(action, command) ?? whyExpired(action, nowMs);
  if (denial !== null) return denial;
  if (incident.isResolved) {
    return deny(
      'not_allowed',
      'The incident is resolved: nothing starts any more. Reopen it first.',
    );
  }
  if (by.kind !== 'person' || isFromPager(by)) {
    return deny(
      'not_allowed',
      'People approve by Slack, the console or the API; nothing else does.',
    );
  }
  const why = whyMayNotApprove(action, person, context.policy);
  if (why !== null) return deny('not_allowed', why);
  const approval = { personId: person.id, by, planHash: action.planHash, atMs: nowMs };
  deciding.change({ approvals: [...action.approvals, approval] });
  const { valid } = countApprovals(deciding.action, context.policy, nowMs);
  const { approvalsNeeded: needed } = action;
  deciding.record({
    type: 'action.approved',
    actionId: action.id,
    planHash: action.planHash,
    by,
    personId: person.id,
    count: valid.length,
    needed,
  });
  if (valid.length >= needed) agree(deciding, valid);
  return null;
}

/** Enough people agree: it starts, and may wait for that until the first of them has expired. */
function agree(deciding: ActionDeciding, valid: readonly Approval[]): void {
  const { nowMs, guardrails } = deciding;
  const first = valid.reduce<EpochMs>((least, { atMs }) => earliest(least, atMs), nowMs);
  deciding.change({
    state: 'approved',
    expiresAtMs: after(first, guardrails.approvalWithinMs),
    nextAtMs: nowMs,
  });
}

function whyNotNow(action: Action, { person, planHash }: Approve): ActionDenial | null {
  if (action.state === 'planning') {
    return deny('stale', 'There is no plan yet; approve the one that will be shown.');
  }
  if (action.planHash === '' || action.endedAtMs !== null) return movedOn(action);
  if (!isSamePlan(action.planHash, planHash)) {
    const [now, then] = [shortHash(action.planHash), shortHash(planHash)];
    return deny('stale', `The plan is ${now} and not ${then}: look at it and approve that one.`);
  }
  if (action.approvals.some(({ personId }) => personId === person.id)) {
    return deny('already', `${person.name} has already approved this plan.`);
  }
  return action.state === 'proposed' ? null : movedOn(action);
}

const whyExpired = ({ expiresAtMs }: Action, nowMs: EpochMs): ActionDenial | null =>
  expiresAtMs !== null && nowMs >= expiresAtMs
    ? deny('stale', `The proposal expired at ${toIso(expiresAtMs)}; ask for the action again.`)
    : null;

/** A person says no: that is the end of it. */
export function denyAction(deciding: ActionDeciding, command: Deny): ActionDenial | null {
  const { action } = deciding;
  const { person, by, reason } = command;
  if (action.state === 'denied') return deny('already', `It was denied already. ${action.outcome}`);
  if (!isStoppable(action)) return whyUnstoppable(action);
  if (!person.roles.some((role) => role === 'approver' || role === 'responder')) {
    const message = `${person.name} may not deny: that needs the role approver or responder.`;
    return deny('not_allowed', message);
  }
  const why = reason.trim() === '' ? '.' : `: ${reason}`;
  deciding.end({ state: 'denied', outcome: `Denied by ${describePrincipal(by)}${why}`, by });
  return null;
}

/** It is not wanted any more. */
export function cancel(deciding: ActionDeciding, { by, reason }: Cancel): ActionDenial | null {
  const { action } = deciding;
  if (action.state === 'cancelled') return deny('already', 'It was cancelled already.');
  if (!isStoppable(action)) return whyUnstoppable(action);
  deciding.end({ state: 'cancelled', outcome: reason, by });
  return null;
}

/** Whether nothing was sent yet. */
export const isStoppable = ({ state }: Pick<Action, 'state'>): boolean =>
  state === 'planning' || state === 'proposed' || state === 'approved';

const whyUnstoppable = (action: Action): ActionDenial =>
  action.endedAtMs === null
    ? deny(
        'stale',
        `Action ${action.id} has started and runs to its end; \`halt\` stops what follows.`,
      )
    : movedOn(action);

/** Ends what has waited for too long. */
export function wake(deciding: ActionDeciding, _command: Wake): ActionDenial | null {
  const { action, nowMs, guardrails } = deciding;
  const { state, expiresAtMs } = action;
  if (state === 'planning') {
    if (nowMs < after(action.createdAtMs, guardrails.approvalWithinMs)) return nothingDue;
    endUnplanned(deciding, 'the target could not be read.');
    return null;
  }
  const isWaiting = state === 'proposed' || state === 'approved';
  if (!isWaiting || expiresAtMs === null || nowMs < expiresAtMs) return nothingDue;
  expire(deciding);
  return null;
}

/** Its time is over: without enough approvals, or with them and no chance to start. */
export function expire(deciding: ActionDeciding): void {
  const { state, approvals, approvalsNeeded: needed, waitingFor } = deciding.action;
  if (state === 'proposed') {
    const outcome =
      `It expired with ${approvals.length} of ${needed} approvals; ` +
      'nothing was done. Ask for it again if it is still wanted.';
    deciding.end({ state: 'expired', outcome });
    return;
  }
  const why = waitingFor === '' ? 'it was not started in time.' : `until its end: ${waitingFor}`;
  const outcome = `Nothing was done; it had to wait ${why} Ask for it again.`;
  deciding.end({ state: 'refused', outcome });
}

const nothingDue = deny('already', 'Nothing of the action is due.');

import { whyRunbookMayNot } from './runbook-rights.ts';
import { after, describeSpan, type EpochMs } from '../shared/time.ts';
import type { Action } from './action.ts';
import { approvalsNeeded, approversOf, namesOf, type ApprovalsNeeded } from './approvals.ts';
import type { ActionDenial, PlanFailed, Planned, RequestAction } from './command.ts';
import {
  ActionDeciding,
  asSentence,
  deny,
  movedOn,
  targetOf,
  type ActionContext,
} from './deciding.ts';

/** Longer reasons are refused, not cut. */
const maxReasonLength = 1_000;

/** What is not known of an action that was just asked for. */
const nothingYet = {
  plan: null,
  planHash: '',
  approvalsNeeded: 0,
  approvals: [],
  expiresAtMs: null,
  fence: null,
  leaseUntilMs: null,
  startedAtMs: null,
  step: 0,
  sends: 0,
  sentAtMs: null,
  appliedAtMs: null,
  convergedAtMs: null,
  goodSinceMs: null,
  goodSamples: 0,
  lastSample: null,
  failures: 0,
  waitingFor: '',
  endedAtMs: null,
  outcome: '',
  comparison: null,
} as const satisfies Partial<Action>;

/** Begins an action, or says why it may not even be planned. */
export function beginAction(
  command: RequestAction,
  context: ActionContext,
): ActionDeciding | ActionDenial {
  const denial = whyNotAsked(command, context);
  if (denial !== null) return denial;
  const { tenant, incidentId, actionId, request, origin } = command;
  const { nowMs } = context;
  const deciding = new ActionDeciding(
    {
      ...nothingYet,
      tenant,
      id: actionId,
      incidentId,
      version: 0,
      state: 'planning',
      request,
      origin,
      createdAtMs: nowMs,
      nextAtMs: nowMs,
    },
    context,
  );
  deciding.record({ type: 'action.requested', actionId, request, origin });
  return deciding;
}

function whyNotAsked(
  { request, origin, incident }: RequestAction,
  { policy }: ActionContext,
): ActionDenial | null {
  if (incident.isResolved) {
    return deny('not_allowed', 'The incident is resolved; reopen it to act on a target.');
  }
  if (targetOf(policy, request.targetId) === null) {
    const known = policy.actions.targets.map(({ id }) => id);
    const which = known.length === 0 ? 'It names none.' : `It names ${namesOf(known, 'and')}.`;
    return deny('not_allowed', `There is no target ${request.targetId} in the policy. ${which}`);
  }
  const { length } = request.reason;
  if (length > maxReasonLength) {
    const message = `The reason has ${length} characters; at most ${maxReasonLength} are allowed.`;
    return deny('not_allowed', message);
  }
  return origin.kind === 'person' && request.reason.trim() === ''
    ? deny('not_allowed', 'The reason is empty; say why the action is wanted.')
    : null;
}

/** A plan is there: a proposal, a shadow, or a refusal of what no longer may be. */
export function planned(deciding: ActionDeciding, command: Planned): ActionDenial | null {
  const { action } = deciding;
  if (action.state !== 'planning') return movedOn(action);
  if (command.incident.isResolved) {
    const outcome = 'The incident was resolved before it was planned.';
    deciding.end({ state: 'cancelled', outcome });
    return null;
  }
  const { plan, planHash } = command;
  const asked = needed(deciding, command);
  const isShadow = isInShadow(action);
  const refusal = isShadow ? whyEmpty(command) : whyRefused(deciding, command);
  if (refusal !== null) {
    deciding.end({ state: 'refused', outcome: refusal });
    return null;
  }
  deciding.change({ plan, planHash, failures: 0, waitingFor: '' });
  const { nowMs, guardrails } = deciding;
  const expiresAtMs = isShadow ? null : after(nowMs, guardrails.approvalWithinMs);
  propose(deciding, { ...asked, expiresAtMs });
  if (isShadow) endShadow(deciding);
  return null;
}

const isInShadow = ({ origin }: Action): boolean =>
  origin.kind === 'runbook' && origin.mode === 'shadow';

const whyRefused = (deciding: ActionDeciding, command: Planned): string | null =>
  whyEmpty(command) ??
  whyRunbookMayNot(deciding.action, {
    ...command,
    policy: deciding.context.policy,
    nowMs: deciding.nowMs,
  });

const whyEmpty = ({ plan: { steps } }: Planned): string | null =>
  steps.length === 0 ? 'There is nothing to do: the plan has no step.' : null;

const needed = (
  { action: { origin }, context: { policy, nowMs } }: ActionDeciding,
  { plan, standing, incident: { severity } }: Planned,
): ApprovalsNeeded => approvalsNeeded({ plan, origin, severity, standing, policy, nowMs });

function propose(
  deciding: ActionDeciding,
  asked: ApprovalsNeeded & { readonly expiresAtMs: EpochMs | null },
): void {
  const { action, plan, context, nowMs } = deciding;
  const { needed: count, reason, expiresAtMs } = asked;
  const approvers = count === 0 ? [] : approversOf(action, context.policy);
  deciding.record(
    {
      type: 'action.planned',
      actionId: action.id,
      planHash: action.planHash,
      title: plan.title,
      basis: plan.basis,
      changes: plan.changes,
      risks: plan.risks,
      undo: plan.undo,
      approvalsNeeded: count,
      approvalsReason: `${reason}${tooFew(approvers.length, count)}`,
      mayApprove: approvers.slice(0, maxNamed).map(({ name }) => name),
      expiresAtMs,
    },
    {
      state: count === 0 ? 'approved' : 'proposed',
      approvalsNeeded: count,
      expiresAtMs,
      nextAtMs: count === 0 ? nowMs : expiresAtMs,
    },
  );
}

/** Names in one event. */
const maxNamed = 10;

function tooFew(approvers: number, count: number): string {
  if (approvers >= count) return '';
  const people = approvers === 0 ? 'Nobody' : `Only ${approvers}`;
  return ` ${people} may: it cannot start until the policy names another approver.`;
}

function endShadow(deciding: ActionDeciding): void {
  const outcome = 'In shadow: nothing was done. What people do is compared with it.';
  deciding.end({ state: 'shadow', outcome });
}

/** The target could not be planned for. */
export function planFailed(
  deciding: ActionDeciding,
  { message, isFinal }: PlanFailed,
): ActionDenial | null {
  const { action, nowMs, guardrails } = deciding;
  if (action.state !== 'planning') return movedOn(action);
  if (isFinal) {
    deciding.end({ state: 'refused', outcome: message });
  } else if (nowMs >= after(action.createdAtMs, guardrails.approvalWithinMs)) {
    endUnplanned(deciding, message);
  } else {
    deciding.backOff();
  }
  return null;
}

/** Gives a plan up that nobody could make in time. */
export function endUnplanned(deciding: ActionDeciding, why: string): void {
  const within = describeSpan(deciding.guardrails.approvalWithinMs);
  const outcome = `No plan could be made within ${within}: ${asSentence(why)}`;
  deciding.end({ state: 'refused', outcome });
}

import { invariant } from '../shared/invariant.ts';
import { after } from '../shared/time.ts';
import { approvalsNeeded, countApprovals, type Counted } from './approvals.ts';
import type { ActionDenial, Send, Start, Wait } from './command.ts';
import { callOverMs, graceMs, movedOn, deny, type ActionDeciding } from './deciding.ts';
import { expire } from './decide-approval.ts';
import { whyHalted, whyWait } from './guards.ts';
import { differences, judgeStep } from './judge-step.ts';
import { leaseEnd, nextFence } from './lease.ts';
import { whyRunbookMayNot } from './runbook-rights.ts';

/** Begins to execute, when everything that was true at the approval still is. */
export function start(deciding: ActionDeciding, command: Start): ActionDenial | null {
  const { action, guardrails, nowMs } = deciding;
  if (action.state !== 'approved') return movedOn(action);
  if (command.incident.isResolved) {
    const outcome = 'The incident was resolved before it started; nothing was done.';
    deciding.end({ state: 'cancelled', outcome });
    return null;
  }
  if (isOver(deciding)) {
    expire(deciding);
    return null;
  }
  const refusal = whyNoLonger(deciding, command) ?? whyChanged(deciding, command);
  if (refusal !== null) {
    deciding.end({ state: 'refused', outcome: refusal });
    return null;
  }
  const wait = whyWait(deciding.plan, command, { guardrails, nowMs });
  if (wait === null) execute(deciding, command);
  else deciding.wait(wait);
  return null;
}

const isOver = ({ action: { expiresAtMs }, nowMs }: ActionDeciding): boolean =>
  expiresAtMs !== null && nowMs >= expiresAtMs;

/** What the policy and the incident say today. */
function whyNoLonger(deciding: ActionDeciding, command: Start): string | null {
  const { action, context, target, plan } = deciding;
  if (target === null) {
    return `${action.request.targetId} is not a target of the policy any more; nothing was done.`;
  }
  if (target.team !== plan.target.team) {
    return `${target.id} belongs to another team by now; nothing was done. Ask for it again.`;
  }
  const runbook = whyRunbookMayNot(action, { ...command, ...context });
  return runbook ?? whyTooFew(deciding, command);
}

/** Every approval is weighed again, and how many it takes. */
function whyTooFew(
  { action, context, plan }: ActionDeciding,
  { standing, incident }: Start,
): string | null {
  const counted = countApprovals(action, context.policy, context.nowMs);
  const { severity } = incident;
  const { needed, reason } = approvalsNeeded({
    plan,
    origin: action.origin,
    severity,
    standing,
    ...context,
  });
  return counted.valid.length >= needed ? null : tooFew(counted, needed, reason);
}

function tooFew({ valid, lost }: Counted, needed: number, reason: string): string {
  const why = lost.length === 0 ? reason : lost.join(' ');
  return (
    `${valid.length} of ${needed} approvals hold as it was to start: ${why} ` +
    'Nothing was done; ask for it again.'
  );
}

/** The target must be as it was when people agreed. */
function whyChanged({ action, step }: ActionDeciding, { observation }: Start): string | null {
  const question = { actionId: action.id, step, wasSent: false };
  switch (judgeStep(question, observation)) {
    case 'before':
      return null;
    case 'applied':
    case 'same-by-other':
      return 'The target is already as it was to be: somebody else has done it. Nothing was done.';
    case 'changed':
      return (
        `The target has changed since the plan (${differences(step.from, observation.facts)}). ` +
        'Nothing was done; ask for it again to get a plan of how it is now.'
      );
  }
}

function execute(deciding: ActionDeciding, { leases }: Start): void {
  const { action, nowMs, plan } = deciding;
  const covered = plan.locks.every((lock) => leases.some(({ name }) => name === lock));
  invariant(covered, 'a start is given a lease for each lock of its plan');
  const fence = nextFence(leases);
  deciding.record(
    {
      type: 'action.started',
      actionId: action.id,
      planHash: action.planHash,
      fence,
      locks: plan.locks,
    },
    {
      state: 'executing',
      fence,
      leaseUntilMs: leaseEnd(nowMs),
      startedAtMs: nowMs,
      waitingFor: '',
      failures: 0,
    },
  );
  announceSend(deciding);
}

/** The call is about to be made: whoever comes after a crash looks when it must be over. */
function announceSend(deciding: ActionDeciding): void {
  const { action, step, nowMs } = deciding;
  const sends = action.sends + 1;
  deciding.record(
    {
      type: 'action.step_sent',
      actionId: action.id,
      stepId: step.id,
      says: step.says,
      send: sends,
    },
    { sends, sentAtMs: nowMs, nextAtMs: after(nowMs, callOverMs), waitingFor: '', failures: 0 },
  );
}

/** Two calls for one step: the first, and one after the first was seen to have done nothing. */
export const maxSends = 2;

/** The next step, or the same once more. */
export function send(deciding: ActionDeciding, { halt }: Send): ActionDenial | null {
  const { action } = deciding;
  if (action.state !== 'executing') return movedOn(action);
  if (action.sentAtMs !== null || action.sends >= maxSends) {
    return deny('already', 'The step was sent; only reading the target leads on.');
  }
  const halted = whyHalted(halt);
  if (halted === null) announceSend(deciding);
  else hold(deciding, halted);
  return null;
}

/** It could not go on just now. */
export function wait(deciding: ActionDeciding, { reason }: Wait): ActionDenial | null {
  const { action } = deciding;
  if (action.state === 'approved') {
    if (isOver(deciding)) expire(deciding);
    else deciding.wait(reason);
    return null;
  }
  if (action.state !== 'executing' || action.sentAtMs !== null) return movedOn(action);
  hold(deciding, reason);
  return null;
}

/** Between two calls it waits for so long as it had to converge, and then a person must look. */
function hold(deciding: ActionDeciding, reason: string): void {
  const { action, nowMs, plan } = deciding;
  const fromMs = action.startedAtMs ?? nowMs;
  const untilMs = after(after(fromMs, plan.verification.convergeWithinMs), graceMs);
  if (nowMs < untilMs) {
    deciding.wait(reason);
    return;
  }
  const done = action.step;
  const outcome =
    `It could not go on after ${done} of ${plan.steps.length} steps: ${reason} ` +
    'A person must look at the target.';
  deciding.end({ state: done > 0 ? 'failed' : 'refused', outcome, wasApplied: done > 0 });
}

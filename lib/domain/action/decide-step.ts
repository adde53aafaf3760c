import { after, describeSpan, minutes, seconds, type EpochMs } from '../shared/time.ts';
import type {
  ActionDenial,
  Answered,
  GiveUp,
  LookFailed,
  Looked,
  Lost,
  Rejected,
} from './command.ts';
import { asSentence, callOverMs, deny, graceMs, movedOn, type ActionDeciding } from './deciding.ts';
import { maxSends } from './decide-start.ts';
import { lookConverging } from './decide-verdict.ts';
import { differences, judgeStep } from './judge-step.ts';
import type { Observation, StepState } from './observation.ts';

/** A person is told once the outcome of a call was unknown for so long. */
const toldAfterMs = seconds(60);

/** Whether a call is under way, or its outcome is not known. */
const isSent = ({ action: { state, sentAtMs } }: ActionDeciding): boolean =>
  (state === 'executing' || state === 'uncertain') && sentAtMs !== null;

/** The call was answered: the step is done. */
export function answered(deciding: ActionDeciding, _command: Answered): ActionDenial | null {
  if (!isSent(deciding)) return movedOn(deciding.action);
  stepApplied(deciding, 'answer');
  return null;
}

/** The step is done: the next one, or the wait for the platform. */
function stepApplied(deciding: ActionDeciding, knownBy: 'answer' | 'observation'): void {
  const { action, step, plan, nowMs } = deciding;
  const isLast = action.step + 1 >= plan.steps.length;
  const applied = {
    type: 'action.step_applied',
    actionId: action.id,
    stepId: step.id,
    knownBy,
    isLast,
  } as const;
  const settled = { failures: 0, waitingFor: '' };
  deciding.record(
    applied,
    isLast
      ? { ...settled, state: 'observing', appliedAtMs: nowMs, nextAtMs: after(nowMs, seconds(3)) }
      : {
          ...settled,
          state: 'executing',
          step: action.step + 1,
          sends: 0,
          sentAtMs: null,
          nextAtMs: nowMs,
        },
  );
}

/** From here on only reading the target leads on. */
export function lost(deciding: ActionDeciding, { why }: Lost): ActionDenial | null {
  const { action, nowMs } = deciding;
  if (action.state === 'uncertain') return deny('already', 'Its outcome is already uncertain.');
  if (!isSent(deciding)) return movedOn(action);
  const { step } = deciding;
  deciding.record(
    { type: 'action.step_uncertain', actionId: action.id, stepId: step.id, why },
    { state: 'uncertain', failures: 0, nextAtMs: after(nowMs, seconds(2)) },
  );
  return null;
}

/** The target refused the call. What it shows is believed before what it said. */
export function rejected(deciding: ActionDeciding, command: Rejected): ActionDenial | null {
  const { action } = deciding;
  if (action.state === 'uncertain' || !isSent(deciding)) return movedOn(action);
  const { observation } = command;
  // What nobody could read since is as the target says: not done by this call.
  const seen = observation === null ? 'before' : judge(deciding, observation);
  if (seen === 'applied') {
    stepApplied(deciding, 'observation');
  } else if (seen === 'before' && mayRepeat(deciding, command)) {
    notApplied(deciding, seconds(5));
  } else {
    const change = seen === 'changed' ? changeSince(deciding, observation) : '';
    stop(deciding, `The target refused the call: ${asSentence(command.message)}${change}`);
  }
  return null;
}

const mayRepeat = ({ action }: ActionDeciding, { isTransient }: Rejected): boolean =>
  isTransient && action.sends < maxSends;

const changeSince = ({ step }: ActionDeciding, observation: Observation | null): string =>
  ` It has changed since the plan: ${differences(step.from, observation?.facts ?? {})}.`;

const judge = ({ action, step }: ActionDeciding, observation: Observation): StepState =>
  judgeStep({ actionId: action.id, step, wasSent: action.sends > 0 }, observation);

/** The step did nothing, and is not tried any more. Steps before it stay done. */
function stop(deciding: ActionDeciding, why: string): void {
  const { action, plan } = deciding;
  const done = action.step;
  const rest =
    done === 0
      ? 'Nothing was done.'
      : `${done} of ${plan.steps.length} steps were done and stay so; a person must look at it.`;
  deciding.end({
    state: done === 0 ? 'refused' : 'failed',
    outcome: `${why} ${rest}`,
    wasApplied: done > 0,
  });
}

/** The target was read. */
export function looked(deciding: ActionDeciding, command: Looked): ActionDenial | null {
  if (deciding.action.state === 'observing') return lookConverging(deciding, command);
  if (!isSent(deciding)) return movedOn(deciding.action);
  lookForStep(deciding, command.observation);
  return null;
}

/** Was the call made? Only what was read after it must be over says that it was not. */
function lookForStep(deciding: ActionDeciding, observation: Observation): void {
  const seen = judge(deciding, observation);
  if (seen === 'applied') {
    stepApplied(deciding, 'observation');
    return;
  }
  const overAtMs = after(deciding.action.sentAtMs ?? deciding.nowMs, callOverMs);
  if (observation.atMs < overAtMs) {
    deciding.change({ failures: 0, nextAtMs: overAtMs });
    return;
  }
  switch (seen) {
    case 'before':
      if (deciding.action.sends < maxSends) notApplied(deciding, seconds(0));
      else stop(deciding, `The call was sent ${maxSends} times and has had no effect.`);
      return;
    case 'same-by-other':
      stop(
        deciding,
        'Somebody else has brought the target to the same state; our call did nothing.',
      );
      return;
    case 'changed':
      endChanged(deciding, observation);
  }
}

function notApplied(deciding: ActionDeciding, pauseMs: ReturnType<typeof seconds>): void {
  const { action, step, nowMs } = deciding;
  deciding.record(
    { type: 'action.step_not_applied', actionId: action.id, stepId: step.id },
    {
      state: 'executing',
      sentAtMs: null,
      failures: 0,
      waitingFor: '',
      nextAtMs: after(nowMs, pauseMs),
    },
  );
}

/** Neither as it was nor as it was to be: it may have been us and somebody after us. */
function endChanged(deciding: ActionDeciding, { facts }: Observation): void {
  const { step } = deciding;
  const outcome =
    `The call's answer was lost, and the target is neither as before nor as planned ` +
    `(${differences(step.to, facts)}). A person must look at it.`;
  deciding.end({ state: 'failed', outcome, wasApplied: true });
}

/** The target cannot be read: it is tried again, the later the more often, but not for ever. */
export function lookFailed(deciding: ActionDeciding, { message }: LookFailed): ActionDenial | null {
  const { action, nowMs } = deciding;
  const fromMs = action.state === 'observing' ? action.appliedAtMs : action.sentAtMs;
  if (fromMs === null || !(action.state === 'observing' || isSent(deciding))) {
    return movedOn(action);
  }
  const { convergeWithinMs } = deciding.plan.verification;
  if (nowMs >= after(after(fromMs, convergeWithinMs), graceMs)) {
    endUnreadable(deciding, message);
    return null;
  }
  deciding.backOff();
  tellUnreadable(deciding, fromMs);
  return null;
}

function tellUnreadable(deciding: ActionDeciding, fromMs: EpochMs): void {
  const { action, nowMs } = deciding;
  if (nowMs < after(fromMs, toldAfterMs)) return;
  const { nextAtMs } = action;
  const what =
    action.state === 'observing' ? 'how far it is' : 'whether the last call has had an effect';
  deciding.wait(`The target cannot be read, so it is not known ${what}. It is read on.`);
  deciding.change({ nextAtMs });
}

function endUnreadable(deciding: ActionDeciding, message: string): void {
  const within = describeSpan(minutes(10));
  const outcome =
    `The target could not be read until ${within} after its time (${message}): ` +
    'what became of it is not known. A person must look at it.';
  deciding.end({ state: 'failed', outcome, wasApplied: true });
}

/** It cannot go on by itself. */
export function giveUp(deciding: ActionDeciding, { reason }: GiveUp): ActionDenial | null {
  const { action } = deciding;
  if (action.endedAtMs !== null) return movedOn(action);
  const wasApplied = action.step > 0 || action.sends > 0;
  const isProven = action.state === 'validating';
  const rest = wasApplied ? 'A person must look at the target.' : 'Nothing was done.';
  const outcome = `${asSentence(reason)} ${rest}`;
  const state = wasApplied ? (isProven ? 'unverified' : 'failed') : 'refused';
  deciding.end({ state, outcome, wasApplied });
  return null;
}

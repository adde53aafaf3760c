import { after, between, describeSpan, minutes, seconds } from '../shared/time.ts';
import type { ActionDenial, Compare, Looked, Sampled } from './command.ts';
import { asSentence, deny, movedOn, waitMs, type ActionDeciding } from './deciding.ts';
import { differences, judgeStep } from './judge-step.ts';
import type { Observation, Sample } from './observation.ts';
import { isCure } from './verb.ts';
import { isGood, isSameSample, judgeSample, signalsIn, workloadSignal } from './verdict.ts';

/** Some platforms show a change a little after they took it. */
const showsAfterMs = seconds(10);

/** The platform converges, or says that it will not. */
export function lookConverging(
  deciding: ActionDeciding,
  { observation }: Looked,
): ActionDenial | null {
  if (endIfNotOurs(deciding, observation)) return null;
  const { convergence } = observation;
  switch (convergence.kind) {
    case 'broken':
      endFailed(deciding, `The platform gave up: ${convergence.says}`);
      return null;
    case 'converged':
      converged(deciding, convergence.says);
      return null;
    case 'waiting':
      goOnConverging(deciding, convergence.says);
      return null;
  }
}

/** Whether the target is not as we left it: then it is over, unless that may only show late. */
function endIfNotOurs(deciding: ActionDeciding, { facts, mark }: Observation): boolean {
  const { action, step, nowMs } = deciding;
  const seen = judgeStep({ actionId: action.id, step, wasSent: true }, { facts, mark });
  if (seen === 'applied' || seen === 'same-by-other') return false;
  const sinceMs = between(action.appliedAtMs ?? nowMs, nowMs);
  if (seen === 'before' && sinceMs < showsAfterMs) {
    deciding.change({ nextAtMs: after(nowMs, seconds(3)), failures: 0 });
    return true;
  }
  const what =
    seen === 'before'
      ? 'Something has put the target back to how it was'
      : 'Somebody has changed the target since';
  endFailed(deciding, `${what} (${differences(step.to, facts)}).`);
  return true;
}

function converged(deciding: ActionDeciding, says: string): void {
  const { action, nowMs } = deciding;
  if (!isCure(action.request.verb)) {
    deciding.end({ state: 'done', outcome: asSentence(says), wasApplied: true });
    return;
  }
  deciding.record(
    { type: 'action.converged', actionId: action.id, says },
    { state: 'validating', convergedAtMs: nowMs, nextAtMs: nowMs, failures: 0, waitingFor: '' },
  );
}

function goOnConverging(deciding: ActionDeciding, says: string): void {
  const { action, nowMs, plan } = deciding;
  const { convergeWithinMs } = plan.verification;
  const spentMs = between(action.appliedAtMs ?? nowMs, nowMs);
  if (spentMs >= convergeWithinMs) {
    endFailed(deciding, `It did not converge within ${describeSpan(convergeWithinMs)}: ${says}`);
    return;
  }
  const pauseMs = spentMs < minutes(1) ? seconds(3) : waitMs;
  deciding.change({ nextAtMs: after(nowMs, pauseMs), failures: 0 });
}

/** Done, and it did not work or did not help. There is no second try by itself. */
function endFailed(deciding: ActionDeciding, why: string): void {
  const outcome = `${asSentence(why)} Nothing more is done by itself.`;
  deciding.end({ state: 'failed', outcome, wasApplied: true });
}

/** All three signals, once more. */
export function sampled(deciding: ActionDeciding, command: Sampled): ActionDenial | null {
  const { action, nowMs } = deciding;
  if (action.state !== 'validating') return movedOn(action);
  // Two who sample at once have seen one instant, and it counts once.
  if (action.nextAtMs !== null && nowMs < action.nextAtMs) {
    return deny('already', 'It was sampled just now.');
  }
  const { observation, alert, metric } = command;
  if (observation !== null && endIfNotOurs(deciding, observation)) return null;
  const workload = workloadSignal(observation);
  weigh(deciding, { atMs: nowMs, workload, alert, metric });
  return null;
}

function weigh(deciding: ActionDeciding, sample: Sample): void {
  const { action, plan, nowMs } = deciding;
  const judged = judgeSample(action, { sample, verification: plan.verification });
  const { goodSinceMs, goodSamples, verdict } = judged;
  const news = { lastSample: sample, goodSinceMs, goodSamples };
  const { id: actionId, lastSample } = action;
  if (lastSample === null || !isSameSample(lastSample, sample)) {
    const wasGood = lastSample !== null && isGood(lastSample);
    deciding.record({ type: 'action.sampled', actionId, sample, wasGood }, news);
  } else {
    deciding.change(news);
  }
  if (verdict.kind === 'go-on') {
    deciding.change({ nextAtMs: after(nowMs, waitMs), failures: 0 });
    return;
  }
  const { kind: state, says } = verdict;
  const outcome = state === 'verified' ? says : `${says} ${signalsIn(sample)}`;
  deciding.end({ state, outcome, wasApplied: true });
}

/** What people did where a shadow would have acted. */
export function compare(deciding: ActionDeciding, { comparison }: Compare): ActionDenial | null {
  const { action, nowMs } = deciding;
  if (action.state !== 'shadow') {
    return deny('not_allowed', `Action ${action.id} is no shadow; only those are compared.`);
  }
  if (action.comparison !== null) return deny('already', 'It was compared already.');
  const compared = { ...comparison, atMs: nowMs };
  deciding.record(
    { type: 'action.compared', actionId: action.id, comparison: compared },
    { comparison: compared },
  );
  return null;
}

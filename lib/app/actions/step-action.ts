import type { Action } from '../../domain/action/action.ts';
import type { FurtherCommand } from '../../domain/action/command.ts';
import { err, ok, type Result } from '../../domain/shared/result.ts';
import { after, seconds } from '../../domain/shared/time.ts';
import type { SendFailure } from '../targets/actuator.ts';
import { commitAction, refused, type ActionActed, type ActionFailure } from './commit-action.ts';
import type { ActDeps } from './deps.ts';
import { look, stepOf } from './look.ts';

/**
 * Whoever comes to the call later than this after it was written down lets it be: others take it
 * for over 45 s after that, and a call may take 40 s.
 */
const sendWithinMs = seconds(5);

/**
 * Makes the call of the current step, once, and writes down what came of it. Only for the worker
 * that has just written that it is about to. An answer that comes after somebody else has looked
 * changes nothing any more.
 */
export async function sendStep(
  deps: ActDeps,
  action: Action,
): Promise<Result<ActionActed, ActionFailure>> {
  const { sentAtMs } = action;
  if (sentAtMs === null || deps.clock.now() > after(sentAtMs, sendWithinMs)) {
    deps.log.warn('A call was not made: it took too long to write it down.', { action: action.id });
    return err(refused('The time for this call is over; the target will be read.', 'stale'));
  }
  const { plan, step } = stepOf(action);
  const sent = await deps.actuators[plan.target.platform].send(plan, step);
  const outcome = sent.ok ? answered : await outcomeOf(deps, action, sent.error);
  return commitAction(deps, taskOf(deps, action), ({ action: now }) =>
    Promise.resolve(
      now?.version === action.version
        ? ok(outcome)
        : err(refused('Somebody else has looked what came of this call.', 'stale')),
    ),
  );
}

const answered: FurtherCommand = { kind: 'answered' };

/** A refusal is told together with how the target looks after it. */
async function outcomeOf(
  deps: ActDeps,
  action: Action,
  failure: SendFailure,
): Promise<FurtherCommand> {
  const { kind, message, isLost } = failure;
  if (isLost) return { kind: 'lost', why: message };
  const seen = await look(deps, action);
  return {
    kind: 'rejected',
    message,
    isTransient: kind === 'throttled' || kind === 'unavailable',
    observation: seen.ok ? seen.value : null,
  };
}

/** A cause of its own for each write: see `ActDeps.newId`. */
export const taskOf = (
  deps: ActDeps,
  { tenant, incidentId, id: actionId }: Action,
): {
  readonly tenant: string;
  readonly incidentId: string;
  readonly actionId: string;
  readonly causeId: string;
} => ({ tenant, incidentId, actionId, causeId: `act ${deps.newId()}` });

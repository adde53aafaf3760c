import type { Action } from '../../domain/action/action.ts';
import type { Observation } from '../../domain/action/observation.ts';
import type { Plan, PlanStep } from '../../domain/action/plan.ts';
import { invariant } from '../../domain/shared/invariant.ts';
import { ok, type Result } from '../../domain/shared/result.ts';
import { earliest } from '../../domain/shared/time.ts';
import type { PortFailure } from '../../ports/failure.ts';
import type { ActDeps } from './deps.ts';

/** The plan of an action, and its step that is next or under way. */
export function stepOf({ id, plan, step }: Action): {
  readonly plan: Plan;
  readonly step: PlanStep;
} {
  // After the last step it is that one which is still looked at.
  const current = plan?.steps[Math.min(step, plan.steps.length - 1)];
  invariant(plan !== null && current !== undefined, `action ${id} has a plan with steps`);
  return { plan, step: current };
}

/**
 * Reads the target of an action as its current step sees it. Changes nothing. What was seen is as
 * old as the question: a call that arrives while the answer is on its way is not in it.
 */
export async function look(
  { actuators, clock }: Pick<ActDeps, 'actuators' | 'clock'>,
  action: Action,
): Promise<Result<Observation, PortFailure>> {
  const { plan, step } = stepOf(action);
  const askedAtMs = clock.now();
  const seen = await actuators[plan.target.platform].look(plan, step);
  return seen.ok ? ok({ ...seen.value, atMs: earliest(askedAtMs, seen.value.atMs) }) : seen;
}

import type { PlanRefusal } from '../action/plan.ts';
import { err } from '../shared/result.ts';

/** No plan, for a reason that tells a person what to do. */
export const refusePlan = (
  reason: PlanRefusal['reason'],
  message: string,
): { readonly ok: false; readonly error: PlanRefusal } =>
  err({ kind: 'plan-refused', reason, message });

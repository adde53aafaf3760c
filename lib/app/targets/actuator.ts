import type { ActionRequest } from '../../domain/action/action.ts';
import type { Observation } from '../../domain/action/observation.ts';
import type { Plan, PlanDraft, PlanRefusal, PlanStep } from '../../domain/action/plan.ts';
import type { TargetPolicy } from '../../domain/policy/action-policy.ts';
import type { TenantPolicy } from '../../domain/policy/policy.ts';
import type { Result } from '../../domain/shared/result.ts';
import type { EpochMs } from '../../domain/shared/time.ts';
import type { PortFailure } from '../../ports/failure.ts';

/** What a plan is made from. */
export interface Planning {
  readonly tenant: TenantPolicy;
  readonly target: TargetPolicy;
  readonly request: ActionRequest;
  readonly incidentId: string;
  readonly actionId: string;
  /** Versions that were healthy before the suspect change, the best first; empty: not known. */
  readonly healthyVersions: readonly string[];
  readonly nowMs: EpochMs;
}

/** A call that failed. `isLost`: it may have happened all the same, only reading tells. */
export interface SendFailure extends PortFailure {
  readonly isLost: boolean;
}

/** How one platform is planned for, changed and read. Nothing in it decides. */
export interface Actuator {
  /** Reads the target and gives absolute states; changes nothing (a dry run is no change). */
  readonly plan: (planning: Planning) => Promise<Result<PlanDraft, PlanRefusal | PortFailure>>;
  /** Sends the call of one step, once, exactly as it is in the plan. */
  readonly send: (plan: Plan, step: PlanStep) => Promise<Result<void, SendFailure>>;
  /** Reads the target as the step sees it. */
  readonly look: (plan: Plan, step: PlanStep) => Promise<Result<Observation, PortFailure>>;
}

/** One for each platform. */
export type Actuators = Readonly<Record<Plan['target']['platform'], Actuator>>;

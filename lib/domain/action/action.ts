import type { Principal } from '../incident/principal.ts';
import type { RunbookMode } from '../policy/action-policy.ts';
import type { EpochMs } from '../shared/time.ts';
import type { Sample } from './observation.ts';
import type { Plan } from './plan.ts';
import type { ActionVerb } from './verb.ts';

/** What was asked for, before anything was read. */
export interface ActionRequest {
  readonly verb: ActionVerb;
  /** Id in the policy. */
  readonly targetId: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly reason: string;
}

/** Who wants it: a person, or a runbook in one of its modes. */
export type Origin =
  | { readonly kind: 'person'; readonly by: Principal; readonly personId: string }
  | { readonly kind: 'runbook'; readonly runbookId: string; readonly mode: RunbookMode };

export interface Approval {
  /** Id in the policy: two accounts of one person count once. */
  readonly personId: string;
  readonly by: Principal;
  readonly planHash: string;
  readonly atMs: EpochMs;
}

/**
 * - `planning`: asked for; the target is being read.
 * - `proposed`: there is a plan, and approvals are waited for.
 * - `approved`: enough of them, or none needed; it starts as soon as it may.
 * - `executing`: a call is about to be made, or was and is not known to have been answered.
 * - `uncertain`: a call's answer was lost: only reading the target leads on.
 * - `observing`: all calls were made; the platform converges.
 * - `validating`: converged; the three signals are sampled.
 */
export type OpenActionState =
  'planning' | 'proposed' | 'approved' | 'executing' | 'uncertain' | 'observing' | 'validating';

/**
 * - `shadow`: what a rule would have done; nothing was.
 * - `done`: a verb that cures nothing by itself (`pause`, `resume`, `revert`), as was asked.
 * - `verified`: done and proven. `failed`: done, and it did not help or did not work.
 *   `unverified`: done, and the signals do not say. `refused`: not done, for a reason; `denied`
 *   by a person; `expired` without enough approvals; `cancelled` since it is no longer wanted.
 */
export type EndedActionState =
  | 'shadow'
  | 'done'
  | 'verified'
  | 'failed'
  | 'unverified'
  | 'refused'
  | 'denied'
  | 'expired'
  | 'cancelled';

export type ActionState = OpenActionState | EndedActionState;

/** One action from the request to the verdict. Its steps are events of its incident. */
export interface Action {
  readonly tenant: string;
  readonly id: string;
  readonly incidentId: string;
  /** Counts the writes of this action. */
  readonly version: number;
  readonly state: ActionState;
  readonly request: ActionRequest;
  readonly origin: Origin;
  readonly createdAtMs: EpochMs;
  readonly plan: Plan | null;
  /** Empty until there is a plan. */
  readonly planHash: string;
  readonly approvalsNeeded: number;
  readonly approvals: readonly Approval[];
  /** When a proposal ends without enough approvals, and an approved one without a start. */
  readonly expiresAtMs: EpochMs | null;
  /** Of its leases, while it has them: every write carries it. */
  readonly fence: number | null;
  readonly leaseUntilMs: EpochMs | null;
  readonly startedAtMs: EpochMs | null;
  /** Which step of the plan is next or under way. */
  readonly step: number;
  /** How often the current step was sent. */
  readonly sends: number;
  readonly sentAtMs: EpochMs | null;
  /** When the last step was known to be done. */
  readonly appliedAtMs: EpochMs | null;
  readonly convergedAtMs: EpochMs | null;
  /** Since when every sample was good; null while the last was not. */
  readonly goodSinceMs: EpochMs | null;
  readonly goodSamples: number;
  readonly lastSample: Sample | null;
  /** Reads and plans that failed in a row. */
  readonly failures: number;
  /** What it was last told to wait for, so that each reason is told once; empty: nothing. */
  readonly waitingFor: string;
  /** When somebody must look next; null when it is over or waits for people without end. */
  readonly nextAtMs: EpochMs | null;
  readonly endedAtMs: EpochMs | null;
  /** How it ended, in a sentence; empty while it is open. */
  readonly outcome: string;
  /** Of a shadow: what people did about the same target, once it is known. */
  readonly comparison: Comparison | null;
}

/** What a rule would have done beside what people did. */
export interface Comparison {
  readonly kind: 'same' | 'different' | 'nothing-done';
  readonly says: string;
  readonly atMs: EpochMs;
}

/** What an incident's snapshot keeps of an action, for cards and lists. */
export interface ActionSummary {
  readonly actionId: string;
  readonly verb: ActionVerb;
  readonly targetId: string;
  /** The plan's title, or what was asked for while there is none. */
  readonly title: string;
  readonly state: ActionState;
  readonly planHash: string;
  readonly approvalsNeeded: number;
  /** Names of those who approved. */
  readonly approvedBy: readonly string[];
  /** While it is proposed. */
  readonly expiresAtMs: EpochMs | null;
  /** When it was asked for. */
  readonly atMs: EpochMs;
  readonly outcome: string;
}

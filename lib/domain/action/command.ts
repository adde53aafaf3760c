import type { Principal } from '../incident/principal.ts';
import type { PersonPolicy, Severity } from '../policy/policy.ts';
import type { ActionRequest, Comparison, Origin } from './action.ts';
import type { Observation, Signal } from './observation.ts';
import type { Plan } from './plan.ts';
import type { Halt, Lease, RecentStarts, RunbookStanding } from './rows.ts';

/** What a decision needs to know of the incident, as it was just read. */
export interface IncidentView {
  readonly isResolved: boolean;
  readonly severity: Severity;
  /** Ids of targets that some action has already changed in this incident. */
  readonly changedTargets: readonly string[];
}

/** The first command of every action, and the only one without an action before it. */
export interface RequestAction {
  readonly kind: 'request';
  readonly tenant: string;
  readonly incidentId: string;
  /** By `actionIdOf`: a repeated request finds the action that it made. */
  readonly actionId: string;
  readonly request: ActionRequest;
  readonly origin: Origin;
  readonly incident: IncidentView;
}

/** The target was read and a plan made of it. It binds approvals, or ends a shadow. */
export interface Planned {
  readonly kind: 'planned';
  readonly plan: Plan;
  /** Digest of the canonical JSON of `plan`. */
  readonly planHash: string;
  /** Of the runbook; null for a person's request, and for a rule that never failed. */
  readonly standing: RunbookStanding | null;
  readonly starts: RecentStarts;
  readonly incident: IncidentView;
}

/** There is no plan. A final failure refuses the action; any other is tried again. */
export interface PlanFailed {
  readonly kind: 'plan-failed';
  /** A sentence that tells a person what to do. */
  readonly message: string;
  readonly isFinal: boolean;
}

/** Somebody agrees to one plan. */
export interface Approve {
  readonly kind: 'approve';
  readonly person: PersonPolicy;
  readonly by: Principal;
  /** Of the plan that the person has seen: all 64 digits, or the first 8 or more. */
  readonly planHash: string;
  readonly incident: IncidentView;
}

/** Somebody who may respond does not want it. Before it has started only. */
export interface Deny {
  readonly kind: 'deny';
  readonly person: PersonPolicy;
  readonly by: Principal;
  readonly reason: string;
}

/** It is no longer wanted, above all since its incident was resolved. Before it has started only. */
export interface Cancel {
  readonly kind: 'cancel';
  readonly by: Principal;
  readonly reason: string;
}

/** An instant came: ends what has expired. Early, late and repeated wake-ups are harmless. */
export interface Wake {
  readonly kind: 'wake';
}

/**
 * Begins to execute an approved action: everything is checked again. Gives `executing` with the
 * leases' fence and the first step about to be sent; `approved` still, with the reason, where it
 * must wait; or an end, where it may not start any more. Write what `leaseWrites` and
 * `startWrites` make of it in the same transaction, with `mustNotBeHalted`.
 */
export interface Start {
  readonly kind: 'start';
  readonly incident: IncidentView;
  /** Null: the switch could not be read, which counts as on and waits. */
  readonly halt: Halt | null;
  /** A row for each of the plan's locks, read strongly. */
  readonly leases: readonly Lease[];
  readonly starts: RecentStarts;
  readonly standing: RunbookStanding | null;
  /** Of the first step, just read. */
  readonly observation: Observation;
}

/**
 * It could not go on for a reason that may pass (the target or the switch could not be read before
 * a start or a further step). Told once for each reason; looked at again after ten seconds.
 */
export interface Wait {
  readonly kind: 'wait';
  readonly reason: string;
}

/**
 * The current step is about to be sent: the next one of a plan, or one that was found not to have
 * been applied. Commit before the call, with `mustNotBeHalted`.
 */
export interface Send {
  readonly kind: 'send';
  /** Null: the switch could not be read, which counts as on and waits. */
  readonly halt: Halt | null;
}

/** The call was answered well. */
export interface Answered {
  readonly kind: 'answered';
}

/** The call's answer was lost: it may have happened. */
export interface Lost {
  readonly kind: 'lost';
  readonly why: string;
}

/** The target refused the call: certainly nothing happened by it. */
export interface Rejected {
  readonly kind: 'rejected';
  /** What the target said. */
  readonly message: string;
  /** Too many requests and the like: the same call may be taken later. */
  readonly isTransient: boolean;
  /** As read after it; null where that failed. */
  readonly observation: Observation | null;
}

/** The target was read: while a call's outcome is not known, or while the platform converges. */
export interface Looked {
  readonly kind: 'looked';
  readonly observation: Observation;
}

/** The target could not be read. */
export interface LookFailed {
  readonly kind: 'look-failed';
  readonly message: string;
}

/** All three signals were read. The workload's is made of the observation. */
export interface Sampled {
  readonly kind: 'sampled';
  /** Null: the target could not be read, and the workload's signal is unknown. */
  readonly observation: Observation | null;
  readonly alert: Signal;
  readonly metric: Signal;
}

/** It cannot be carried on, such as when its lease was lost: a person must look. */
export interface GiveUp {
  readonly kind: 'give-up';
  readonly reason: string;
}

/** It is known what people did where a shadow would have acted. */
export interface Compare {
  readonly kind: 'compare';
  readonly comparison: Omit<Comparison, 'atMs'>;
}

/** Everything that happens to an action after it was asked for. */
export type FurtherCommand =
  | Planned
  | PlanFailed
  | Approve
  | Deny
  | Cancel
  | Wake
  | Start
  | Wait
  | Send
  | Answered
  | Lost
  | Rejected
  | Looked
  | LookFailed
  | Sampled
  | GiveUp
  | Compare;

export type ActionCommand = RequestAction | FurtherCommand;

/**
 * Why a command changes nothing, in a sentence that says what would be allowed.
 * - `already`: it is so already, by an equal command.
 * - `not_allowed`: this person or this request may not.
 * - `stale`: the action has moved on, or the plan is another one.
 */
export interface ActionDenial {
  readonly kind: 'already' | 'not_allowed' | 'stale';
  readonly message: string;
}

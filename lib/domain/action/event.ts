import type { Principal } from '../incident/principal.ts';
import type { EpochMs } from '../shared/time.ts';
import type { ActionRequest, Comparison, EndedActionState, Origin } from './action.ts';
import type { Change, FollowUp } from './plan.ts';
import type { Sample } from './observation.ts';

interface OfAction {
  readonly actionId: string;
}

export interface ActionRequested extends OfAction {
  readonly type: 'action.requested';
  readonly request: ActionRequest;
  readonly origin: Origin;
}

/** There is a plan. The whole of it is in the action's row, by this hash. */
export interface ActionPlanned extends OfAction {
  readonly type: 'action.planned';
  readonly planHash: string;
  readonly title: string;
  readonly basis: string;
  readonly changes: readonly Change[];
  readonly risks: readonly string[];
  readonly undo: string;
  readonly approvalsNeeded: number;
  /** Why so many, in a sentence. */
  readonly approvalsReason: string;
  /** Names of those who may approve, at most ten; empty: nobody can, or nobody needs to. */
  readonly mayApprove: readonly string[];
  readonly expiresAtMs: EpochMs | null;
}

export interface ActionApproved extends OfAction {
  readonly type: 'action.approved';
  readonly planHash: string;
  readonly by: Principal;
  readonly personId: string;
  readonly count: number;
  readonly needed: number;
}

/** Leases taken, guards passed: from here on calls are made. */
export interface ActionStarted extends OfAction {
  readonly type: 'action.started';
  readonly planHash: string;
  readonly fence: number;
  readonly locks: readonly string[];
}

/** It may start, but not now: another holds the target, or a limit is reached. */
export interface ActionWaiting extends OfAction {
  readonly type: 'action.waiting';
  readonly reason: string;
}

/** Written before the call is made. */
export interface StepSent extends OfAction {
  readonly type: 'action.step_sent';
  readonly stepId: string;
  readonly says: string;
  readonly send: number;
}

/** The call was answered, or reading the target showed it. */
export interface StepApplied extends OfAction {
  readonly type: 'action.step_applied';
  readonly stepId: string;
  /** `answer` or `observation`. */
  readonly knownBy: 'answer' | 'observation';
  /** All steps are done: what follows is the wait for the platform. */
  readonly isLast: boolean;
}

/** Its answer was lost: it may have happened. */
export interface StepUncertain extends OfAction {
  readonly type: 'action.step_uncertain';
  readonly stepId: string;
  readonly why: string;
}

/** Reading the target showed that the lost call did nothing. */
export interface StepNotApplied extends OfAction {
  readonly type: 'action.step_not_applied';
  readonly stepId: string;
}

export interface ActionConverged extends OfAction {
  readonly type: 'action.converged';
  readonly says: string;
}

/** A sample that differs from the one before. Equal ones in a row are one. */
export interface ActionSampled extends OfAction {
  readonly type: 'action.sampled';
  /** The sample before was good in all three: then this one is bad news. */
  readonly wasGood: boolean;
  readonly sample: Sample;
}

export interface ActionEnded extends OfAction {
  readonly type: 'action.ended';
  readonly state: EndedActionState;
  /** What happened and what to do, in a sentence. */
  readonly outcome: string;
  readonly by: Principal;
  /** Whether the target was changed, or may have been. */
  readonly wasApplied: boolean;
  readonly followUps: readonly FollowUp[];
}

export interface ShadowCompared extends OfAction {
  readonly type: 'action.compared';
  readonly comparison: Comparison;
}

/** A change of what runs, near the incident. */
export interface ChangeFound {
  readonly type: 'change.found';
  readonly changeId: string;
  readonly title: string;
  readonly url: string | null;
  readonly author: string | null;
  readonly service: string;
  readonly changedAtMs: EpochMs;
  /** Why it may be the cause, and how likely: 0 to 100. */
  readonly reason: string;
  readonly likelihoodPct: number;
}

/** People work through a runbook's steps. */
export interface ChecklistStarted {
  readonly type: 'checklist.started';
  readonly runbookId: string;
  readonly title: string;
  readonly steps: readonly string[];
  readonly willNot: string;
}

export interface ChecklistTicked {
  readonly type: 'checklist.ticked';
  readonly runbookId: string;
  /** Counted from 0. */
  readonly step: number;
  readonly isDone: boolean;
  readonly by: Principal;
}

/** Everything about actions that an incident's log tells. */
export type ActionEvent =
  | ActionRequested
  | ActionPlanned
  | ActionApproved
  | ActionStarted
  | ActionWaiting
  | StepSent
  | StepApplied
  | StepUncertain
  | StepNotApplied
  | ActionConverged
  | ActionSampled
  | ActionEnded
  | ShadowCompared;

/** What else runbooks and the change feed write into the log. */
export type RunbookEvent = ChangeFound | ChecklistStarted | ChecklistTicked;

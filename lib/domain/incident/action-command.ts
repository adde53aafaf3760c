import type { ActionEvent, ChangeFound, ChecklistStarted } from '../action/event.ts';
import type { Principal } from './principal.ts';

/**
 * What an action has come to, in the same transaction as the action itself. Taken in every state.
 * The end of one that was done and has failed, or of which nobody can tell, calls people: an
 * incident that was resolved is open again, and an open one is escalated.
 */
export interface RecordAction {
  readonly kind: 'record-action';
  readonly events: readonly ActionEvent[];
  /** False: another incident has followed in its thread, so that this one stays resolved. */
  readonly canReopen: boolean;
}

/** What was changed near the incident's beginning, or was found to be likelier than thought. */
export interface RecordChange {
  readonly kind: 'record-change';
  readonly change: Omit<ChangeFound, 'type'>;
}

/** Gives people a runbook's steps to work through. */
export interface StartChecklist {
  readonly kind: 'start-checklist';
  readonly checklist: Omit<ChecklistStarted, 'type'>;
}

/** A step of a checklist is done, or is not after all. */
export interface TickStep {
  readonly kind: 'tick-step';
  readonly runbookId: string;
  /** Counted from 0. */
  readonly step: number;
  readonly isDone: boolean;
  readonly by: Principal;
}

/** What actions, runbooks and the change feed add to an incident. */
export type ActionRecordCommand = RecordAction | RecordChange | StartChecklist | TickStep;

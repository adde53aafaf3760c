import type { Incident } from '../incident/state.ts';
import type { EpochMs } from '../shared/time.ts';

/**
 * The forms, and the fields that a person fills in on each. A choice among nothing is not asked
 * for: the incident of a note, where the form is about one.
 */
export const formFields = {
  declare: ['title', 'severity', 'service', 'summary'],
  note: ['incident', 'text'],
  update: ['issue', 'impact', 'actions', 'estimate', 'next'],
  severity: ['severity', 'reason'],
  role: ['role', 'person'],
  page: ['person', 'message'],
  action: ['action', 'parameters', 'reason'],
  plan: ['answer', 'reason'],
  steps: ['step'],
} as const;

export type FormName = keyof typeof formFields;

/** One entry of a choice. */
export interface Choice {
  /** At most 75 characters. */
  readonly value: string;
  readonly label: string;
}

/** Something to read above the fields, under a name; empty lines are left out. */
export interface FormPart {
  readonly name: string;
  readonly lines: readonly string[];
}

/** A form to fill in: what is asked is fixed by its name. */
export interface Form {
  readonly name: FormName;
  /** Null for a form that is about no incident yet, and for one that asks which. */
  readonly incident: Incident | null;
  /** What stands in the fields at first, by their names; a choice holds the chosen value. */
  readonly values: Readonly<Record<string, string>>;
  /** What can be chosen, by the names of the fields; at most 100 each. All others are text. */
  readonly choices: Readonly<Record<string, readonly Choice[]>>;
  /** When what it is about happened; comes back with the submission. Null: now. */
  readonly occurredAtMs: EpochMs | null;
  /** What is to be read first; absent: nothing. */
  readonly parts?: readonly FormPart[];
  /** What its verb gets as if it were typed, when the form is sent; absent: nothing. */
  readonly args?: string;
}

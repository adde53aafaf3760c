import type { Incident } from '../incident/state.ts';

/** What a button and a form carry: the incident, and the stamp it had when they were drawn. */
export interface DrawnTarget {
  readonly tenant: string;
  readonly incidentId: string;
  readonly stamp: string;
  /** What follows the verb, as if it were typed: an action with its plan's hash; mostly empty. */
  readonly args: string;
}

/**
 * What a button was drawn for. A click on a button with another stamp than the incident has now
 * does nothing: its label no longer says what would happen.
 */
export const stampOf = ({ state, severity, reopenCount }: Incident): string =>
  `${state}.${severity}.${reopenCount}`;

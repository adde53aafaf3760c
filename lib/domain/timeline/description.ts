import type { IncidentEvent, IncidentEventType } from '../incident/event.ts';

/** What an event says to a person. Holds data from outside: escape it where it is shown. */
export interface Description {
  readonly text: string;
  readonly reason: string | null;
}

/** One describer for every type of event, checked by the compiler. */
export type Describers = {
  readonly [Type in IncidentEventType]: (
    event: Extract<IncidentEvent, { readonly type: Type }>,
  ) => Description;
};

export const said = (text: string, reason: string | null = null): Description => ({ text, reason });

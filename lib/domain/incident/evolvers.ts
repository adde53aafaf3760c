import type { EpochMs } from '../shared/time.ts';
import type { IncidentEvent, IncidentEventType } from './event.ts';
import type { Incident } from './state.ts';

/** What each type of event does to an incident: one entry for every type, checked by the compiler. */
export type Evolvers = {
  readonly [Type in IncidentEventType]: (
    incident: Incident,
    event: Extract<IncidentEvent, { readonly type: Type }>,
    atMs: EpochMs,
  ) => Incident;
};

import type { Incident, IncidentFacts, Triggered } from './state.ts';

/** What survives every change of state. */
export function factsOf(incident: Incident): IncidentFacts {
  switch (incident.state) {
    case 'triggered': {
      const { state: _state, settleAtMs: _settle, ...facts } = incident;
      return facts;
    }
    case 'acknowledged': {
      const {
        state: _state,
        settleAtMs: _settle,
        acknowledgedBy: _by,
        acknowledgedAtMs: _at,
        ...facts
      } = incident;
      return facts;
    }
    case 'resolved': {
      const {
        state: _state,
        cause: _cause,
        resolvedBy: _by,
        resolvedAtMs: _at,
        quietUntilMs: _quiet,
        ...facts
      } = incident;
      return facts;
    }
  }
}

/** The same incident, waiting for somebody. */
export const triggered = (incident: Incident): Triggered => ({
  ...factsOf(incident),
  state: 'triggered',
  settleAtMs: incident.state === 'resolved' ? null : incident.settleAtMs,
});

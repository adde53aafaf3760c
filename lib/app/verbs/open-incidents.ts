import { bold, text, time, type Phrase } from '../../domain/announce/phrase.ts';
import { describePrincipal } from '../../domain/incident/principal.ts';
import type { Incident } from '../../domain/incident/state.ts';
import { severities } from '../../domain/policy/policy.ts';
import { deadlineOf } from '../../domain/sla/clock.ts';
import { pendingClock } from '../../domain/sla/pending-clock.ts';

/** The gravest first, then the one whose deadline is nearest or longest past. */
export function byUrgency(a: Incident, b: Incident): number {
  const graver = severities.indexOf(a.severity) - severities.indexOf(b.severity);
  return graver === 0 ? dueAt(a) - dueAt(b) : graver;
}

function dueAt(incident: Incident): number {
  const pending = pendingClock(incident);
  return pending === null ? Infinity : deadlineOf(pending);
}

/** One incident in a line: what it is, who has it, and by when something is to happen. */
export function incidentLine(incident: Incident): Phrase {
  const { id, severity, title } = incident;
  return [bold(`${id} ${severity}`), text(` ${title}: `), ...standing(incident)];
}

function standing(incident: Incident): Phrase {
  switch (incident.state) {
    case 'triggered':
      return [text('nobody has it; due '), time(deadlineOf(incident.response))];
    case 'acknowledged': {
      const who = describePrincipal(incident.acknowledgedBy);
      return [text(`${who} has it; due `), time(deadlineOf(incident.resolution))];
    }
    case 'resolved':
      return [text('resolved '), time(incident.resolvedAtMs)];
  }
}

import type { ValidEvent } from './event-validation.ts';
import type { Change, EventOutcome, IncidentStatus } from './fact.ts';
import type { SandboxIncident } from './incident.ts';

/**
 * What an event does, given the incident whose alert its key has open. An acknowledgement or a
 * resolve without one is dropped; a trigger without one opens a new incident, also after a resolve.
 */
export function decideEvent(event: ValidEvent, open: SandboxIncident | undefined): EventOutcome {
  switch (event.action) {
    case 'trigger':
      return open === undefined ? 'opened' : 'appended';
    case 'acknowledge':
      if (open === undefined) return 'dropped';
      return open.status === 'triggered' ? 'acknowledged' : 'unchanged';
    case 'resolve':
      return open === undefined ? 'dropped' : 'resolved';
  }
}

/** Why a change cannot be made, with PagerDuty's error code where it has one. */
export interface ChangeRefusal {
  readonly message: string;
  readonly code: number;
}

/** PagerDuty REST: at most 2000 notes on an incident. */
const MAX_NOTES = 2000;

const INVALID_INPUT = 2001;

/** The statuses that each change starts from; a note and an edit may come at any time. */
const STARTS_FROM: Readonly<Record<Change['type'], readonly IncidentStatus[]>> = {
  acknowledged: ['triggered'],
  unacknowledged: ['acknowledged'],
  resolved: ['triggered', 'acknowledged'],
  reopened: ['resolved'],
  reassigned: ['triggered', 'acknowledged'],
  delegated: ['triggered', 'acknowledged'],
  escalated: ['triggered', 'acknowledged'],
  priority_updated: ['triggered', 'acknowledged', 'resolved'],
  annotated: ['triggered', 'acknowledged', 'resolved'],
  'responder.added': ['triggered', 'acknowledged'],
  status_update_published: ['triggered', 'acknowledged', 'resolved'],
  edited: ['triggered', 'acknowledged', 'resolved'],
};

/** The reason against a change, or `undefined` when it can be made. */
export function refuseChange(incident: SandboxIncident, change: Change): ChangeRefusal | undefined {
  if (change.type === 'annotated' && incident.notes.length >= MAX_NOTES) {
    return { message: `An incident holds at most ${MAX_NOTES} notes.`, code: INVALID_INPUT };
  }
  if (STARTS_FROM[change.type].includes(incident.status)) return undefined;
  if (incident.status === 'resolved') return { message: 'Incident Already Resolved', code: 1001 };
  if (change.type === 'acknowledged') {
    return { message: 'Incident Already Acknowledged', code: 1002 };
  }
  return {
    message: `An incident that is ${incident.status} cannot be ${change.type}.`,
    code: INVALID_INPUT,
  };
}

/**
 * The changes that take an incident to a status over REST. A resolved one is reopened on the way, so
 * a late acknowledgement brings it back. Asking for `triggered` again changes nothing.
 */
export function changesToStatus(
  incident: SandboxIncident,
  wanted: IncidentStatus,
): readonly Change[] {
  const reopening: readonly Change[] = incident.status === 'resolved' ? [{ type: 'reopened' }] : [];
  switch (wanted) {
    case 'resolved':
      return [{ type: 'resolved' }];
    case 'acknowledged':
      return [...reopening, { type: 'acknowledged' }];
    case 'triggered':
      return incident.status === 'acknowledged' ? [{ type: 'unacknowledged' }] : reopening;
  }
}

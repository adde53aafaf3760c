import type { AlertSeverity, Change, EventFact, IncidentStatus, Urgency } from './fact.ts';

export interface Note {
  readonly id: string;
  readonly by: string;
  readonly content: string;
  readonly atMs: number;
}

/** Somebody who was asked to help. */
export interface Responder {
  /** Id of the person asked. */
  readonly to: string;
  /** Id of the person who asked. */
  readonly by: string;
  readonly message: string;
  readonly atMs: number;
}

export interface StatusUpdate {
  readonly id: string;
  readonly by: string;
  readonly message: string;
  readonly atMs: number;
}

/** The one alert of an incident; the sandbox does not group alerts. */
export interface SandboxAlert {
  readonly id: string;
  readonly key: string;
  readonly status: 'triggered' | 'resolved';
  readonly severity: AlertSeverity;
  readonly summary: string;
  readonly source: string;
  /** Triggers that it took in, the first one counted. */
  readonly triggers: number;
  /** Sequence of the latest trigger, under which its content is kept. */
  readonly latestSequence: number;
}

/** A line of what happened, for people. `by` is a person's id or a service's name. */
export interface LogLine {
  readonly atMs: number;
  readonly what: string;
  readonly by: string;
}

/** An incident at one moment. A new value replaces it, so a reference to it is a snapshot. */
export interface SandboxIncident {
  readonly id: string;
  readonly number: number;
  readonly service: string;
  readonly title: string;
  readonly status: IncidentStatus;
  readonly urgency: Urgency;
  readonly priority: string | null;
  readonly createdAtMs: number;
  readonly changedAtMs: number;
  /** When its status became what it is, and by whom: a person's id or a service's name. */
  readonly statusAtMs: number;
  readonly statusBy: string;
  readonly acknowledgedAtMs: number | null;
  readonly acknowledgedBy: string | null;
  readonly reopenedAtMs: number | null;
  readonly resolvedAtMs: number | null;
  /** Ids of the people it is with; webhooks and REST show none while it is resolved. */
  readonly assignees: readonly string[];
  readonly assignedAtMs: number;
  readonly policy: string;
  readonly level: number;
  readonly client: { readonly name: string; readonly url?: string } | null;
  readonly alert: SandboxAlert;
  /** Made by hand or by REST: its alert stands for its key alone, and nobody is shown it. */
  readonly isManual: boolean;
  readonly notes: readonly Note[];
  readonly responders: readonly Responder[];
  readonly updates: readonly StatusUpdate[];
  /** The latest `MAX_LOG_LINES`. */
  readonly log: readonly LogLine[];
}

const MAX_LOG_LINES = 100;

export const DEFAULT_POLICY = 'Default';

/** The incident after another event for its open alert. */
export function afterEvent(incident: SandboxIncident, fact: EventFact): SandboxIncident {
  const atMs = fact.arrivedAtMs;
  const by = fact.service;
  switch (fact.outcome) {
    case 'appended':
      return appendTrigger(incident, fact);
    case 'acknowledged':
      return afterChange(incident, { change: { type: 'acknowledged' }, by, atMs });
    case 'resolved':
      return afterChange(incident, { change: { type: 'resolved' }, by, atMs });
    case 'opened':
    case 'unchanged':
    case 'dropped':
      return incident;
  }
}

/** A later trigger shows on the alert; the incident keeps its title, and urgency is only raised. */
function appendTrigger(incident: SandboxIncident, fact: EventFact): SandboxIncident {
  const { alert } = incident;
  const severity = fact.trigger?.severity ?? alert.severity;
  return {
    ...incident,
    urgency: urgencyOf(severity) === 'high' ? 'high' : incident.urgency,
    changedAtMs: fact.arrivedAtMs,
    alert: {
      ...alert,
      severity,
      summary: fact.trigger?.summary ?? alert.summary,
      triggers: alert.triggers + 1,
      latestSequence: fact.sequence,
    },
  };
}

interface MadeChange {
  readonly change: Change;
  readonly by: string;
  readonly atMs: number;
}

/** The incident after a change that was allowed. */
export function afterChange(
  incident: SandboxIncident,
  { change, by, atMs }: MadeChange,
): SandboxIncident {
  const line = { atMs, what: change.type, by };
  const after = { ...incident, ...changed(incident, { change, by, atMs }) };
  return {
    ...after,
    changedAtMs: atMs,
    ...(after.status !== incident.status && { statusAtMs: atMs, statusBy: by }),
    ...(after.assignees !== incident.assignees && { assignedAtMs: atMs }),
    log: [...incident.log, line].slice(-MAX_LOG_LINES),
  };
}

function changed(incident: SandboxIncident, made: MadeChange): Partial<SandboxIncident> {
  const { change, by, atMs } = made;
  const { alert } = incident;
  switch (change.type) {
    case 'acknowledged':
      return { status: 'acknowledged', acknowledgedAtMs: atMs, acknowledgedBy: by };
    case 'unacknowledged':
      return unacknowledged;
    case 'resolved':
      return { status: 'resolved', resolvedAtMs: atMs, alert: { ...alert, status: 'resolved' } };
    case 'reopened':
      return { ...unacknowledged, reopenedAtMs: atMs, resolvedAtMs: null };
    case 'reassigned':
      return { ...unacknowledged, assignees: change.to };
    case 'delegated':
      return { ...unacknowledged, assignees: change.to, policy: change.policy, level: 1 };
    case 'escalated':
      return { ...unacknowledged, assignees: change.to, level: change.level };
    case 'annotated':
      return {
        notes: [...incident.notes, { id: change.noteId, by, content: change.content, atMs }],
      };
    case 'priority_updated':
      return { priority: change.priority };
    case 'responder.added': {
      const { to, message } = change;
      return { responders: [...incident.responders, { to, by, message, atMs }] };
    }
    case 'status_update_published': {
      const { updateId: id, message } = change;
      return { updates: [...incident.updates, { id, by, message, atMs }] };
    }
    case 'edited':
      return {
        ...(change.title !== undefined && { title: change.title }),
        ...(change.urgency !== undefined && { urgency: change.urgency }),
      };
  }
}

/** Whoever an incident is newly with has not acknowledged it yet. */
const unacknowledged = {
  status: 'triggered',
  acknowledgedAtMs: null,
  acknowledgedBy: null,
} as const;

/** PagerDuty's severity-based urgency. */
export function urgencyOf(severity: AlertSeverity): Urgency {
  return severity === 'critical' || severity === 'error' ? 'high' : 'low';
}

/** `incident_key` as PagerDuty shows it: always that of an incident without alerts. */
export const shownKey = (
  { alert, isManual }: SandboxIncident,
  ofAlerts: 'absent' | 'dedup_key',
): string | null => (isManual || ofAlerts === 'dedup_key' ? alert.key : null);

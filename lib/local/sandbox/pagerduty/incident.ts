import type { AlertSeverity, Change, EventFact, IncidentStatus, Urgency } from './fact.ts';

export interface Note {
  readonly id: string;
  readonly by: string;
  readonly content: string;
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
  readonly acknowledgedAtMs: number | null;
  readonly acknowledgedBy: string | null;
  readonly reopenedAtMs: number | null;
  readonly resolvedAtMs: number | null;
  /** Ids of the people it is with; webhooks and REST show none while it is resolved. */
  readonly assignees: readonly string[];
  readonly policy: string;
  readonly level: number;
  readonly client: { readonly name: string; readonly url?: string } | null;
  readonly alert: SandboxAlert;
  readonly notes: readonly Note[];
  /** The latest `MAX_LOG_LINES`. */
  readonly log: readonly LogLine[];
}

const MAX_LOG_LINES = 100;

export const DEFAULT_POLICY = 'Default';

/** The incident that an event of outcome `opened` makes. */
export function openIncident(fact: EventFact): SandboxIncident | undefined {
  const { incidentId, opened, trigger, arrivedAtMs } = fact;
  if (incidentId === undefined || opened === undefined || trigger === undefined) return undefined;
  return {
    id: incidentId,
    number: opened.number,
    service: fact.service,
    title: trigger.summary,
    status: 'triggered',
    urgency: urgencyOf(trigger.severity),
    priority: null,
    createdAtMs: arrivedAtMs,
    changedAtMs: arrivedAtMs,
    acknowledgedAtMs: null,
    acknowledgedBy: null,
    reopenedAtMs: null,
    resolvedAtMs: null,
    assignees: [opened.assignee],
    policy: DEFAULT_POLICY,
    level: 1,
    client: trigger.client ?? null,
    alert: {
      id: opened.alertId,
      key: fact.dedupKey,
      status: 'triggered',
      severity: trigger.severity,
      summary: trigger.summary,
      source: trigger.source,
      triggers: 1,
      latestSequence: fact.sequence,
    },
    notes: [],
    log: [{ atMs: arrivedAtMs, what: 'triggered', by: fact.service }],
  };
}

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
  return {
    ...incident,
    ...changed(incident, { change, by, atMs }),
    changedAtMs: atMs,
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
function urgencyOf(severity: AlertSeverity): Urgency {
  return severity === 'critical' || severity === 'error' ? 'high' : 'low';
}

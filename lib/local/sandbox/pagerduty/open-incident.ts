import type { CreatedFact, EventFact } from './fact.ts';
import { DEFAULT_POLICY, urgencyOf, type SandboxIncident } from './incident.ts';

/** The incident that an event of outcome `opened` makes. */
export function openIncident(fact: EventFact): SandboxIncident | undefined {
  const { incidentId, opened, trigger, arrivedAtMs } = fact;
  if (incidentId === undefined || opened === undefined || trigger === undefined) return undefined;
  return {
    ...fresh({ atMs: arrivedAtMs, by: fact.service, assignee: opened.assignee }),
    id: incidentId,
    number: opened.number,
    service: fact.service,
    title: trigger.summary,
    urgency: urgencyOf(trigger.severity),
    priority: null,
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
    isManual: false,
  };
}

/** The incident that somebody made without an event. */
export function createdIncident(fact: CreatedFact): SandboxIncident {
  const { atMs, by, assignee, incidentId, title, urgency } = fact;
  return {
    ...fresh({ atMs, by, assignee }),
    id: incidentId,
    number: fact.number,
    service: fact.service,
    title,
    urgency,
    priority: fact.priority,
    client: null,
    alert: {
      id: incidentId,
      key: fact.key,
      status: 'triggered',
      severity: urgency === 'high' ? 'critical' : 'warning',
      summary: title,
      source: '',
      triggers: 0,
      latestSequence: 0,
    },
    isManual: true,
  };
}

/** What every incident begins with. */
function fresh({ atMs, by, assignee }: Pick<CreatedFact, 'atMs' | 'by' | 'assignee'>) {
  return {
    status: 'triggered',
    createdAtMs: atMs,
    changedAtMs: atMs,
    statusAtMs: atMs,
    statusBy: by,
    acknowledgedAtMs: null,
    acknowledgedBy: null,
    reopenedAtMs: null,
    resolvedAtMs: null,
    assignees: [assignee],
    assignedAtMs: atMs,
    policy: DEFAULT_POLICY,
    level: 1,
    notes: [],
    responders: [],
    updates: [],
    log: [{ atMs, what: 'triggered', by }],
  } as const;
}

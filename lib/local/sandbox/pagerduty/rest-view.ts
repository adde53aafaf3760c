import { isJsonObject, ownValue, type JsonObject } from '../../shared/json.ts';
import { shownKey, type Note, type SandboxIncident } from './incident.ts';
import { isoSeconds, type References } from './references.ts';

export interface RestView {
  readonly references: References;
  readonly incidentKey: 'absent' | 'dedup_key';
}

/** An incident as `GET /incidents` shows it. */
export function restIncident(
  incident: SandboxIncident,
  { references, incidentKey }: RestView,
): object {
  const changedAt = isoSeconds(incident.changedAtMs);
  const assignees = references.assignees(incident);
  return {
    ...references.incident(incident),
    type: 'incident',
    summary: `[#${incident.number}] ${incident.title}`,
    incident_number: incident.number,
    title: incident.title,
    description: incident.title,
    status: incident.status,
    urgency: incident.urgency,
    priority: incident.priority === null ? null : references.priority(incident.priority),
    incident_key: shownKey(incident, incidentKey),
    created_at: isoSeconds(incident.createdAtMs),
    updated_at: changedAt,
    resolved_at: incident.status === 'resolved' ? isoSeconds(incident.resolvedAtMs) : null,
    last_status_change_at: isoSeconds(incident.statusAtMs),
    last_status_change_by: references.agent(incident.statusBy),
    service: references.service(incident.service),
    escalation_policy: references.policy(incident.policy),
    assigned_via: 'escalation_policy',
    assignments: assignees.map((assignee) => ({
      at: isoSeconds(incident.assignedAtMs),
      assignee,
    })),
    acknowledgements: acknowledgements(incident, references),
    alert_counts: alertCounts(incident),
    teams: [],
    pending_actions: [],
    resolve_reason: null,
    ...responders(incident, references),
    incident_type: { name: 'incident_default' },
  };
}

function responders(incident: SandboxIncident, references: References): object {
  return {
    responder_requests: incident.responders.map(({ to, by, message, atMs }) => ({
      requester: references.user(by),
      requested_at: isoSeconds(atMs),
      message,
      responder_request_targets: [
        { responder_request_target: { ...references.user(to), type: 'user_reference' } },
      ],
    })),
    incidents_responders: incident.responders.map(({ to, by, message, atMs }) => ({
      state: 'pending',
      user: references.user(to),
      requester: references.user(by),
      requested_at: isoSeconds(atMs),
      message,
    })),
  };
}

function alertCounts({ alert, isManual }: SandboxIncident): object {
  const all = isManual ? 0 : 1;
  const triggered = alert.status === 'triggered' ? all : 0;
  return { all, triggered, resolved: all - triggered };
}

function acknowledgements(incident: SandboxIncident, references: References): readonly object[] {
  const { status, acknowledgedAtMs: atMs, acknowledgedBy: by } = incident;
  if (status !== 'acknowledged' || atMs === null || by === null) return [];
  return [{ at: isoSeconds(atMs), acknowledger: references.agent(by) }];
}

/** The alert of an incident; `content` is its latest trigger, where that is still held. */
export function restAlert(
  incident: SandboxIncident,
  content: JsonObject | undefined,
  { references }: RestView,
): object {
  const { alert } = incident;
  const payload = content === undefined ? undefined : ownValue(content, 'payload');
  const details = isJsonObject(payload) ? ownValue(payload, 'custom_details') : undefined;
  const { self, html_url: htmlUrl } = references.incident(incident);
  return {
    id: alert.id,
    type: 'alert',
    summary: alert.summary,
    self: `${self}/alerts/${alert.id}`,
    html_url: htmlUrl,
    created_at: isoSeconds(incident.createdAtMs),
    status: alert.status,
    resolved_at: alert.status === 'resolved' ? isoSeconds(incident.resolvedAtMs) : null,
    alert_key: alert.key,
    suppressed: false,
    severity: alert.severity,
    service: references.service(incident.service),
    incident: references.incident(incident),
    body: {
      type: 'alert_body',
      contexts: content === undefined ? [] : (ownValue(content, 'links') ?? []),
      details: details ?? null,
    },
  };
}

export function restNote(note: Note, references: References): object {
  return {
    id: note.id,
    user: references.user(note.by),
    content: note.content,
    created_at: isoSeconds(note.atMs),
    channel: { summary: 'The PagerDuty website or APIs' },
  };
}

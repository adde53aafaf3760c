import type { Account } from './account.ts';
import type { RequestRecord } from './book.ts';
import type { Directory } from './directory.ts';
import type { SandboxIncident } from './incident.ts';
import type { SubscriptionStatus } from './webhooks.ts';

/** An incident with all that happened to it, for people and tests. */
export function incidentOverview(
  incident: SandboxIncident,
  { account, directory }: { readonly account: Account; readonly directory: Directory },
): object {
  const { alert } = incident;
  const nameOf = (by: string): string => directory.findPerson(by)?.email ?? by;
  return {
    id: incident.id,
    number: incident.number,
    dedup_key: alert.key,
    service: incident.service,
    status: incident.status,
    severity: alert.severity,
    urgency: incident.urgency,
    priority: incident.priority,
    title: incident.title,
    summary: alert.summary,
    source: alert.source,
    triggers: alert.triggers,
    created_at: iso(incident.createdAtMs),
    acknowledged_at: iso(incident.acknowledgedAtMs),
    acknowledged_by: incident.acknowledgedBy === null ? null : nameOf(incident.acknowledgedBy),
    reopened_at: iso(incident.reopenedAtMs),
    resolved_at: iso(incident.resolvedAtMs),
    assignees: incident.assignees.map(nameOf),
    escalation_policy: incident.policy,
    escalation_level: incident.level,
    notes: incident.notes.map(({ by, content, atMs }) => ({
      at: iso(atMs),
      by: nameOf(by),
      content,
    })),
    responders: incident.responders.map(({ to, by, message, atMs }) => ({
      at: iso(atMs),
      by: nameOf(by),
      to: nameOf(to),
      message,
    })),
    status_updates: incident.updates.map(({ by, message, atMs }) => ({
      at: iso(atMs),
      by: nameOf(by),
      message,
    })),
    log: incident.log.map(({ atMs, what, by }) => ({ at: iso(atMs), what, by: nameOf(by) })),
    /** The latest trigger as it came, without its routing key; null once it is let go. */
    event: account.book.content(alert.latestSequence) ?? null,
  };
}

/** An accepted request, with what it did. */
export function requestOverview(record: RequestRecord, account: Account): object {
  return {
    sequence: record.sequence,
    arrived_at: iso(record.arrivedAtMs),
    arrived_at_ms: record.arrivedAtMs,
    service: record.service,
    bytes: record.bytes,
    ...(record.kind === 'event'
      ? {
          event_action: record.action,
          dedup_key: record.dedupKey,
          outcome: record.outcome,
          incident_id: record.incidentId ?? null,
        }
      : { event_action: 'change' }),
    event: account.book.content(record.sequence) ?? null,
  };
}

export function subscriptionOverview(status: SubscriptionStatus): object {
  return {
    id: status.id,
    url: status.url,
    enabled: status.disabledUntilMs === null,
    disabled_until: iso(status.disabledUntilMs),
    pending: status.pending,
    delivered: status.delivered,
    dropped: status.dropped,
    last_reason: status.lastReason,
  };
}

function iso(atMs: number | null): string | null {
  return atMs === null ? null : new Date(atMs).toISOString();
}

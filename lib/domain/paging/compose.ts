import type { Incident, OpenIntent } from '../incident/state.ts';
import type { AlertLinks } from '../alert/alert.ts';
import { isEventAction, type EventAction } from '../incident/page-event.ts';
import { invariant } from '../shared/invariant.ts';
import type { Severity } from '../policy/policy.ts';
import type { Json } from '../shared/json.ts';
import { redact, redactAll } from '../shared/redact.ts';
import { deadlineOf, type SlaClock } from '../sla/clock.ts';
import { toIso, type EpochMs } from '../shared/time.ts';

/** A page in our own words; adapters fit it to their vendor's limits by cutting. */
export interface PageContent {
  readonly action: EventAction;
  /** Name of the routing key in the secret. */
  readonly routingKey: string;
  readonly dedupKey: string;
  readonly severity: Severity;
  readonly summary: string;
  readonly source: string;
  readonly component: string;
  readonly group: string;
  readonly class: string;
  readonly occurredAtMs: EpochMs;
  readonly details: Readonly<Record<string, Json>>;
  readonly links: AlertLinks;
  /** Page of the incident in the console. */
  readonly consoleUrl: string;
}

/**
 * What the pager is told about an incident, from its state at the moment of sending. What looks
 * like a credential is left out.
 */
export function composePage(
  incident: Incident,
  intent: OpenIntent,
  consoleUrl: string,
): PageContent {
  const { action } = intent;
  invariant(isEventAction(action), `${action} goes through the REST API`);
  return {
    action,
    routingKey: incident.routingKey,
    dedupKey: incident.dedupKey,
    severity: incident.severity,
    summary: redact(headline(incident, intent)),
    source: incident.service === '' ? incident.sourceId : incident.service,
    component: incident.service,
    group: incident.team,
    class: redact(incident.title),
    occurredAtMs: intent.createdAtMs,
    details: intent.wasRejected ? leastDetails(incident) : details(incident, intent),
    links: intent.wasRejected ? {} : redactAll(incident.links),
    consoleUrl,
  };
}

function headline(incident: Incident, intent: OpenIntent): string {
  const what = incident.summary === '' ? incident.title : `${incident.title}: ${incident.summary}`;
  // What pages again, after a reopen or a forgotten acknowledgement, says why.
  const isFirst = intent.purpose === 'open' && intent.createdAtMs === incident.openedAtMs;
  const isNews = !isFirst && intent.purpose !== 'follow';
  return isNews
    ? `[${incident.severity}] ${intent.text}. ${what}`
    : `[${incident.severity}] ${what}`;
}

const leastDetails = (incident: Incident): Readonly<Record<string, Json>> => ({
  incident: incident.id,
  severity: incident.severity,
});

function details(incident: Incident, intent: OpenIntent): Readonly<Record<string, Json>> {
  return redactAll({
    incident: incident.id,
    why: intent.text,
    severity: incident.severity,
    'severity reason': incident.severityReason.text,
    'severity rule': incident.severityReason.rule,
    service: incident.service,
    team: incident.team,
    environment: incident.environment,
    source: incident.sourceId,
    alerts: incident.totals.alerts,
    'alerts firing': incident.totals.firing,
    opened: toIso(incident.openedAtMs),
    'respond by': byWhen(incident.response),
    'resolve by': byWhen(incident.resolution),
    policy: incident.policyVersion,
  });
}

function byWhen(clock: SlaClock): string {
  if (clock.end !== null) return `${clock.end.kind} at ${toIso(clock.end.atMs)}`;
  return clock.isBreached ? `breached at ${toIso(deadlineOf(clock))}` : toIso(deadlineOf(clock));
}

/** What the second channel says: it may reach a phone as a plain text message. */
export function composeFallback(
  incident: Incident,
  intent: OpenIntent,
  consoleUrl: string,
): { readonly subject: string; readonly text: string } {
  const title = redact(incident.title);
  const lines = [
    `${incident.severity} ${title}`,
    redact(incident.summary),
    `Why this channel: ${redact(intent.text)}.`,
    `Incident ${incident.id}, opened ${toIso(incident.openedAtMs)}.`,
    consoleUrl,
  ];
  return {
    subject: `[${incident.severity}] ${title}`,
    text: lines.filter((line) => line !== '').join('\n'),
  };
}

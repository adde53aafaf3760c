import type {
  Change,
  CreatedFact,
  EventFact,
  EventOutcome,
  Fact,
  PersonFact,
  PingFact,
} from './fact.ts';
import { shownKey, type SandboxIncident } from './incident.ts';
import { isoSeconds, type Reference, type References } from './references.ts';

/** A fact that PagerDuty may tell its webhook subscribers about. */
export type AnnouncedFact = EventFact | PersonFact | CreatedFact | PingFact;

/** What a webhook is made of: the fact, and its incident as the fact left it. */
export interface WebhookSource {
  readonly fact: AnnouncedFact;
  readonly incident: SandboxIncident | undefined;
}

export interface WebhookView {
  readonly references: References;
  readonly incidentKey: 'absent' | 'dedup_key';
}

/** Keeps every payload below the 55 KB up to which PagerDuty guarantees order. */
const MAX_NOTE_LENGTH = 8192;

export const PING_EVENT_TYPE = 'pagey.ping';

const TYPE_OF_OUTCOME: Readonly<Partial<Record<EventOutcome, string>>> = {
  opened: 'incident.triggered',
  acknowledged: 'incident.acknowledged',
  resolved: 'incident.resolved',
};

/** The event type of what an event did; `undefined`: nobody is told. */
export function eventTypeOfOutcome(outcome: EventOutcome): string | undefined {
  return TYPE_OF_OUTCOME[outcome];
}

/** The event type of a change; `undefined`: nobody is told. */
export function eventTypeOfChange({ type }: Change): string | undefined {
  return type === 'edited' ? undefined : `incident.${type}`;
}

export function isAnnounced(fact: Fact): fact is AnnouncedFact {
  switch (fact.kind) {
    case 'event':
    case 'person':
    case 'created':
      return fact.announcement !== undefined;
    case 'ping':
      return true;
    case 'change_event':
    case 'settled':
    case 'subscription':
      return false;
  }
}

/** The body of a v3 webhook, the same bytes whenever it is made again from the same source. */
export function webhookBody(source: WebhookSource, view: WebhookView): Buffer {
  const { fact } = source;
  const agent = agentOf(fact, view.references);
  const event = {
    id: fact.announcement?.eventId,
    event_type: eventTypeOf(fact),
    resource_type: fact.kind === 'ping' ? 'pagey' : 'incident',
    occurred_at: new Date(fact.kind === 'event' ? fact.arrivedAtMs : fact.atMs).toISOString(),
    agent,
    client: clientOf(source),
    data: dataOf(source, view),
  };
  return Buffer.from(JSON.stringify({ event }));
}

/** The type under which a subscription filters. */
export function eventTypeOf(fact: AnnouncedFact): string | undefined {
  switch (fact.kind) {
    case 'event':
      return eventTypeOfOutcome(fact.outcome);
    case 'person':
      return eventTypeOfChange(fact.change);
    case 'created':
      return eventTypeOfOutcome('opened');
    case 'ping':
      return PING_EVENT_TYPE;
  }
}

function agentOf(fact: AnnouncedFact, references: References): Reference | null {
  switch (fact.kind) {
    case 'event':
      return references.service(fact.service);
    case 'person':
    case 'created':
      return references.user(fact.by);
    case 'ping':
      return null;
  }
}

function clientOf({ fact, incident }: WebhookSource): object | null {
  switch (fact.kind) {
    case 'event':
      return incident?.client ?? null;
    case 'person':
    case 'created':
      return { name: 'PagerDuty' };
    case 'ping':
      return null;
  }
}

function dataOf({ fact, incident }: WebhookSource, view: WebhookView): object {
  if (fact.kind === 'ping' || incident === undefined) {
    return { message: 'Hello from your friend Pagey!', type: 'ping' };
  }
  const partial = fact.kind === 'person' ? partOf(fact.change, view.references) : undefined;
  return partial === undefined
    ? incidentData(incident, view)
    : { incident: view.references.incident(incident), ...partial };
}

/** What is told of a change that is not about the incident as a whole. */
function partOf(change: Change, references: References): object | undefined {
  switch (change.type) {
    case 'annotated':
      return { id: change.noteId, ...trimmed('content', change.content), type: 'incident_note' };
    case 'responder.added': {
      const { to, message } = change;
      return { user: references.user(to), message, state: 'pending', type: 'incident_responder' };
    }
    case 'status_update_published': {
      const { updateId: id, message } = change;
      return { id, ...trimmed('message', message), type: 'incident_status_update' };
    }
    case 'acknowledged':
    case 'unacknowledged':
    case 'resolved':
    case 'reopened':
    case 'reassigned':
    case 'delegated':
    case 'escalated':
    case 'priority_updated':
    case 'edited':
      return undefined;
  }
}

const trimmed = (name: string, text: string): object => ({
  [name]: text.slice(0, MAX_NOTE_LENGTH),
  trimmed: text.length > MAX_NOTE_LENGTH,
});

/** An incident in a webhook; REST shows it differently. */
function incidentData(incident: SandboxIncident, { references, incidentKey }: WebhookView): object {
  const { self, html_url: htmlUrl } = references.incident(incident);
  return {
    id: incident.id,
    type: 'incident',
    self,
    html_url: htmlUrl,
    number: incident.number,
    status: incident.status,
    incident_key: shownKey(incident, incidentKey),
    created_at: isoSeconds(incident.createdAtMs),
    reopened_at: isoSeconds(incident.reopenedAtMs),
    title: incident.title,
    incident_type: { name: 'incident_default' },
    service: references.service(incident.service),
    assignees: references.assignees(incident),
    escalation_policy: references.policy(incident.policy),
    teams: [],
    priority: incident.priority === null ? null : references.priority(incident.priority),
    urgency: incident.urgency,
    conference_bridge: null,
    resolve_reason: null,
  };
}

import type { Unreadable } from '../domain/alert/alert.ts';
import type {
  PagerDutyAgent,
  PagerDutyEvent,
  PagerDutyIncident,
  PagerDutyReference,
} from '../domain/incident/pagerduty-event.ts';
import type { JsonObject } from '../domain/shared/json.ts';
import { ok, type Result } from '../domain/shared/result.ts';
import { cutIdentity, cutText, showJson } from './cut.ts';
import { firstText, isRecord, listOf, member, recordOf, textOf } from './fields.ts';
import { parseInstant } from './instant.ts';
import { readJsonObject, unreadable } from './json-body.ts';
import { intakeLimits, type IntakeLimits } from './limits.ts';
import { webLink } from './web-link.ts';

/**
 * Reads one event of a v3 webhook. Types that nobody here acts on, and types that PagerDuty adds
 * later, come out as `other`. Names, titles and notes are cut to the intake's limits. Fails only
 * when the body is no JSON object or lacks the event's id, type or time: without them it can be
 * neither applied once nor ordered. Never throws. Verify the signature before calling this.
 */
export function decodePagerDutyEvent(
  body: Uint8Array | string,
  limits: IntakeLimits = intakeLimits,
): Result<PagerDutyEvent, Unreadable> {
  const read = readJsonObject(body, { limits, listName: null });
  if (!read.ok) return read;
  const event = recordOf(read.value.value, 'event');
  const eventId = textOf(event, 'id');
  const eventType = textOf(event, 'event_type');
  const occurredAtMs = parseInstant(textOf(event, 'occurred_at'));
  if (eventId === '') return unreadable(lacks('id'));
  if (eventType === '') return unreadable(lacks('event_type'));
  if (occurredAtMs === null) {
    const came = showJson(member(event, 'occurred_at'));
    return unreadable(`\`event.occurred_at\` is ${came}; an RFC 3339 time is expected.`);
  }
  const data = recordOf(event, 'data');
  return ok({
    eventId: cutIdentity(eventId, limits.identityCodePoints),
    occurredAtMs,
    agent: readAgent(event, limits),
    pdIncident: readIncident(data, limits),
    ...readKind(eventType, data, limits),
  });
}

const lacks = (name: string): string =>
  `The body has no \`event.${name}\`; a PagerDuty v3 webhook event is expected.`;

/** What each kind of event holds beside the fields of all. */
type KindFields<Event = PagerDutyEvent> = Event extends PagerDutyEvent
  ? Omit<Event, 'eventId' | 'occurredAtMs' | 'agent' | 'pdIncident'>
  : never;

function readKind(eventType: string, data: JsonObject, limits: IntakeLimits): KindFields {
  switch (eventType) {
    case 'incident.triggered':
      return { kind: 'triggered' };
    case 'incident.acknowledged':
      return { kind: 'acknowledged' };
    case 'incident.unacknowledged':
      return { kind: 'unacknowledged' };
    case 'incident.resolved':
      return { kind: 'resolved', mergedInto: readMerge(data, limits) };
    case 'incident.reopened':
      return { kind: 'reopened' };
    case 'incident.reassigned':
      return { kind: 'reassigned' };
    case 'incident.delegated':
      return { kind: 'delegated' };
    case 'incident.escalated':
      return { kind: 'escalated' };
    case 'incident.annotated':
      return readNote(data, limits);
    case 'incident.priority_updated':
      return { kind: 'priority_updated' };
    case 'incident.responder.added':
      return readResponder(data, limits);
    case 'incident.status_update_published':
      return { kind: 'status_update', message: longText(data, 'message', limits) };
    case 'pagey.ping':
      return { kind: 'ping', message: shown(textOf(data, 'message'), limits) };
    default:
      // Event types are an open set: PagerDuty adds them without notice.
      return { kind: 'other', eventType: shown(eventType, limits) };
  }
}

const shown = (text: string, limits: IntakeLimits): string =>
  cutText(text, limits.labelValueCodePoints);

function readNote(data: JsonObject, limits: IntakeLimits): KindFields {
  const content = textOf(data, 'content');
  const note = cutText(content, limits.annotationValueCodePoints);
  const trimmed = member(data, 'trimmed') === true || note !== content;
  return { kind: 'annotated', noteId: shown(textOf(data, 'id'), limits), note, trimmed };
}

const longText = (data: JsonObject, name: string, limits: IntakeLimits): string =>
  cutText(textOf(data, name), limits.annotationValueCodePoints);

function readResponder(data: JsonObject, limits: IntakeLimits): KindFields {
  const { name } = readReference(recordOf(data, 'user'), limits) ?? { name: '' };
  return {
    kind: 'responder_added',
    responder: name,
    message: longText(data, 'message', limits),
  };
}

/** `resolve_reason` says when an incident closed only because it was merged into another. */
function readMerge(data: JsonObject, limits: IntakeLimits): PagerDutyReference | null {
  const reason = recordOf(data, 'resolve_reason');
  if (textOf(reason, 'type') !== 'merge_resolve_reason') return null;
  return readReference(recordOf(reason, 'incident'), limits) ?? { id: '', name: '' };
}

function readAgent(event: JsonObject, limits: IntakeLimits): PagerDutyAgent | null {
  const agent = recordOf(event, 'agent');
  const reference = readReference(agent, limits);
  return reference === null ? null : { ...reference, type: shown(textOf(agent, 'type'), limits) };
}

function readReference(record: JsonObject, limits: IntakeLimits): PagerDutyReference | null {
  const id = textOf(record, 'id');
  if (id === '') return null;
  const name = firstText(textOf(record, 'summary'), textOf(record, 'name'), id);
  return { id: shown(id, limits), name: shown(name, limits) };
}

/** Only data of type `incident` is the incident; all other kinds of data hold a reference. */
function incidentIn(data: JsonObject): JsonObject {
  if (textOf(data, 'type') === 'incident') return data;
  const referred = member(data, 'incident');
  if (isRecord(referred)) return referred;
  const [assignment] = listOf(data, 'incident_role_assignments').filter(isRecord);
  return assignment === undefined ? {} : recordOf(assignment, 'incident');
}

function readIncident(data: JsonObject, limits: IntakeLimits): PagerDutyIncident | null {
  const incident = incidentIn(data);
  const id = textOf(incident, 'id');
  if (id === '') return null;
  const incidentKey = textOf(incident, 'incident_key');
  return {
    id: shown(id, limits),
    incidentKey: incidentKey === '' ? null : shown(incidentKey, limits),
    status: oneOf(textOf(incident, 'status'), ['triggered', 'acknowledged', 'resolved']),
    title: shown(firstText(textOf(incident, 'title'), textOf(incident, 'summary')), limits),
    service: readReference(recordOf(incident, 'service'), limits),
    assignees: listOf(incident, 'assignees')
      .filter(isRecord)
      .map((assignee) => readReference(assignee, limits))
      .filter((reference) => reference !== null),
    priority: readReference(recordOf(incident, 'priority'), limits),
    urgency: oneOf(textOf(incident, 'urgency'), ['high', 'low']),
    htmlUrl: webLink(textOf(incident, 'html_url'), limits.linkCodePoints) ?? null,
  };
}

const oneOf = <Word extends string>(text: string, words: readonly Word[]): Word | null =>
  words.find((word) => word === text) ?? null;

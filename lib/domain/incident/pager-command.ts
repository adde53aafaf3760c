import type { PersonPolicy } from '../policy/policy.ts';
import type { IncidentCommand, LinkPager } from './command.ts';
import { textBounds } from './coordination.ts';
import type { PagerDutyEvent, PagerDutyIncident, PagerDutyReference } from './pagerduty-event.ts';
import { pagerdutyItself, type Principal } from './principal.ts';

/** Who acted in PagerDuty, under the policy's name for the person when it knows the id. */
export function pagerPrincipal(event: PagerDutyEvent, people: readonly PersonPolicy[]): Principal {
  const { agent } = event;
  if (agent === null) {
    return { kind: 'person', via: 'pagerduty', id: pagerdutyItself, name: 'PagerDuty' };
  }
  const person = people.find(({ pagerdutyUserId }) => pagerdutyUserId === agent.id);
  return {
    kind: 'person',
    via: 'pagerduty',
    id: person?.id ?? agent.id,
    name: person?.name ?? agent.name,
  };
}

/** What an event of PagerDuty asks of an incident. What has no effect here is told. */
export function pagerCommand(
  event: PagerDutyEvent,
  people: readonly PersonPolicy[],
): IncidentCommand {
  const by = pagerPrincipal(event, people);
  const { occurredAtMs } = event;
  switch (event.kind) {
    case 'acknowledged':
      return { kind: 'acknowledge', by, occurredAtMs };
    case 'unacknowledged':
      return { kind: 'unacknowledge', by, reason: describePagerEvent(event), occurredAtMs };
    case 'resolved':
      return {
        kind: 'resolve',
        cause: 'person',
        by,
        note: describePagerEvent(event),
        occurredAtMs,
      };
    case 'reopened':
      return { kind: 'reopen', by, reason: describePagerEvent(event), occurredAtMs };
    case 'reassigned':
    case 'delegated':
    case 'escalated':
    case 'priority_updated':
    case 'responder_added':
    case 'status_update':
    case 'ping':
      return activity(event, event.kind, by);
    case 'annotated':
      return noteCommand(event, by);
    case 'triggered':
      return event.pdIncident === null
        ? activity(event, event.kind, by)
        : linkCommand(event.pdIncident);
    case 'other':
      return activity(event, event.eventType, by);
  }
}

const activity = (event: PagerDutyEvent, name: string, by: Principal): IncidentCommand => ({
  kind: 'record-activity',
  activity: name,
  by,
  occurredAtMs: event.occurredAtMs,
  text: describePagerEvent(event),
});

/** What people write there belongs into the log as what they write here. */
function noteCommand(event: PagerDutyEvent, by: Principal): IncidentCommand {
  const text = describePagerEvent(event);
  const isBounded = text.trim() !== '' && text.length <= textBounds.maxTextLength;
  return isBounded
    ? { kind: 'add-note', by, text, occurredAtMs: event.occurredAtMs }
    : activity(event, event.kind, by);
}

/** Our own page has become an incident there. */
export const linkCommand = ({ id, htmlUrl }: PagerDutyIncident): LinkPager => ({
  kind: 'link-pager',
  pagerIncidentId: id,
  url: htmlUrl ?? '',
});

/** The event in a few words, for the timeline. */
export function describePagerEvent(event: PagerDutyEvent): string {
  switch (event.kind) {
    case 'acknowledged':
      return 'acknowledged in PagerDuty';
    case 'unacknowledged':
      return 'the acknowledgement was taken back in PagerDuty';
    case 'resolved':
      return describeEnd(event.mergedInto);
    case 'reopened':
      return 'reopened in PagerDuty';
    case 'reassigned':
    case 'delegated':
    case 'escalated':
      return `${event.kind} to ${assignees(event)}`;
    case 'annotated':
      return event.trimmed ? `${event.note} …` : event.note;
    case 'priority_updated':
      return `priority is now ${event.pdIncident?.priority?.name ?? 'none'}`;
    case 'responder_added':
      return `${nameOr(event.responder, 'somebody')} was asked to help: ${event.message}`;
    case 'status_update':
      return `status update: ${event.message}`;
    case 'triggered':
      return 'triggered in PagerDuty';
    case 'ping':
      return event.message;
    case 'other':
      return event.eventType;
  }
}

const describeEnd = (mergedInto: PagerDutyReference | null): string =>
  mergedInto === null
    ? 'resolved in PagerDuty'
    : `merged in PagerDuty into ${nameOr(mergedInto.name, 'another incident')}`;

const nameOr = (name: string, otherwise: string): string => (name === '' ? otherwise : name);

const assignees = ({ pdIncident }: PagerDutyEvent): string =>
  pdIncident?.assignees.map(({ name }) => name).join(', ') || 'nobody';

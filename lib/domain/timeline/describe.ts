import type { AlertsAttached, PagerActivity, Reason } from '../incident/event.ts';
import type { ClockName, SlaClockStarted } from '../incident/sla-event.ts';
import type { PageAction, PageChannel } from '../incident/page-event.ts';
import { describePrincipal } from '../incident/principal.ts';
import { describeSpan, toIso } from '../shared/time.ts';
import { actionDescribers } from './describe-actions.ts';
import { coordinationDescribers } from './describe-coordination.ts';
import { said, type Describers } from './description.ts';

const because = ({ rule, text }: Reason): string => `${text} (rule ${rule})`;

const clockNames: Readonly<Record<ClockName, string>> = {
  response: 'Response clock',
  resolution: 'Resolution clock',
};

const channelNames: Readonly<Record<PageChannel, string>> = {
  pagerduty: 'PagerDuty',
  fallback: 'The second channel',
  rest: 'PagerDuty',
};

const inSentence: Readonly<Record<PageChannel, string>> = {
  ...channelNames,
  fallback: 'the second channel',
};

const article: Readonly<Record<PageAction, string>> = {
  trigger: 'a',
  acknowledge: 'an',
  resolve: 'a',
  note: 'a',
  'status-update': 'a',
  responders: 'a',
  priority: 'a',
  urgency: 'a',
  escalate: 'an',
  retrigger: 'a',
};

const asked: Readonly<Record<PageAction, string>> = {
  trigger: 'page',
  acknowledge: 'acknowledgement',
  resolve: 'resolve',
  note: 'note',
  'status-update': 'status update',
  responders: 'request for one more responder',
  priority: 'priority',
  urgency: 'higher urgency',
  escalate: 'escalation',
  retrigger: 'call to page anew',
};

/** What each event says to a person. */
export const describers: Describers = {
  'incident.opened': (event) =>
    said(`Opened as ${event.severity}: ${event.title}`, because(event.severityReason)),
  'alerts.attached': (event) => said(attached(event)),
  'severity.changed': (event) =>
    said(
      `Severity changed from ${event.from} to ${event.to} by ${describePrincipal(event.by)}`,
      because(event.reason),
    ),
  'incident.acknowledged': (event) => said(`Acknowledged by ${describePrincipal(event.by)}`),
  'incident.unacknowledged': (event) =>
    said(`Acknowledgement taken back by ${describePrincipal(event.by)}`, event.reason),
  'incident.settling': (event) =>
    said(`No alert fires any more; resolves at ${toIso(event.untilMs)} unless one does`),
  'incident.unsettled': () => said('An alert fires again; the incident goes on'),
  'incident.resolved': (event) =>
    said(`Resolved by ${describePrincipal(event.by)}`, event.note === '' ? null : event.note),
  'incident.reopened': (event) => said(`Reopened by ${describePrincipal(event.by)}`, event.reason),
  'sla.clock_started': (event) => said(clockStarted(event), event.reason),
  'sla.stage_reached': (event) =>
    said(`${clockNames[event.clock]} reached ${event.pct} % at ${toIso(event.dueAtMs)}`),
  'sla.breached': (event) =>
    said(
      `${clockNames[event.clock]} breached: the ${event.severity} deadline was ` +
        toIso(event.deadlineAtMs),
    ),
  'sla.breach_withdrawn': (event) =>
    said(
      `${clockNames[event.clock]} breach withdrawn: it had stopped at ${toIso(event.stoppedAtMs)}, ` +
        `before its deadline of ${toIso(event.deadlineAtMs)}`,
      `word of what ${describePrincipal(event.by)} did came late`,
    ),
  'sla.met': (event) =>
    said(
      `${clockNames[event.clock]} ${event.late ? 'ended late' : 'met'} after ` +
        describeSpan(event.elapsedMs),
    ),
  'sla.stopped': (event) => said(`${clockNames[event.clock]} stopped`, event.reason),
  'page.requested': (event) =>
    said(
      `${channelNames[event.channel]} is to get ${article[event.action]} ${asked[event.action]}`,
      event.text,
    ),
  'page.accepted': (event) =>
    said(
      `${channelNames[event.channel]} accepted the ${asked[event.action]}${tries(event.attempt)}`,
    ),
  'page.attempt_failed': (event) =>
    said(
      `${channelNames[event.channel]} did not take attempt ${event.attempt}; ` +
        `next at ${toIso(event.retryAtMs)}`,
      event.failure,
    ),
  'page.held': (event) => said('The page waits to be part of one summary', event.reason),
  'page.superseded': (event) =>
    said(`The ${asked[event.action]} for ${inSentence[event.channel]} was not sent`, event.reason),
  'page.dead_lettered': (event) =>
    said(
      `${channelNames[event.channel]} never took the ${asked[event.action]}; ` +
        `given up after attempt ${event.attempt}`,
      event.failure,
    ),
  'pager.linked': (event) => said(`Carried in PagerDuty by incident ${event.pagerIncidentId}`),
  'pager.activity': (event) =>
    said(`In PagerDuty, ${describePrincipal(event.by)}: ${event.activity}`, noEcho(event)),
  ...coordinationDescribers,
  ...actionDescribers,
};

const tries = (attempt: number): string => (attempt === 1 ? '' : ` on attempt ${attempt}`);

const clockStarted = ({ clock, version, severity, deadlineAtMs }: SlaClockStarted): string =>
  `${clockNames[clock]} (version ${version}) now ends at ${toIso(deadlineAtMs)} for ${severity}`;

/** What only repeats the name of the activity says nothing. */
const noEcho = ({ activity, text }: PagerActivity): string | null =>
  text === activity ? null : text;

const shownNames = 3;

function attached({
  alerts,
  alertsNotListed,
  totals,
  sourceId,
  truncatedAlerts,
}: AlertsAttached): string {
  const names = [...new Set(alerts.map(({ name, status }) => `${name} ${status}`))];
  const more = names.length > shownNames ? ` and ${names.length - shownNames} more` : '';
  const count = alerts.length + alertsNotListed;
  const cut = truncatedAlerts > 0 ? `; ${truncatedAlerts} more were left out` : '';
  const what =
    count === 0
      ? `Nothing new from ${sourceId}`
      : `${count} ${count === 1 ? 'alert' : 'alerts'} from ${sourceId}: ` +
        `${names.slice(0, shownNames).join(', ')}${more}`;
  return `${what}; ${totals.firing} of ${totals.episodes} now firing${cut}`;
}

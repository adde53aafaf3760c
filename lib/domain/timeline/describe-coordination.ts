import type { CoordinationEvent } from '../incident/coordination-event.ts';
import { roleTitles } from '../incident/decide-roles.ts';
import { updateText } from '../incident/decide-coordination.ts';
import { describePrincipal, type Principal } from '../incident/principal.ts';
import { describeSpan, toIso } from '../shared/time.ts';
import { said, type Describers } from './description.ts';

/** What the work of people, and what they are reminded of, says to a person. */
export const coordinationDescribers: Pick<Describers, CoordinationEvent['type']> = {
  'progress.changed': ({ to, by, text }) =>
    said(`Status set to ${to} by ${describePrincipal(by)}`, orNull(text)),
  'role.assigned': ({ role, person, by }) =>
    said(`${person.name} is now ${roleTitles[role]}${assignedBy(by, person.id)}`),
  'role.released': ({ role, person, by }) =>
    said(`${person.name} is no longer ${roleTitles[role]}${assignedBy(by, person.id)}`),
  'note.added': ({ by, text, occurredAtMs }) => {
    const when = occurredAtMs === undefined ? '' : ` of ${toIso(occurredAtMs)}`;
    return said(`Note${when} by ${describePrincipal(by)}: ${text}`);
  },
  'update.published': ({ by, ...update }) =>
    said(`Update by ${describePrincipal(by)}. ${updateText(update).replaceAll('\n', '. ')}`),
  'update.due': ({ dueAtMs }) => said(`An update for stakeholders was due at ${toIso(dueAtMs)}`),
  'link.added': ({ title, url, by }) =>
    said(`Link added by ${describePrincipal(by)}: ${title === url ? url : `${title} ${url}`}`),
  'responder.requested': ({ person, by, message }) =>
    said(`${describePrincipal(by)} asked for ${person.name} to be paged`, orNull(message)),
  'escalation.requested': ({ by, reason }) =>
    said(`${describePrincipal(by)} asked for the next level to be paged`, orNull(reason)),
  'acknowledgement.idle': ({ sinceMs, afterMs, severity }) =>
    said(
      `The acknowledgement went idle: nobody has acted since ${toIso(sinceMs)}`,
      `a ${severity} is paged again after ${describeSpan(afterMs)}`,
    ),
  'postmortem.due': ({ dueAtMs }) => said(`The post-mortem was due at ${toIso(dueAtMs)}`),
  'postmortem.completed': ({ by, url }) =>
    said(`Post-mortem done by ${describePrincipal(by)}${url === null ? '' : `: ${url}`}`),
  'incident.closed': ({ reason }) => said('Closed', reason),
};

const orNull = (text: string): string | null => (text.trim() === '' ? null : text);

/** Nothing where people speak for themselves. */
const assignedBy = (by: Principal, personId: string): string =>
  by.kind === 'person' && by.id === personId ? '' : `, by ${describePrincipal(by)}`;

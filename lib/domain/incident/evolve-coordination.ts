import { nextReminder } from './duty-instants.ts';
import type { RoleHolder } from './coordination.ts';
import type { CoordinationEvent } from './coordination-event.ts';
import type { Evolvers } from './evolvers.ts';
import { triggered } from './facts-of.ts';

/** How the work of people, and what they are reminded of, change an incident. */
export const coordinationEvolvers: Pick<Evolvers, CoordinationEvent['type']> = {
  'progress.changed': (incident, event) => ({ ...incident, progress: event.to }),
  'role.assigned': (incident, { role, person }) => ({
    ...incident,
    roles: [...incident.roles, { role, person }],
  }),
  'role.released': (incident, released) => ({
    ...incident,
    roles: incident.roles.filter((holder) => !isSame(holder, released)),
  }),
  'note.added': (incident) => incident,
  'update.published': (incident, { type: _type, ...update }, atMs) => ({
    ...incident,
    latestUpdate: { ...update, atMs },
    updateDueAtMs: update.nextDueAtMs,
  }),
  'update.due': (incident, { dueAtMs }, atMs) => ({
    ...incident,
    updateDueAtMs: nextReminder(incident, dueAtMs, atMs),
  }),
  'link.added': (incident, { title, url }) => ({
    ...incident,
    addedLinks: [...incident.addedLinks, { title, url }],
  }),
  'responder.requested': (incident) => incident,
  'escalation.requested': (incident) => incident,
  // Somebody is to be woken again, by whatever channel it takes.
  'acknowledgement.idle': (incident) => ({ ...triggered(incident), fallbackAskedAtMs: null }),
  'postmortem.due': (incident) => ({ ...incident, isPostmortemReminded: true }),
  'postmortem.completed': (incident, { by, url }, atMs) => ({
    ...incident,
    postmortem: { by, url, atMs },
  }),
  'incident.closed': (incident, _event, atMs) => ({ ...incident, closedAtMs: atMs }),
};

/** Whether the same person holds the same role. */
export const isSame = (a: RoleHolder, b: RoleHolder): boolean =>
  a.role === b.role && a.person.id === b.person.id;

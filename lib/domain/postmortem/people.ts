import type { Commit, IncidentEvent } from '../incident/event.ts';
import type { Principal } from '../incident/principal.ts';

/** What one person did, in the order in which it was first done. */
export interface PersonRecord {
  readonly id: string;
  readonly name: string;
  readonly did: readonly string[];
}

/** Who did what. Sources and Tocsin itself are no people. */
export function peopleOf(commits: readonly Commit[]): readonly PersonRecord[] {
  const people = new Map<string, PersonRecord>();
  for (const event of commits.flatMap(({ events }) => events)) {
    const deed = deedOf(event);
    if (deed?.by.kind !== 'person') continue;
    const { id, name, via } = deed.by;
    const known = people.get(id) ?? { id, name, did: [] };
    const did = `${deed.what} (${via})`;
    people.set(id, known.did.includes(did) ? known : { ...known, did: [...known.did, did] });
  }
  return [...people.values()];
}

function deedOf(event: IncidentEvent): { readonly by: Principal; readonly what: string } | null {
  if (event.type === 'action.requested') {
    return event.origin.kind === 'person'
      ? { by: event.origin.by, what: 'asked for an action' }
      : null;
  }
  // The withdrawal follows from the answer, which is told.
  if (!('by' in event) || event.type === 'sla.breach_withdrawn') return null;
  const what = 'activity' in event ? event.activity : (deeds[event.type] ?? event.type);
  return { by: event.by, what };
}

const deeds: Readonly<Partial<Record<IncidentEvent['type'], string>>> = {
  'incident.acknowledged': 'acknowledged',
  'incident.unacknowledged': 'took the acknowledgement back',
  'incident.resolved': 'resolved',
  'incident.reopened': 'reopened',
  'severity.changed': 'changed the severity',
  'note.added': 'added a note',
  'progress.changed': 'set the status',
  'role.assigned': 'assigned a role',
  'role.released': 'released a role',
  'update.published': 'told stakeholders',
  'link.added': 'added a link',
  'responder.requested': 'asked for one more person',
  'escalation.requested': 'escalated',
  'postmortem.completed': 'completed the post-mortem',
  'action.approved': 'approved an action',
  'action.ended': 'stopped an action',
  'checklist.ticked': 'worked through a checklist',
};

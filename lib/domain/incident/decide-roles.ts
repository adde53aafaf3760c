import type { Refusal } from './command.ts';
import { textBounds, type RoleName } from './coordination.ts';
import type { AssignRole, ReleaseRole } from './coordination-command.ts';
import type { Decision } from './decision.ts';
import { isSame } from './evolve-coordination.ts';
import { already, notAllowed } from './refuse.ts';

/** The roles in words. */
export const roleTitles: Readonly<Record<RoleName, string>> = {
  commander: 'incident commander',
  communications: 'communications lead',
  scribe: 'scribe',
  expert: 'subject expert',
};

/** Gives a role, in every state; one that only one person can have is first taken back. */
export function assignRole(decision: Decision, { role, person, by }: AssignRole): Refusal | null {
  const holders = decision.incident.roles.filter((holder) => holder.role === role);
  if (holders.some((holder) => isSame(holder, { role, person }))) {
    return already(`${person.name} is already ${roleTitles[role]}.`);
  }
  const { maxExperts } = textBounds;
  if (role === 'expert' && holders.length >= maxExperts) {
    return notAllowed(`The incident has ${maxExperts} experts; release one first.`);
  }
  for (const former of role === 'expert' ? [] : holders) {
    decision.record({ type: 'role.released', role, person: former.person, by });
  }
  decision.record({ type: 'role.assigned', role, person, by });
  return null;
}

/** Takes a role back. */
export function releaseRole(decision: Decision, { role, person, by }: ReleaseRole): Refusal | null {
  const holders = decision.incident.roles.filter((holder) => holder.role === role);
  const held = holders.find((holder) => isSame(holder, { role, person }));
  if (held === undefined) {
    const who = holders.map((holder) => holder.person.name).join(', ') || 'nobody';
    return notAllowed(`${person.name} is not ${roleTitles[role]}; ${who} is.`);
  }
  decision.record({ type: 'role.released', role, person: held.person, by });
  return null;
}

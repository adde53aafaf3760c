import type { PersonRef, RoleName } from '../../domain/incident/coordination.ts';
import { err, ok, type Result } from '../../domain/shared/result.ts';
import { refused } from './answers.ts';
import { carryOut } from './carry-out.ts';
import { findPerson } from './find-person.ts';
import { readRole, roleWords } from './roles.ts';
import type { IncidentCall, IncidentVerb } from './verb.ts';
import { firstWord, quoted } from './words.ts';

/** Gives a role back. */
export const release: IncidentVerb = {
  name: 'release',
  aliases: ['unassign'],
  usage: '<role> [@person]',
  summary: 'Who no longer does it',
  right: 'respond',
  subject: 'incident',
  among: 'open',
  isProse: false,
  heedsStamp: false,
  run: async (call) => {
    const { incident, by } = call;
    const { word, rest } = firstWord(call.args);
    const role = readRole(word);
    if (role === null) {
      const said = word === '' ? 'Say which role' : `${quoted(word)} is no role`;
      return refused(`${said}: ${roleWords}.`);
    }
    const person = whoseRole(call, role, rest);
    if (!person.ok) return refused(person.error);
    return carryOut(
      call,
      { kind: 'release-role', role, person: person.value, by },
      () => `${person.value.name} is no longer ${role} of ${incident.id}.`,
    );
  },
};

/** Who is named; without a name the one who holds the role. */
function whoseRole(call: IncidentCall, role: RoleName, named: string): Result<PersonRef, string> {
  const { tenant, incident, person: self } = call;
  if (named !== '') {
    const person = findPerson(named, { people: tenant.people, self });
    return person.ok ? ok({ id: person.value.id, name: person.value.name }) : person;
  }
  const holders = incident.roles.filter((held) => held.role === role);
  const [holder, ...others] = holders;
  if (holder === undefined) return err(`Nobody is ${role} of ${incident.id}.`);
  if (others.length === 0) return ok(holder.person);
  const names = holders.map(({ person }) => person.name).join(', ');
  return err(`Several are ${role}: ${names}. Say whose role ends.`);
}

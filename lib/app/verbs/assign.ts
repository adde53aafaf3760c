import type { RoleName } from '../../domain/incident/coordination.ts';
import type { PersonPolicy } from '../../domain/policy/policy.ts';
import type { Form } from '../../domain/verbs/form.ts';
import type { VerbReply } from '../../domain/verbs/reply.ts';
import { refused } from './answers.ts';
import { carryOut } from './carry-out.ts';
import { findPerson } from './find-person.ts';
import { peopleChoices } from './people-choices.ts';
import { readRole, roleChoices, roleWords } from './roles.ts';
import type { Fields, IncidentCall, IncidentVerb } from './verb.ts';
import { firstWord, quoted } from './words.ts';

/** Who does what. */
export const assign: IncidentVerb = {
  name: 'assign',
  aliases: ['role'],
  usage: 'commander|communications|scribe|expert @person|me',
  summary: 'Who does what',
  right: 'respond',
  subject: 'incident',
  among: 'open',
  isProse: false,
  heedsStamp: false,
  run: async (call) => {
    const { tenant, person: self } = call;
    if (call.args === '') return { kind: 'form', form: roleForm(call) };
    const { word, rest } = firstWord(call.args);
    const role = readRole(word);
    if (role === null) return refused(`${quoted(word)} is no role: it is ${roleWords}.`);
    if (rest === '')
      return refused(`Say who: \`assign ${role} me\`, or \`assign ${role} @person\`.`);
    const person = findPerson(rest, { people: tenant.people, self });
    return person.ok ? give(call, role, person.value) : refused(person.error);
  },
  form: { name: 'role', submit },
};

const roleForm = ({ incident, tenant, person }: IncidentCall): Form => ({
  name: 'role',
  incident,
  values: { person: person.id },
  choices: { role: roleChoices, person: peopleChoices(tenant.people, person) },
  occurredAtMs: null,
});

async function submit(call: IncidentCall, fields: Fields): Promise<VerbReply> {
  const { tenant, person: self } = call;
  const role = readRole(fields['role'] ?? '');
  if (role === null) return { kind: 'invalid', errors: { role: `Choose ${roleWords}.` } };
  const person = findPerson(fields['person'] ?? '', { people: tenant.people, self });
  return person.ok
    ? give(call, role, person.value)
    : { kind: 'invalid', errors: { person: person.error } };
}

function give(call: IncidentCall, role: RoleName, { id, name }: PersonPolicy): Promise<VerbReply> {
  const { by, incident } = call;
  return carryOut(
    call,
    { kind: 'assign-role', role, person: { id, name }, by },
    () => `${name} is ${role} of ${incident.id}.`,
  );
}

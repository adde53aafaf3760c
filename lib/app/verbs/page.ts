import type { PersonPolicy } from '../../domain/policy/policy.ts';
import type { VerbReply } from '../../domain/verbs/reply.ts';
import { nameOf, refused } from './answers.ts';
import { carryOut } from './carry-out.ts';
import { findPerson, proseOf } from './find-person.ts';
import { peopleChoices } from './people-choices.ts';
import type { Fields, IncidentCall, IncidentVerb } from './verb.ts';
import { firstWord } from './words.ts';

/** Calls one more person in, by PagerDuty. */
export const page: IncidentVerb = {
  name: 'page',
  aliases: ['call'],
  usage: '@person [message]',
  summary: 'Call one more person',
  right: 'respond',
  subject: 'incident',
  among: 'open',
  isProse: false,
  heedsStamp: false,
  run: async (call) => {
    const { tenant, person: self, incident } = call;
    if (call.args === '') return pageForm(call);
    const { word, rest } = firstWord(call.args);
    const person = findPerson(word, { people: tenant.people, self });
    if (!person.ok) return refused(person.error);
    const problem = unreachable(person.value, call);
    return problem === null ? ask(call, person.value, rest) : refused(problem, incident);
  },
  form: { name: 'page', submit },
};

const pageable = (people: readonly PersonPolicy[]): readonly PersonPolicy[] =>
  people.filter(({ pagerdutyUserId }) => pagerdutyUserId !== null);

function pageForm({ incident, tenant, person }: IncidentCall): VerbReply {
  const people = pageable(tenant.people);
  if (people.length === 0) {
    return refused(
      'The policy names nobody whom PagerDuty can call: `escalate` calls the next level.',
    );
  }
  const choices = { person: peopleChoices(people, person) };
  return {
    kind: 'form',
    form: { name: 'page', incident, values: {}, choices, occurredAtMs: null },
  };
}

/** Why somebody cannot be called, and who can; null when it is possible. */
function unreachable({ name, pagerdutyUserId }: PersonPolicy, { tenant }: IncidentCall) {
  if (pagerdutyUserId !== null) return null;
  const ids = pageable(tenant.people).map(({ id }) => id);
  const others = ids.length === 0 ? 'nobody else either' : ids.slice(0, 10).join(', ');
  return `The policy has no PagerDuty user for ${name}. It can call: ${others}.`;
}

async function submit(call: IncidentCall, fields: Fields): Promise<VerbReply> {
  const { tenant, person: self } = call;
  const person = findPerson(fields['person'] ?? '', { people: tenant.people, self });
  if (!person.ok) return { kind: 'invalid', errors: { person: person.error } };
  const problem = unreachable(person.value, call);
  return problem === null
    ? ask(call, person.value, fields['message'] ?? '')
    : { kind: 'invalid', errors: { person: problem } };
}

async function ask(
  call: IncidentCall,
  { id, name, pagerdutyUserId }: PersonPolicy,
  given: string,
): Promise<VerbReply> {
  const { by, tenant, incident } = call;
  if (pagerdutyUserId === null) return refused(`The policy has no PagerDuty user for ${name}.`);
  const message = proseOf(given, tenant.people) || `${by.name} asks you to help`;
  return carryOut(
    call,
    { kind: 'page-person', by, person: { id, name, pagerdutyUserId }, message },
    () => `PagerDuty is asked to call ${name} for ${nameOf(incident)}.`,
  );
}

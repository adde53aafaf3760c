import type { Incident } from '../../domain/incident/state.ts';
import type { Form } from '../../domain/verbs/form.ts';
import type { VerbReply } from '../../domain/verbs/reply.ts';
import { nameOf } from './answers.ts';
import { carryOut } from './carry-out.ts';
import { proseOf } from './find-person.ts';
import type { Fields, IncidentCall, IncidentVerb, VerbCall } from './verb.ts';

/** What is worth keeping in the timeline, in every state of the incident. */
export const note: IncidentVerb = {
  name: 'note',
  aliases: ['n', 'add'],
  usage: '<text>',
  summary: 'For the timeline',
  right: 'respond',
  subject: 'incident',
  among: 'open',
  isProse: true,
  heedsStamp: false,
  run: async (call) =>
    call.args === '' || call.message !== null ? noteForm(call) : keep(call, call.args),
  askWhich: noteForm,
  form: { name: 'note', submit },
};

/** A message that is to become a note can be put right first, and given to its incident. */
function noteForm(
  { incident, message, tenant }: VerbCall,
  candidates: readonly Incident[] = [],
): VerbReply {
  const form: Form = {
    name: 'note',
    incident,
    values: { text: proseOf(message?.text ?? '', tenant.people) },
    choices: { incident: candidates.map((one) => ({ value: one.id, label: nameOf(one) })) },
    occurredAtMs: message?.sentAtMs ?? null,
  };
  return { kind: 'form', form };
}

async function submit(call: IncidentCall, fields: Fields): Promise<VerbReply> {
  const text = (fields['text'] ?? '').trim();
  return text === ''
    ? { kind: 'invalid', errors: { text: 'A note says something.' } }
    : keep(call, text);
}

function keep(call: IncidentCall, given: string): Promise<VerbReply> {
  const { by, tenant, deps } = call;
  const text = proseOf(given, tenant.people);
  const occurredAtMs = call.occurredAtMs ?? deps.clock.now();
  return carryOut(
    call,
    { kind: 'add-note', by, text, occurredAtMs },
    ({ id }) => `Noted in the timeline of ${id}.`,
  );
}

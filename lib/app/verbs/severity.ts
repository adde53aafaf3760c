import type { Incident } from '../../domain/incident/state.ts';
import { severities, type Severity } from '../../domain/policy/policy.ts';
import type { VerbReply } from '../../domain/verbs/reply.ts';
import { nameOf, refused } from './answers.ts';
import { carryOut } from './carry-out.ts';
import { proseOf } from './find-person.ts';
import type { Fields, IncidentCall, IncidentVerb } from './verb.ts';
import { either, firstWord, quoted } from './words.ts';

/** How grave it is: up or down, with the reason. Both clocks follow. */
export const severity: IncidentVerb = {
  name: 'severity',
  aliases: ['sev'],
  usage: 'P0|P1|P2 [reason]',
  summary: 'Raise or lower it',
  right: 'respond',
  subject: 'incident',
  among: 'open',
  isProse: false,
  heedsStamp: true,
  run: async (call) => {
    if (call.args === '') return { kind: 'form', form: severityForm(call.incident) };
    const { word, rest } = firstWord(call.args);
    const to = readSeverity(word);
    if (to === null) return refused(`${quoted(word)} is no severity: it is ${either(severities)}.`);
    return change(call, to, rest);
  },
  form: { name: 'severity', submit },
};

/** `p1`, `P1` and `1` are all P1. */
export function readSeverity(text: string): Severity | null {
  const wanted = text.trim().toUpperCase();
  return severities.find((one) => one === wanted || one === `P${wanted}`) ?? null;
}

export const severityChoices = severities.map((value) => ({ value, label: value }));

const severityForm = (incident: Incident) => ({
  name: 'severity' as const,
  incident,
  values: { severity: incident.severity },
  choices: { severity: severityChoices },
  occurredAtMs: null,
});

async function submit(call: IncidentCall, fields: Fields): Promise<VerbReply> {
  const to = readSeverity(fields['severity'] ?? '');
  if (to === null) {
    return { kind: 'invalid', errors: { severity: `Choose ${either(severities)}.` } };
  }
  return change(call, to, fields['reason'] ?? '');
}

function change(call: IncidentCall, to: Severity, given: string): Promise<VerbReply> {
  const { by, tenant, incident } = call;
  const reason = proseOf(given, tenant.people) || `${by.name} judged it so`;
  return carryOut(
    call,
    { kind: 'change-severity', to, by, reason },
    (after) => `${nameOf(after)} was ${incident.severity}; its deadlines are new.`,
  );
}

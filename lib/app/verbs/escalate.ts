import { nameOf } from './answers.ts';
import { carryOut } from './carry-out.ts';
import { proseOf } from './find-person.ts';
import type { IncidentVerb } from './verb.ts';

/** Calls the next level of PagerDuty's escalation policy. */
export const escalate: IncidentVerb = {
  name: 'escalate',
  aliases: ['esc', 'e'],
  usage: '[reason]',
  summary: 'Call the next level',
  right: 'respond',
  subject: 'incident',
  among: 'open',
  isProse: false,
  heedsStamp: true,
  run: (call) => {
    const { by, args, tenant } = call;
    const reason = proseOf(args, tenant.people) || `${by.name} needs the next level`;
    return carryOut(
      call,
      { kind: 'escalate', by, reason },
      (incident) => `PagerDuty is asked to call the next level for ${nameOf(incident)}.`,
    );
  },
};

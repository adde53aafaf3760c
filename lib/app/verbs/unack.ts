import { nameOf } from './answers.ts';
import { carryOut } from './carry-out.ts';
import { proseOf } from './find-person.ts';
import type { IncidentVerb } from './verb.ts';

/** You cannot have it: somebody else is to answer, within a new response time. */
export const unack: IncidentVerb = {
  name: 'unack',
  aliases: ['ua', 'unacknowledge'],
  usage: '[reason]',
  summary: 'You give it back',
  right: 'respond',
  subject: 'incident',
  among: 'open',
  isProse: false,
  heedsStamp: true,
  run: (call) => {
    const { by, args, tenant, deps } = call;
    const reason = proseOf(args, tenant.people) || `${by.name} gave it back`;
    const occurredAtMs = deps.clock.now();
    return carryOut(
      call,
      { kind: 'unacknowledge', by, reason, occurredAtMs },
      (incident) => `You gave back ${nameOf(incident)}. Nobody has it now.`,
    );
  },
};

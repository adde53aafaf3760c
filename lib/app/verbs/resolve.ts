import { nameOf } from './answers.ts';
import { carryOut } from './carry-out.ts';
import { proseOf } from './find-person.ts';
import type { IncidentVerb } from './verb.ts';

/** It is over. */
export const resolve: IncidentVerb = {
  name: 'resolve',
  aliases: ['r', 'fixed', 'close'],
  usage: '[note]',
  summary: 'It is over',
  right: 'respond',
  subject: 'incident',
  among: 'open',
  isProse: false,
  heedsStamp: true,
  run: (call) => {
    const { by, args, tenant, deps } = call;
    const note = proseOf(args, tenant.people);
    const occurredAtMs = deps.clock.now();
    return carryOut(
      call,
      { kind: 'resolve', cause: 'person', by, note, occurredAtMs },
      (incident) => {
        // No source will ever resolve what a person has declared.
        const firing = incident.sourceId === by.via ? 0 : incident.totals.firing;
        const still = firing === 0 ? '' : ` ${firing} of its alerts still fire at the source.`;
        return `Resolved ${nameOf(incident)}.${still}`;
      },
    );
  },
};

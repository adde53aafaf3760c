import { firingAtSource } from '../../domain/incident/declared.ts';
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
        const firing = firingAtSource(incident);
        const still = firing === 0 ? '' : ` ${firing} of its alerts still fire at the source.`;
        return `Resolved ${nameOf(incident)}.${still}`;
      },
    );
  },
};

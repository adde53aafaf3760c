import { nameOf } from './answers.ts';
import { carryOut } from './carry-out.ts';
import { proseOf } from './find-person.ts';
import type { IncidentVerb } from './verb.ts';

/** It is not over: the clocks go on, and somebody is paged again. */
export const reopen: IncidentVerb = {
  name: 'reopen',
  aliases: ['ro'],
  usage: '[reason]',
  summary: 'It is not over',
  right: 'respond',
  subject: 'incident',
  among: 'closed',
  isProse: false,
  heedsStamp: true,
  run: (call) => {
    const { by, args, tenant, deps } = call;
    const reason = proseOf(args, tenant.people) || `${by.name} found that it is not over`;
    const occurredAtMs = deps.clock.now();
    return carryOut(
      call,
      { kind: 'reopen', by, reason, occurredAtMs },
      (incident) => `Reopened ${nameOf(incident)}; its page is on the way.`,
    );
  },
};

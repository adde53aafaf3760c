import { deadlineOf } from '../../domain/sla/clock.ts';
import { between, describeSpan } from '../../domain/shared/time.ts';
import { nameOf } from './answers.ts';
import { carryOut } from './carry-out.ts';
import { proseOf } from './find-person.ts';
import type { IncidentCall, IncidentVerb } from './verb.ts';

/** You have it: the response clock is met, and PagerDuty stops calling. */
export const ack: IncidentVerb = {
  name: 'ack',
  aliases: ['a', 'acknowledge'],
  usage: '[note]',
  summary: 'You have it',
  right: 'respond',
  subject: 'incident',
  among: 'open',
  isProse: false,
  heedsStamp: true,
  run: acknowledge,
};

function acknowledge(call: IncidentCall) {
  const { by, args, tenant, deps } = call;
  const occurredAtMs = deps.clock.now();
  const note = proseOf(args, tenant.people);
  return carryOut(call, { kind: 'acknowledge', by, note, occurredAtMs }, (incident) => {
    const leftMs = between(occurredAtMs, deadlineOf(incident.resolution));
    const left = leftMs > 0 ? ` Time to resolve it: ${describeSpan(leftMs)}.` : '';
    return `You have ${nameOf(incident)}.${left}`;
  });
}

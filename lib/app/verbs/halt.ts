import { toIso } from '../../domain/shared/time.ts';
import type { VerbReply } from '../../domain/verbs/reply.ts';
import { haltActions, resumeActions } from '../actions/halt.ts';
import { failed, usedBefore } from './answers.ts';
import { proseOf } from './find-person.ts';
import type { GeneralVerb, VerbCall } from './verb.ts';

/** Stops every action. Whoever may respond may stop; to let them go on takes an approver. */
export const halt: GeneralVerb = {
  name: 'halt',
  aliases: ['stop'],
  usage: '[reason]',
  summary: 'Stop all actions, everywhere',
  right: 'respond',
  subject: 'none',
  run: (call) => throwSwitch(call, true),
};

/** Lets actions start again. */
export const unhalt: GeneralVerb = {
  name: 'unhalt',
  aliases: [],
  usage: '[reason]',
  summary: 'Let actions go on',
  right: 'approve',
  subject: 'none',
  run: (call) => throwSwitch(call, false),
};

/** The switch is no incident's: the request is used up first, so that no repeat throws it back. */
async function throwSwitch(call: VerbCall, isOn: boolean): Promise<VerbReply> {
  const { deps, tenant, by, args } = call;
  const used = await call.useUp();
  if (!used.ok) return failed(used.error);
  if (!used.value) return usedBefore;
  const request = { tenant: tenant.id, by, reason: proseOf(args, tenant.people) };
  const thrown = isOn ? await haltActions(deps, request) : await resumeActions(deps, request);
  if (!thrown.ok) return failed(thrown.error);
  const { by: who, reason, atMs } = thrown.value;
  const since =
    atMs === 0 ? '' : ` By ${who}, ${toIso(atMs)}${reason === '' ? '.' : `: ${reason}`}`;
  const text = isOn
    ? `All actions are halted: none starts, and no further step is sent. \`unhalt\` lets them go on.${since}`
    : `Actions may go on: those that waited and have not expired start by themselves.${since}`;
  return { kind: 'done', text, incident: null };
}

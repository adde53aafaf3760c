import { bold, text, type Phrase } from '../../domain/announce/phrase.ts';
import type { Action } from '../../domain/action/action.ts';
import { isSamePlan, shortHash } from '../../domain/action/action-id.ts';
import { whyMayNotApprove } from '../../domain/action/approvals.ts';
import { isStoppable } from '../../domain/action/decide-approval.ts';
import { planText, type PlanPart } from '../../domain/action/plan-text.ts';
import type { Choice } from '../../domain/verbs/form.ts';
import type { VerbReply } from '../../domain/verbs/reply.ts';
import { nameOfAction, standingOf, titleOf } from './action-answers.ts';
import { giveApproval, giveDenial } from './answer-action.ts';
import { failed, refused } from './answers.ts';
import { findAction } from './find-action.ts';
import type { Fields, GeneralVerb, VerbCall } from './verb.ts';
import { firstWord } from './words.ts';

/** A plan as it is hashed and carried out, to be read before it is answered. */
export const plan: GeneralVerb = {
  name: 'plan',
  aliases: ['pl'],
  usage: '[action]',
  summary: 'What an action would do, whole',
  right: 'read',
  subject: 'perhaps',
  run: async (call) => {
    const found = await findAction(call, {
      isWanted: () => true,
      none: 'No action is open. `actions` lists those that ended last.',
    });
    if (!found.ok) return failed(found.error);
    return found.value.kind === 'unclear'
      ? refused(found.value.text)
      : showPlan(call, found.value.action);
  },
  form: { name: 'plan', submit },
};

/** The plan with the choices that this person has; in lines where there are none. */
export async function showPlan(call: VerbCall, action: Action): Promise<VerbReply> {
  const { deps, tenant } = call;
  const loaded = await deps.store.loadIncident(tenant.id, action.incidentId);
  if (!loaded.ok) return failed(loaded.error);
  const incident = loaded.value;
  const answers = incident === null ? [] : answersOf(call, action);
  if (incident === null || answers.length === 0) return inLines(call, action);
  return {
    kind: 'form',
    form: {
      name: 'plan',
      incident,
      values: {},
      choices: { answer: answers },
      occurredAtMs: null,
      parts: [{ name: titleOf(action), lines: standing(call, action) }, ...headed(action)],
      args: `${action.id} ${action.planHash}`.trim(),
    },
  };
}

const partsOf = ({ plan: made, planHash }: Action): readonly PlanPart[] =>
  made === null ? [] : planText(made, planHash).parts;

/** A window shows plain text only: capitals tell the heads from what stands below them. */
const headed = (action: Action): readonly PlanPart[] =>
  partsOf(action).map(({ name, lines }) => ({ name: name.toUpperCase(), lines }));

/** How it stands, and why the reader may not approve it where that is so. */
function standing({ person, tenant }: VerbCall, action: Action): readonly string[] {
  const why =
    action.state === 'proposed' && person.roles.includes('approver')
      ? whyMayNotApprove(action, person, tenant)
      : null;
  const hash = action.planHash === '' ? [] : [`Plan ${shortHash(action.planHash)}, ${action.id}.`];
  return [...hash, standingOf(action), ...(why === null ? [] : [why])];
}

function inLines(call: VerbCall, action: Action): VerbReply {
  const said: readonly Phrase[] = standing(call, action).map((line) => [text(line)]);
  const parts = partsOf(action).flatMap(({ name, lines }): readonly Phrase[] => [
    [bold(name)],
    ...lines.map((line): Phrase => [text(line)]),
  ]);
  return { kind: 'lines', title: titleOf(action), lines: [...said, ...parts] };
}

const approveIt: Choice = { value: 'approve', label: 'Approve: it starts once enough have' };
const denyIt: Choice = { value: 'deny', label: 'Deny: that is the end of it' };

/** What this person can say to it now. All is decided anew when it is said. */
function answersOf({ person, tenant }: VerbCall, action: Action): readonly Choice[] {
  const mayAnswer = person.roles.some((role) => role !== 'observer');
  const mayApprove =
    action.state === 'proposed' &&
    !action.approvals.some(({ personId }) => personId === person.id) &&
    whyMayNotApprove(action, person, tenant) === null;
  return [
    ...(mayApprove ? [approveIt] : []),
    ...(mayAnswer && isStoppable(action) ? [denyIt] : []),
  ];
}

async function submit(call: VerbCall, fields: Fields): Promise<VerbReply> {
  const found = await findAction(call, { isWanted: () => false, none: '' });
  if (!found.ok) return failed(found.error);
  if (found.value.kind === 'unclear') return refused(found.value.text);
  const { action, rest } = found.value;
  const { word: planHash } = firstWord(rest);
  if (fields['answer'] === 'approve') return giveApproval(call, action, planHash);
  if (fields['answer'] !== 'deny') {
    return {
      kind: 'invalid',
      errors: { answer: `Say whether it may run: ${nameOfAction(action)}` },
    };
  }
  // Whoever denies what they have read denies no later plan.
  return planHash !== '' && !isSamePlan(action.planHash, planHash)
    ? refused(`The plan is ${shortHash(action.planHash)} by now: look at it again.`)
    : giveDenial(call, action, fields['reason'] ?? '');
}

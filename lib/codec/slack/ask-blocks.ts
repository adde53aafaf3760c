import type { Line } from '../../domain/announce/renderer.ts';
import { shortHash } from '../../domain/action/action-id.ts';
import { namesOf } from '../../domain/action/approvals.ts';
import { changeText } from '../../domain/action/plan-text.ts';
import type { Incident } from '../../domain/incident/state.ts';
import {
  confirmation,
  plainObject,
  type ActionsBlock,
  type ButtonElement,
  type MessageBlock,
} from './blocks.ts';
import { slackLimits } from './limits.ts';
import { fitted, instant, mention, shown, strong, words, type Piece } from './mrkdwn.ts';
import { packed } from './pack.ts';
import { buttonValue, ownId } from './target.ts';

type ApprovalPlan = Extract<NonNullable<Line['asks']>, { readonly kind: 'approval' }>['plan'];

/** Each line of a plan at most; what is longer is in the window with the whole plan. */
const longestLine = 700;
/** Changes and risks that stand in a message. */
const mostListed = 8;

/**
 * What a line asks people for, with its buttons, while the incident says that it is still to be
 * answered; null otherwise, and the line alone is told.
 */
export function askBlocks(
  { asks, phrase }: Line,
  incident: Incident,
): readonly MessageBlock[] | null {
  if (asks === undefined) return null;
  if (asks.kind === 'steps') return stepBlocks(incident, asks.runbookId);
  const { plan } = asks;
  const isOpen = incident.actions.some(
    ({ actionId, state, planHash }) =>
      actionId === plan.actionId && state === 'proposed' && planHash === plan.planHash,
  );
  if (!isOpen) return null;
  const mentioned = phrase.flatMap((span) => (span.kind === 'mention' ? [span.slackUserId] : []));
  const lines = planLines(plan, mentioned).map((pieces) => fitted(pieces, longestLine));
  return [...packed(lines).texts, approvalButtons(incident, plan)];
}

function planLines(
  plan: ApprovalPlan,
  mentioned: readonly string[],
): readonly (readonly Piece[])[] {
  const { title, planHash, basis, changes, risks, undo, mayApprove, expiresAtMs } = plan;
  const who = mayApprove.length === 0 ? '' : ` ${namesOf(mayApprove)} may`;
  return [
    [strong(title), words(` (plan ${shortHash(planHash)})`)],
    [words(basis)],
    ...listed('Change', changes.map(changeText)),
    ...listed('Risk', risks),
    [strong('Undo'), words(` ${undo}`)],
    [
      words(`⚖️ ${plan.approvalsReason}${who}`),
      ...(expiresAtMs === null ? [] : [words(', until '), instant(expiresAtMs)]),
      ...mentioned.flatMap((userId) => [words(' '), mention(userId)]),
    ],
  ];
}

function listed(name: string, texts: readonly string[]): readonly (readonly Piece[])[] {
  const left = texts.length - mostListed;
  return [
    ...texts.slice(0, mostListed).map((text) => [strong(name), words(` ${text}`)]),
    ...(left > 0 ? [[words(`and ${left} more: see the whole plan`)]] : []),
  ];
}

/** Bound to the tenant, the incident, the action and this very plan. */
function approvalButtons(incident: Incident, plan: ApprovalPlan): ActionsBlock {
  const { actionId, planHash, title } = plan;
  const value = buttonValue(incident, `${actionId} ${planHash}`);
  const button = (verb: string, label: string): ButtonElement => ({
    type: 'button',
    action_id: ownId(verb),
    text: plainObject(label, slackLimits.buttonLength),
    value,
  });
  const hash = shortHash(planHash);
  return {
    type: 'actions',
    block_id: ownId(`ask:${actionId}`),
    elements: [
      {
        ...button('approve', 'Approve'),
        style: 'primary',
        confirm: confirmation(`Approve plan ${hash}?`, { text: shown(title), act: 'Approve' }),
      },
      {
        ...button('deny', 'Deny'),
        style: 'danger',
        confirm: confirmation(`Deny plan ${hash}?`, { text: shown(title), act: 'Deny' }),
      },
      button('plan', 'Whole plan…'),
    ],
  };
}

/** Steps that a message has buttons for; the window of the checklist has them all. */
const mostSteps = 10;

function stepBlocks(incident: Incident, runbookId: string): readonly MessageBlock[] | null {
  const checklist = incident.checklists.find((known) => known.runbookId === runbookId);
  const open = (checklist?.steps ?? []).flatMap(({ text, done }, index) =>
    done === null ? [{ text, number: index + 1 }] : [],
  );
  if (checklist === undefined || open.length === 0) return null;
  const { title, willNot, steps } = checklist;
  const lines: readonly (readonly Piece[])[] = [
    [strong(title), words(`: ${open.length} of ${steps.length} to do, by people`)],
    ...(willNot === '' ? [] : [[words(willNot)]]),
    ...open.map(({ text, number }) => [words(`${number}. ${text}`)]),
  ];
  return [
    ...packed(lines.map((pieces) => fitted(pieces, longestLine))).texts,
    {
      type: 'actions',
      block_id: ownId(`ask:${runbookId}`),
      elements: [
        ...open.slice(0, mostSteps).map(({ text, number }): ButtonElement => ({
          type: 'button',
          action_id: ownId(`steps:${number}`),
          text: plainObject(`☐ ${number}. ${shown(text)}`, slackLimits.buttonLength),
          value: buttonValue(incident, `${runbookId} ${number}`),
        })),
        {
          type: 'button',
          action_id: ownId('steps'),
          text: plainObject('Checklist…', slackLimits.buttonLength),
          value: buttonValue(incident),
        },
      ],
    },
  ];
}

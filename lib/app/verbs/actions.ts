import { bold, text, time, type Phrase } from '../../domain/announce/phrase.ts';
import type { Action } from '../../domain/action/action.ts';
import type { Halt } from '../../domain/action/rows.ts';
import type { VerbReply } from '../../domain/verbs/reply.ts';
import { listActions } from '../actions/read-actions.ts';
import { standingOf, titleOf } from './action-answers.ts';
import { failed } from './answers.ts';
import type { GeneralVerb, VerbCall } from './verb.ts';

/** What is done, or about to be, to targets. */
export const actions: GeneralVerb = {
  name: 'actions',
  aliases: ['ac'],
  usage: '',
  summary: 'Rollbacks and such, open and last',
  right: 'read',
  subject: 'none',
  run: tell,
};

const shownOpen = 15;
const shownEnded = 5;

async function tell({ deps, tenant: { id: tenant } }: VerbCall): Promise<VerbReply> {
  const [halt, open, ended] = await Promise.all([
    deps.actionRows.loadHalt(tenant),
    listActions(deps, { tenant, status: 'open', limit: shownOpen, after: null }),
    listActions(deps, { tenant, status: 'ended', limit: shownEnded, after: null }),
  ]);
  if (!halt.ok) return failed(halt.error);
  if (!open.ok) return failed(open.error);
  if (!ended.ok) return failed(ended.error);
  const more = open.value.next === null ? '' : ' or more';
  const count = open.value.actions.length;
  return {
    kind: 'lines',
    title: count === 0 ? 'No action is open' : `Open actions: ${count}${more}`,
    lines: [
      ...haltLines(halt.value),
      ...open.value.actions.map(actionLine),
      ...(ended.value.actions.length === 0 ? [] : [[bold('Ended last')]]),
      ...ended.value.actions.map(actionLine),
    ],
  };
}

const haltLines = ({ isOn, by, reason, atMs }: Halt): readonly Phrase[] =>
  isOn
    ? [
        [
          bold('All actions are halted'),
          text(` by ${by}, `),
          time(atMs),
          text(`${reason === '' ? '' : `: ${reason}`}. \`unhalt\` lets them go on.`),
        ],
      ]
    : [];

const actionLine = (action: Action): Phrase => [
  bold(titleOf(action)),
  text(` ${action.id} in ${action.incidentId}, asked for `),
  time(action.createdAtMs),
  text(`. ${standingOf(action)}`),
];

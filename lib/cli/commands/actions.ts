import { member, numberOf, recordOf, textOf } from '../../codec/fields.ts';
import type { JsonObject } from '../../domain/shared/json.ts';
import { actionRow, haltLine, wholeAction, type Reader } from '../action-text.ts';
import { readAnswer, recordsOf, shown } from '../answer.ts';
import { apiOptions, openApi, type Api, type FindAwsCredentials } from '../api.ts';
import type { Command, Invocation } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { Failure } from '../failure.ts';
import { actionPathOf, findActionId, listActions } from '../find-action.ts';

/** `tocsin actions`: what is planned and under way, one action whole, or the score of runbooks. */
export const actionsCommand = (find: FindAwsCredentials): Command => ({
  name: 'actions',
  summary: 'List actions, show one, or score the runbooks',
  positionals: [],
  more: { name: '[<action>]', max: 1 },
  options: [
    { name: 'all', summary: 'those that ended as well' },
    { name: 'score', summary: 'how often people did what the runbooks would have done' },
    ...apiOptions,
  ],
  details: [
    [
      'Without an id: whether all is halted, which targets are locked, and the open',
      'actions, newest first. With one (its beginning is enough): its plan, approvals,',
      'steps and verdict.',
    ].join('\n'),
  ],
  examples: [
    { line: 'npx tocsin actions', summary: 'what is under way' },
    { line: 'npx tocsin actions a41f', summary: 'one of them whole' },
    { line: 'npx tocsin actions --score', summary: 'before a runbook is promoted' },
  ],
  run: (invocation) => actions(invocation, find),
});

async function actions(invocation: Invocation, find: FindAwsCredentials): Promise<ExitCode> {
  const { positionals, isSet } = invocation;
  const [id] = positionals;
  if (id !== undefined && (isSet('score') || isSet('all'))) {
    throw new Failure(EXIT.usage, 'An action is shown alone: leave --all and --score away.');
  }
  const api = openApi(invocation, find);
  if (isSet('score')) return score(api, invocation);
  return id === undefined ? list(api, invocation) : show(api, invocation, id);
}

const readerOf = ({ host }: Invocation): Reader => ({ paint: host.out.paint, nowMs: host.nowMs() });

async function show(api: Api, invocation: Invocation, given: string): Promise<ExitCode> {
  const { isSet, host } = invocation;
  const id = await findActionId(api, given);
  const answer = await api({ method: 'GET', path: actionPathOf(id) });
  if (isSet('json')) {
    host.out.write(answer);
    return EXIT.ok;
  }
  const whole = readAnswer(answer);
  host.out.write(wholeAction(recordOf(whole, 'action'), readerOf(invocation)));
  host.out.write(`\nConsole: ${shown(whole, 'console')}\n`);
  return EXIT.ok;
}

async function list(api: Api, invocation: Invocation): Promise<ExitCode> {
  const { isSet, host } = invocation;
  const statuses = isSet('all') ? (['open', 'ended'] as const) : (['open'] as const);
  const [targets, found] = await Promise.all([
    api({ method: 'GET', path: '/v1/targets' }),
    listActions(api, statuses),
  ]);
  const standing = readAnswer(targets);
  if (isSet('json')) {
    const whole = { ...standing, actions: found };
    host.out.write(`${JSON.stringify(whole, undefined, 2)}\n`);
    return EXIT.ok;
  }
  const { paint } = host.out;
  host.out.write(haltLine(recordOf(standing, 'halt'), paint));
  for (const target of recordsOf(standing, 'targets')) host.out.write(lockLine(target, invocation));
  if (found.length === 0) host.out.write(`No ${isSet('all') ? '' : 'open '}actions.\n`);
  for (const action of found) host.out.write(actionRow(action, readerOf(invocation)));
  host.out.write(`\nConsole: ${shown(standing, 'console')}\n`);
  return EXIT.ok;
}

function lockLine(target: JsonObject, { host }: Invocation): string {
  const lock = recordOf(target, 'lock');
  if (textOf(lock, 'by') === '') return '';
  const until = textOf(lock, 'until') === '' ? '' : ` until ${shown(lock, 'until')}`;
  return (
    `${host.out.paint.yellow('LOCKED')} ${shown(target, 'id')} by ${shown(lock, 'by')}${until}: ` +
    `${shown(lock, 'reason')}\n`
  );
}

async function score(api: Api, { isSet, host }: Invocation): Promise<ExitCode> {
  const answer = await api({ method: 'GET', path: '/v1/actions/score' });
  if (isSet('json')) {
    host.out.write(answer);
    return EXIT.ok;
  }
  const scored = readAnswer(answer);
  const runbooks = recordsOf(scored, 'runbooks');
  if (runbooks.length === 0) host.out.write('The policy has no runbooks.\n');
  for (const runbook of runbooks) host.out.write(scoreLines(runbook, host.out.paint.bold));
  const cut = member(scored, 'isCut') === true ? ', and older ones not' : '';
  host.out.write(`\n${numberOf(scored, 'actions') ?? 0} ended actions were read${cut}.\n`);
  return EXIT.ok;
}

function scoreLines(runbook: JsonObject, bold: (text: string) => string): string {
  const count = (name: string): number => numberOf(runbook, name) ?? 0;
  const precision = numberOf(runbook, 'precisionPct');
  const same =
    precision === null
      ? 'none compared yet'
      : `${precision} % as people did (${count('same')} same, ${count('different')} different, ` +
        `${count('nothingDone')} where nothing was done)`;
  return (
    `${bold(shown(runbook, 'runbook'))}  ${shown(runbook, 'mode')}  ${shown(runbook, 'title')}\n` +
    `  shadows: ${count('shadows')}, ${same}${count('waiting') > 0 ? `, ${count('waiting')} open` : ''}\n` +
    `  actions: ${count('verified')} verified, ${count('failed')} failed, ` +
    `${count('unverified')} unverified, ${count('notDone')} not done\n`
  );
}

import { member, recordOf, textOf } from '../../codec/fields.ts';
import type { JsonObject } from '../../domain/shared/json.ts';
import { approvalLine, paintState, planBlock } from '../action-text.ts';
import { readAnswer, shown } from '../answer.ts';
import { apiOptions, openApi, type FindAwsCredentials } from '../api.ts';
import type { Command, Invocation } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { Failure } from '../failure.ts';
import { actionPathOf, findActionId } from '../find-action.ts';

/** `tocsin approve`: shows the plan, asks, and agrees to that very plan. */
export const approveCommand = (find: FindAwsCredentials): Command => ({
  name: 'approve',
  summary: 'Look at the plan of an action and let it run',
  positionals: ['<action>'],
  options: [{ name: 'yes', short: 'y', summary: 'do not ask' }, ...apiOptions],
  details: [
    [
      'Prints the plan and asks. The approval names the hash of the plan that was',
      'printed and counts for no other. Nobody approves what they asked for or changed.',
    ].join('\n'),
  ],
  examples: [
    { line: 'npx tocsin approve a41f', summary: 'the beginning of an id is enough' },
    { line: 'npx tocsin approve a41f --yes', summary: 'where nobody can be asked' },
  ],
  run: (invocation) => approve(invocation, find),
});

async function approve(invocation: Invocation, find: FindAwsCredentials): Promise<ExitCode> {
  const { positionals, isSet, host } = invocation;
  const api = openApi(invocation, find);
  const id = await findActionId(api, positionals[0] ?? '');
  const path = actionPathOf(id);
  const action = recordOf(readAnswer(await api({ method: 'GET', path })), 'action');
  const planHash = hashToApprove(action);
  if (!isSet('json')) {
    const reader = { paint: host.out.paint, nowMs: host.nowMs() };
    host.out.write(`${planBlock(action, reader)}  ${approvalLine(action, reader)}\n`);
  }
  if (!isSet('yes')) await confirm(invocation);
  const answer = await api({ method: 'POST', path: `${path}/approve`, body: { planHash } });
  if (isSet('json')) {
    host.out.write(answer);
    return EXIT.ok;
  }
  host.out.write(outcome(readAnswer(answer), invocation));
  return EXIT.ok;
}

/** What cannot be approved is told with how it stands. */
function hashToApprove(action: JsonObject): string {
  const hash = textOf(action, 'planHash');
  if (textOf(recordOf(action, 'planText'), 'title') !== '' && hash !== '') return hash;
  const said = shown(action, 'outcome');
  throw new Failure(
    EXIT.refused,
    `Action ${shown(action, 'id')} has no plan: it is ${shown(action, 'state')}. ${said}`.trim(),
  );
}

async function confirm({ host }: Invocation): Promise<void> {
  const said = await host.ask('Approve this plan? [y/N] ');
  if (said === null) {
    throw new Failure(EXIT.usage, 'Nobody can be asked here. Read the plan and give --yes.');
  }
  if (!/^y(es)?$/i.test(said.trim())) throw new Failure(EXIT.refused, 'Not approved.');
}

function outcome(answer: JsonObject, { host }: Invocation): string {
  const { paint } = host.out;
  const action = recordOf(answer, 'action');
  const state = paintState(shown(action, 'state'), paint);
  const reader = { paint, nowMs: host.nowMs() };
  return member(answer, 'changed') === true
    ? `${paint.green('Approved')}: ${approvalLine(action, reader)}; the action is ${state}.\n`
    : `Nothing changed. ${shown(answer, 'message')}\n`;
}

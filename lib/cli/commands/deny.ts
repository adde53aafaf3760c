import { member, recordOf } from '../../codec/fields.ts';
import { readAnswer, shown } from '../answer.ts';
import { apiOptions, openApi, type FindAwsCredentials } from '../api.ts';
import type { Command, Invocation } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { actionPathOf, findActionId } from '../find-action.ts';

/** `tocsin deny`: the action ends before it has begun. */
export const denyCommand = (find: FindAwsCredentials): Command => ({
  name: 'deny',
  summary: 'End an action before it starts',
  positionals: ['<action>'],
  options: [
    { name: 'reason', short: 'm', value: 'TEXT', summary: 'why, for the timeline' },
    ...apiOptions,
  ],
  details: ['What has started runs to its end; `tocsin halt` stops its further steps.'],
  examples: [{ line: 'npx tocsin deny a41f -m "wrong service"', summary: 'and say why' }],
  run: (invocation) => deny(invocation, find),
});

async function deny(invocation: Invocation, find: FindAwsCredentials): Promise<ExitCode> {
  const { positionals, text, isSet, host } = invocation;
  const api = openApi(invocation, find);
  const id = await findActionId(api, positionals[0] ?? '');
  const reason = text('reason');
  const answer = await api({
    method: 'POST',
    path: `${actionPathOf(id)}/deny`,
    ...(reason === undefined ? {} : { body: { reason } }),
  });
  if (isSet('json')) {
    host.out.write(answer);
    return EXIT.ok;
  }
  const said = readAnswer(answer);
  const title = `${host.out.paint.bold(id)} ${shown(recordOf(said, 'action'), 'title')}`;
  host.out.write(
    member(said, 'changed') === true
      ? `${title}: ${host.out.paint.green('denied')}, nothing is done.\n`
      : `${title}: nothing changed. ${shown(said, 'message')}\n`,
  );
  return EXIT.ok;
}

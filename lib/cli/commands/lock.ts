import { member, recordOf, textOf } from '../../codec/fields.ts';
import { readAnswer, shown } from '../answer.ts';
import { apiOptions, openApi, type FindAwsCredentials } from '../api.ts';
import type { Command, Invocation } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { neededReason, reasonOption } from '../reason.ts';

/** `tocsin lock`: no action starts on a target. */
export const lockCommand = (find: FindAwsCredentials): Command => ({
  name: 'lock',
  summary: 'Keep actions off a target',
  positionals: ['<target>'],
  options: [
    { name: 'for', value: 'TIME', summary: 'such as 30m or 2h (until it is unlocked)' },
    reasonOption,
    ...apiOptions,
  ],
  details: ['What runs on it already runs to its end. A lock that is there is replaced.'],
  examples: [
    { line: 'npx tocsin lock checkout --for 2h -m "migration runs"', summary: 'for two hours' },
  ],
  run: (invocation) => lock(invocation, find),
});

/** `tocsin unlock`: actions may start on it again. */
export const unlockCommand = (find: FindAwsCredentials): Command => ({
  name: 'unlock',
  summary: 'Let actions start on a target again',
  positionals: ['<target>'],
  options: [{ name: 'reason', short: 'm', value: 'TEXT', summary: 'why' }, ...apiOptions],
  details: ['Have a word with whoever locked it: `npx tocsin actions` says who and why.'],
  examples: [{ line: 'npx tocsin unlock checkout', summary: 'before its end' }],
  run: (invocation) => unlock(invocation, find),
});

const pathOf = (target: string): string => `/v1/targets/${encodeURIComponent(target)}`;

async function lock(invocation: Invocation, find: FindAwsCredentials): Promise<ExitCode> {
  const { positionals, text, isSet, host } = invocation;
  const target = positionals[0] ?? '';
  const span = text('for');
  const body = { reason: neededReason(invocation), ...(span === undefined ? {} : { for: span }) };
  const api = openApi(invocation, find);
  const answer = await api({ method: 'POST', path: `${pathOf(target)}/lock`, body });
  if (isSet('json')) {
    host.out.write(answer);
    return EXIT.ok;
  }
  const set = recordOf(readAnswer(answer), 'lock');
  const until =
    textOf(set, 'until') === '' ? 'until it is unlocked' : `until ${shown(set, 'until')}`;
  host.out.write(
    `${host.out.paint.bold(target)} is ${host.out.paint.yellow('locked')} ${until}.\n`,
  );
  return EXIT.ok;
}

async function unlock(invocation: Invocation, find: FindAwsCredentials): Promise<ExitCode> {
  const { positionals, text, isSet, host } = invocation;
  const target = positionals[0] ?? '';
  const reason = text('reason');
  const api = openApi(invocation, find);
  const answer = await api({
    method: 'POST',
    path: `${pathOf(target)}/unlock`,
    ...(reason === undefined ? {} : { body: { reason } }),
  });
  if (isSet('json')) {
    host.out.write(answer);
    return EXIT.ok;
  }
  const said = readAnswer(answer);
  host.out.write(
    member(said, 'changed') === true
      ? `${host.out.paint.bold(target)} is ${host.out.paint.green('unlocked')}.\n`
      : `${host.out.paint.bold(target)}: nothing changed. ${shown(said, 'message')}\n`,
  );
  return EXIT.ok;
}

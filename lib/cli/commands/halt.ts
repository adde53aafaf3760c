import { member, recordOf } from '../../codec/fields.ts';
import { readAnswer, shown } from '../answer.ts';
import { apiOptions, openApi, type FindAwsCredentials } from '../api.ts';
import type { Command, Invocation } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { neededReason, reasonOption } from '../reason.ts';

/** `tocsin halt`: stops every action of a tenant, or lets them go on. */
export const haltCommand = (find: FindAwsCredentials): Command => ({
  name: 'halt',
  summary: 'Stop every action, or let them go on (--off)',
  positionals: [],
  options: [
    { name: 'off', summary: 'lift the halt: what waits and has not expired starts' },
    reasonOption,
    ...apiOptions,
  ],
  details: [
    [
      'No action starts and no further step is sent, within 5 s. A step that was sent',
      'is still observed. Repeating it changes nothing.',
    ].join('\n'),
  ],
  examples: [
    { line: 'npx tocsin halt -m "the cluster is being repaired"', summary: 'stop all' },
    { line: 'npx tocsin halt --off -m "repaired"', summary: 'let actions go on' },
  ],
  run: (invocation) => halt(invocation, find),
});

async function halt(invocation: Invocation, find: FindAwsCredentials): Promise<ExitCode> {
  const { isSet, host } = invocation;
  const body = { on: !isSet('off'), reason: neededReason(invocation) };
  const api = openApi(invocation, find);
  const answer = await api({ method: 'POST', path: '/v1/halt', body });
  if (isSet('json')) {
    host.out.write(answer);
    return EXIT.ok;
  }
  const switched = recordOf(readAnswer(answer), 'halt');
  const { paint } = host.out;
  const by = shown(switched, 'by') === '' ? '' : ` By ${shown(switched, 'by')}`;
  const why = by === '' ? '' : `${by}, ${shown(switched, 'at')}: ${shown(switched, 'reason')}`;
  host.out.write(
    member(switched, 'on') === true
      ? `${paint.red('Halted')}: nothing starts any more.${why}\n`
      : `${paint.green('Not halted')}: actions may start.${why}\n`,
  );
  return EXIT.ok;
}

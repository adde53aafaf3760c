import { member } from '../../codec/fields.ts';
import type { JsonObject } from '../../domain/shared/json.ts';
import { readAnswer, recordsOf, shown, textsOf } from '../answer.ts';
import { apiOptions, openApi, type FindAwsCredentials } from '../api.ts';
import type { Command, Invocation } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';

/** `tocsin coverage`: whether somebody would be reached, for the next seven days. */
export const coverageCommand = (findCredentials: FindAwsCredentials): Command => ({
  name: 'coverage',
  summary: 'Prove that every page would reach a person',
  positionals: [],
  options: apiOptions,
  details: [
    [
      'Follows each routing key of the policy through PagerDuty to the people on call',
      'in the next seven days: no empty shift, no missing contact, no wrong key, no',
      'dead Slack channel. Exits with 1 when there is a gap or something is not proved.',
    ].join('\n'),
  ],
  examples: [
    { line: 'npx tocsin coverage', summary: 'before a holiday' },
    { line: "npx tocsin coverage --json | jq '.gaps[].text'", summary: 'for a script' },
  ],
  run: (invocation) => prove(invocation, findCredentials),
});

async function prove(
  invocation: Invocation,
  findCredentials: FindAwsCredentials,
): Promise<ExitCode> {
  const { isSet, host } = invocation;
  const api = openApi(invocation, findCredentials);
  const answer = await api({ method: 'GET', path: '/v1/coverage' });
  const proof = readAnswer(answer);
  const code = member(proof, 'isProved') === true ? EXIT.ok : EXIT.failed;
  if (isSet('json')) {
    host.out.write(answer);
    return code;
  }
  for (const route of recordsOf(proof, 'routes')) host.out.write(routeLine(route, invocation));
  host.out.write(`\n${verdict(proof, invocation)}\n`);
  return code;
}

function routeLine(route: JsonObject, { host }: Invocation): string {
  const { paint } = host.out;
  const services = textsOf(route, 'services');
  const what = services.length === 0 ? 'everything else' : services.join(', ');
  const people = textsOf(route, 'people');
  const who = people.length === 0 ? paint.red('nobody') : people.join(', ');
  const end = shown(route, 'endsAt');
  return `${paint.bold(what)}\n  ${shown(route, 'routingKey')} → ${end === '' ? paint.red('nowhere') : end} → ${who}\n`;
}

function verdict(proof: JsonObject, { host }: Invocation): string {
  const { paint } = host.out;
  const gaps = recordsOf(proof, 'gaps').map((gap) => paint.red(`✗ ${shown(gap, 'text')}`));
  const unproved = textsOf(proof, 'unproved').map((text) => paint.yellow(`? ${text}`));
  const until = shown(proof, 'until');
  const lines = [...gaps, ...unproved];
  return lines.length === 0
    ? `Every page reaches a person until ${until}.`
    : `${lines.join('\n')}\n\n${counted(gaps.length, 'gap')} and ${counted(unproved.length, 'thing')} not proved until ${until}.`;
}

const counted = (count: number, noun: string): string =>
  `${count} ${noun}${count === 1 ? '' : 's'}`;

import { member, recordOf } from '../../codec/fields.ts';
import { readAnswer, shown } from '../answer.ts';
import { apiOptions, openApi, type FindAwsCredentials } from '../api.ts';
import type { Command, Invocation } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { findIncidentId, pathOf } from '../find-incident.ts';

interface Verb {
  readonly name: string;
  readonly route: string;
  readonly summary: string;
  readonly done: string;
  readonly details: string;
}

/** `tocsin ack`: you have it; the response clock is met and PagerDuty stops calling. */
export const ackCommand = (find: FindAwsCredentials): Command =>
  steerCommand(find, {
    name: 'ack',
    route: 'acknowledge',
    summary: 'Acknowledge an incident: you have it',
    done: 'acknowledged',
    details: 'Meets the response clock and tells PagerDuty. Repeating it changes nothing.',
  });

/** `tocsin resolve`: it is over. */
export const resolveCommand = (find: FindAwsCredentials): Command =>
  steerCommand(find, {
    name: 'resolve',
    route: 'resolve',
    summary: 'Resolve an incident: it is over',
    done: 'resolved',
    details:
      'Tells PagerDuty. While an alert still fires, its repeats stay quiet for the time\n' +
      'that the policy sets; a new alert reopens the incident at once.',
  });

const steerCommand = (find: FindAwsCredentials, verb: Verb): Command => ({
  name: verb.name,
  summary: verb.summary,
  positionals: ['<id>'],
  options: [
    { name: 'note', short: 'm', value: 'TEXT', summary: 'a note for the timeline' },
    ...apiOptions,
  ],
  details: [verb.details],
  examples: [
    { line: `npx tocsin ${verb.name} 7k3qa`, summary: 'the beginning of an id is enough' },
    { line: `npx tocsin ${verb.name} 7k3qa -m "bad deploy"`, summary: 'and say why' },
  ],
  run: (invocation) => steer(invocation, find, verb),
});

async function steer(
  invocation: Invocation,
  find: FindAwsCredentials,
  { route, done }: Verb,
): Promise<ExitCode> {
  const { positionals, text, isSet, host } = invocation;
  const api = openApi(invocation, find);
  const id = await findIncidentId(api, positionals[0] ?? '');
  const note = text('note');
  const answer = await api({
    method: 'POST',
    path: `${pathOf(id)}/${route}`,
    ...(note === undefined ? {} : { body: { note } }),
  });
  if (isSet('json')) {
    host.out.write(answer);
    return EXIT.ok;
  }
  const said = readAnswer(answer);
  const incident = recordOf(said, 'incident');
  const title = `${host.out.paint.bold(shown(incident, 'id'))} ${shown(incident, 'title')}`;
  host.out.write(
    member(said, 'changed') === true
      ? `${title}: ${host.out.paint.green(done)}.\n`
      : `${title}: nothing changed. ${shown(said, 'message')}\n`,
  );
  return EXIT.ok;
}

import { textOf } from '../../codec/fields.ts';
import type { JsonObject } from '../../domain/shared/json.ts';
import { readAnswer, paintSeverity, recordsOf, shown, urgency } from '../answer.ts';
import { apiOptions, openApi, type FindAwsCredentials } from '../api.ts';
import type { Command, Invocation } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { Failure } from '../failure.ts';

/** `tocsin incidents`: what is open, newest first. */
export const incidentsCommand = (findCredentials: FindAwsCredentials): Command => ({
  name: 'incidents',
  summary: 'List incidents',
  positionals: [],
  options: [
    { name: 'closed', summary: 'closed ones instead of open ones' },
    { name: 'limit', short: 'n', value: 'N', summary: 'at most so many, 1 to 100 (50)' },
    ...apiOptions,
  ],
  details: ['Newest first. Late deadlines say so in words.'],
  examples: [
    { line: 'npx tocsin incidents', summary: 'what is open' },
    {
      line: "npx tocsin incidents --json | jq -r '.incidents[].id'",
      summary: 'their ids, for a script',
    },
    {
      line: 'npx tocsin incidents --url https://abc.execute-api.eu-west-1.amazonaws.com',
      summary: 'those of a deployment in AWS',
    },
  ],
  run: (invocation) => list(invocation, findCredentials),
});

async function list(
  invocation: Invocation,
  findCredentials: FindAwsCredentials,
): Promise<ExitCode> {
  const { text, isSet, host } = invocation;
  const status = isSet('closed') ? 'closed' : 'open';
  const limit = text('limit') ?? '50';
  if (!/^([1-9]\d?|100)$/.test(limit)) {
    throw new Failure(EXIT.usage, `--limit is ${limit}; 1 to 100 is allowed.`);
  }
  const api = openApi(invocation, findCredentials);
  const answer = await api({ method: 'GET', path: '/v1/incidents', query: { status, limit } });
  if (isSet('json')) {
    host.out.write(answer);
    return EXIT.ok;
  }
  const page = readAnswer(answer);
  const incidents = recordsOf(page, 'incidents');
  if (incidents.length === 0) host.out.write(`No ${status} incidents.\n`);
  for (const incident of incidents) host.out.write(row(incident, invocation));
  if (textOf(page, 'next') !== '') {
    host.out.write(`There are more: ${host.out.paint.dim('--limit, or the console')}\n`);
  }
  host.out.write(`\nConsole: ${shown(page, 'console')}\n`);
  return EXIT.ok;
}

const titleWidth = 78;

/** Two lines each, so that nothing that matters is cut at 80 columns. */
function row(incident: JsonObject, { host }: Invocation): string {
  const { paint } = host.out;
  const { text, isLate } = urgency(incident, host.nowMs());
  const due = isLate ? paint.red(text) : text;
  const facts = [shown(incident, 'state'), due, shown(incident, 'team')].filter(Boolean);
  const title = Array.from(shown(incident, 'title'));
  const cut = title.length > titleWidth ? [...title.slice(0, titleWidth - 1), '…'] : title;
  return (
    `${paint.bold(shown(incident, 'id'))}  ` +
    `${paintSeverity(shown(incident, 'severity'), paint)}  ${facts.join(' · ')}\n` +
    `  ${cut.join('')}\n`
  );
}

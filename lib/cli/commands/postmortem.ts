import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { apiOptions, openApi, type FindAwsCredentials } from '../api.ts';
import type { Command, Invocation } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { Failure, messageOf } from '../failure.ts';
import { findIncidentId, pathOf } from '../find-incident.ts';

/** `tocsin postmortem`: the document that people complete. */
export const postmortemCommand = (find: FindAwsCredentials): Command => ({
  name: 'postmortem',
  summary: 'Print the post-mortem of an incident',
  positionals: ['<id>'],
  options: [
    { name: 'output', short: 'o', value: 'FILE', summary: 'write it to a file instead' },
    ...apiOptions.map((option) =>
      option.name === 'json' ? { ...option, summary: 'as JSON instead of Markdown' } : option,
    ),
  ],
  details: [
    'Made from the log, so the same log gives the same bytes. An open incident has\none, too.',
  ],
  examples: [
    { line: 'npx tocsin postmortem 7k3qa -o incident.md', summary: 'to complete and keep' },
    { line: 'npx tocsin postmortem 7k3qa --json', summary: 'for machines' },
  ],
  run: (invocation) => print(invocation, find),
});

async function print(invocation: Invocation, find: FindAwsCredentials): Promise<ExitCode> {
  const { positionals, text, isSet, host } = invocation;
  const api = openApi(invocation, find);
  const id = await findIncidentId(api, positionals[0] ?? '');
  const format = isSet('json') ? 'json' : 'markdown';
  const document = await api({
    method: 'GET',
    path: `${pathOf(id)}/postmortem`,
    query: { format },
  });
  const file = text('output');
  if (file === undefined) {
    host.out.write(document);
    return EXIT.ok;
  }
  try {
    writeFileSync(resolve(host.cwd, file), document);
  } catch (error) {
    throw new Failure(EXIT.failed, `${file} cannot be written: ${messageOf(error)}.`, {
      cause: error,
    });
  }
  host.out.write(`${file} is written.\n`);
  return EXIT.ok;
}

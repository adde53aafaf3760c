import { member, numberOf, recordOf, textOf } from '../../codec/fields.ts';
import type { JsonObject } from '../../domain/shared/json.ts';
import { describeClock, paintSeverity, readAnswer, recordsOf, shown, urgency } from '../answer.ts';
import { apiOptions, openApi, type FindAwsCredentials } from '../api.ts';
import type { Command, Invocation } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { findIncidentId, pathOf } from '../find-incident.ts';
import type { Paint } from '../terminal.ts';

/** `tocsin show`: one incident, and its story. */
export const showCommand = (findCredentials: FindAwsCredentials): Command => ({
  name: 'show',
  summary: 'Show an incident, with its timeline and reasons',
  positionals: ['<id>'],
  options: apiOptions,
  details: ['The beginning of an id is enough while it names only one incident.'],
  examples: [
    { line: 'npx tocsin show 7k3qa', summary: 'one incident' },
    { line: 'npx tocsin show 7k3qa --json | jq .incident.sla', summary: 'its clocks' },
  ],
  run: (invocation) => show(invocation, findCredentials),
});

async function show(invocation: Invocation, find: FindAwsCredentials): Promise<ExitCode> {
  const { positionals, isSet, host } = invocation;
  const api = openApi(invocation, find);
  const id = await findIncidentId(api, positionals[0] ?? '');
  const answer = await api({ method: 'GET', path: pathOf(id) });
  const timeline = readAnswer(await api({ method: 'GET', path: `${pathOf(id)}/timeline` }));
  if (isSet('json')) {
    const whole = { ...readAnswer(answer), timeline: member(timeline, 'entries') };
    host.out.write(`${JSON.stringify(whole, undefined, 2)}\n`);
    return EXIT.ok;
  }
  const { incident, console: link } = splitAnswer(readAnswer(answer));
  host.out.write(header(incident, invocation));
  host.out.write(`\n${host.out.paint.bold('Timeline')}\n`);
  for (const entry of recordsOf(timeline, 'entries')) host.out.write(line(entry, host.out.paint));
  host.out.write(`\nConsole: ${link}\n`);
  return EXIT.ok;
}

const splitAnswer = (answer: JsonObject): { incident: JsonObject; console: string } => ({
  incident: recordOf(answer, 'incident'),
  console: shown(answer, 'console'),
});

function header(incident: JsonObject, { host }: Invocation): string {
  const { paint } = host.out;
  const reason = recordOf(incident, 'severityReason');
  const { text, isLate } = urgency(incident, host.nowMs());
  const sla = recordOf(incident, 'sla');
  const alerts = recordOf(incident, 'alerts');
  const rows: readonly (readonly [string, string])[] = [
    [
      'State',
      [shown(incident, 'state'), isLate ? paint.red(text) : text].filter(Boolean).join(', '),
    ],
    ['Why', `${shown(reason, 'text')} (rule ${shown(reason, 'rule')})`],
    [
      'Service',
      [shown(incident, 'service'), shown(incident, 'environment')].filter(Boolean).join(', '),
    ],
    ['Team', shown(incident, 'team')],
    ['Opened', shown(incident, 'openedAt')],
    ['Alerts', `${numberOf(alerts, 'firing') ?? 0} of ${numberOf(alerts, 'episodes') ?? 0} firing`],
    ['Page', shown(incident, 'page')],
    ['Response', describeClock(recordOf(sla, 'response'))],
    ['Resolution', describeClock(recordOf(sla, 'resolution'))],
    ...linkRows(recordOf(incident, 'links')),
    ['PagerDuty', shown(recordOf(incident, 'pagerduty'), 'url')],
  ];
  const title =
    `${paint.bold(shown(incident, 'id'))}  ${paintSeverity(shown(incident, 'severity'), paint)}  ` +
    `${paint.bold(shown(incident, 'title'))}\n${shown(incident, 'summary')}\n\n`;
  const filled = rows.filter(([, value]) => value !== '');
  return title + filled.map(([name, value]) => `${name.padEnd(12)}${value}\n`).join('');
}

const linkRows = (links: JsonObject): readonly (readonly [string, string])[] => [
  ['Runbook', shown(links, 'runbook')],
  ['Dashboard', shown(links, 'dashboard')],
];

function line(entry: JsonObject, paint: Paint): string {
  const why = textOf(entry, 'reason') === '' ? '' : paint.dim(`\n    ${shown(entry, 'reason')}`);
  return `  ${paint.dim(shown(entry, 'at'))}  ${shown(entry, 'text')}${why}\n`;
}

import type { Paint } from '../../cli/terminal.ts';
import type { Policy } from '../../domain/policy/policy.ts';
import { MOUNT } from '../sandbox/kubernetes/people-api.ts';
import { SANDBOX_PATH, WEBHOOK_PATH } from './pagerduty.ts';
import type { PagerDutyChoice } from './pagerduty-choice.ts';
import { sampleAlert, type Sample } from './sample.ts';
import { shellWord } from './shell.ts';
import { SLACK_SANDBOX_PATH } from './slack.ts';
import { SLACK_COMMANDS_PATH, SLACK_INTERACTIONS_PATH } from './slack-app.ts';
import type { SlackChoice } from './slack-choice.ts';

/** What a person who has just started Tocsin wants to know. */
export interface WelcomeFacts {
  /** Without a slash at the end. */
  readonly url: string;
  readonly policy: Policy;
  /** As the person would write them. */
  readonly policyFile: string;
  readonly dataDir: string;
  readonly policyWarnings: number;
  readonly pagerDuty: PagerDutyChoice;
  readonly slack: SlackChoice;
  readonly sourceTokens: Readonly<Record<string, string>>;
  readonly person: string;
  /** What `npx tocsin` needs to find this Tocsin, with a space before it; empty when nothing. */
  readonly cliOptions: string;
}

/** The text that `tocsin up` prints once everything is up. */
export function welcome(facts: WelcomeFacts, paint: Paint): string {
  const { policyFile } = facts;
  const sample = sampleAlert(facts);
  const blocks = [
    `${paint.bold(paint.green('Tocsin is up.'))} Policy: ${policyFile}${warningsText(facts)}`,
    block('Where things are', placesOf(facts), paint),
    block('Webhooks', webhooksOf(facts), paint),
    block(
      'Credentials of this machine, one for each source of the policy',
      [
        ...rows(Object.entries(facts.sourceTokens)),
        paint.dim('As a bearer token, or as the password of the user named like the source.'),
      ],
      paint,
    ),
    ...sampleBlocks(sample, paint),
    block('Then look, and act', nextSteps(facts), paint),
    `Ctrl-C stops it. Everything is kept in ${facts.dataDir}, also when it is killed.`,
  ];
  return `\n${blocks.join('\n\n')}\n\n`;
}

function warningsText({ policyWarnings, policyFile }: WelcomeFacts): string {
  if (policyWarnings === 0) return '';
  const count = `${policyWarnings} ${policyWarnings === 1 ? 'warning' : 'warnings'}`;
  return ` (${count}: npx tocsin check ${policyFile})`;
}

type Row = readonly [string, string];

function placesOf({ url, pagerDuty, slack, dataDir }: WelcomeFacts): readonly string[] {
  const kubeconfig = shellWord(`${dataDir}/kubeconfig`);
  const pages: readonly Row[] =
    pagerDuty.kind === 'sandbox'
      ? [
          ['Pages', `${url}${SANDBOX_PATH}/incidents`],
          ['', 'in a sandbox that speaks PagerDuty’s protocol; set'],
          ['', 'PAGERDUTY_ROUTING_KEY to page a real account'],
        ]
      : [
          ['Pages', `PagerDuty at ${pagerDuty.eventsUrl}`],
          ...(pagerDuty.webhookSecrets.length > 0 ? [] : ANSWERS_UNHEARD),
        ];
  return rows([
    ['Console', `${url}/`],
    ...pages,
    ...conversation(url, slack),
    ['Cluster', `${url}${MOUNT}`],
    ['', `in a sandbox for kubectl --kubeconfig ${kubeconfig}`],
    ['Second channel', `${url}/sandbox/sns/messages`],
  ]);
}

const conversation = (url: string, slack: SlackChoice): readonly Row[] =>
  slack.kind === 'sandbox'
    ? [
        ['Slack', `${url}${SLACK_SANDBOX_PATH}`],
        ['', 'in a sandbox that speaks Slack’s protocol; set SLACK_BOT_TOKEN'],
        ['', 'and SLACK_SIGNING_SECRET for a real workspace'],
      ]
    : [['Slack', `Web API at ${slack.apiUrl}`]];

const ANSWERS_UNHEARD: readonly Row[] = [
  ['', 'its answers are refused until PAGERDUTY_WEBHOOK_SECRET is set'],
];

function webhooksOf({ url }: WelcomeFacts): readonly string[] {
  return rows([
    ['Alertmanager', `${url}/v1/alerts/alertmanager`],
    ['Cloud Monitoring', `${url}/v1/alerts/cloud-monitoring`],
    ['What was changed', `${url}/v1/changes`],
    ['PagerDuty', `${url}${WEBHOOK_PATH}`],
    ['Slack commands', `${url}${SLACK_COMMANDS_PATH}`],
    ['Slack clicks', `${url}${SLACK_INTERACTIONS_PATH}`],
  ]);
}

/** The command stands at the margin, so that a triple click takes it whole and nothing else. */
function sampleBlocks(sample: Sample | undefined, paint: Paint): readonly string[] {
  if (sample === undefined) return [];
  const title = `Raise a sample ${sample.severity}: run this one line in another terminal`;
  return [`${paint.bold(title)}\n\n${sample.command}`];
}

function nextSteps({ url, cliOptions, person }: WelcomeFacts): readonly string[] {
  return rows([
    [`npx tocsin incidents${cliOptions}`, `or open ${url}/`],
    [`npx tocsin ack <id>${cliOptions}`, `as ${person}`],
    [`npx tocsin resolve <id>${cliOptions}`, ''],
    [`npx tocsin postmortem <id>${cliOptions}`, ''],
  ]);
}

const block = (title: string, lines: readonly string[], paint: Paint): string =>
  [paint.bold(title), ...lines.map((line) => `  ${line}`)].join('\n');

function rows(entries: readonly Row[]): readonly string[] {
  const width = Math.max(...entries.map(([left]) => left.length)) + 2;
  return entries.map(([left, right]) => `${left.padEnd(width)}${right}`.trimEnd());
}

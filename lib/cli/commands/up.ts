import type { Command, CommandHost } from '../command.ts';
import type { ExitCode } from '../exit-codes.ts';

/** The options of `up`, as they were given. */
export type UpOptions = Readonly<
  Record<'port' | 'data' | 'policy' | 'stage' | 'person', string | undefined>
>;

/** Runs Tocsin here until it is asked to stop. */
export type RunUp = (options: UpOptions, host: CommandHost) => Promise<ExitCode>;

/** `tocsin up`: what `npm start` runs. */
export const upCommand = (runUp: RunUp): Command => ({
  name: 'up',
  summary: 'Run Tocsin on this machine',
  positionals: [],
  options: [
    { name: 'port', short: 'p', value: 'N', summary: 'port on 127.0.0.1 (TOCSIN_PORT; 8484)' },
    { name: 'data', short: 'd', value: 'DIR', summary: 'where all state is kept (.tocsin)' },
    { name: 'policy', value: 'FILE', summary: 'policy file (policy/tocsin.yaml)' },
    { name: 'stage', value: 'NAME', summary: 'dev, staging, prod or sandbox (sandbox)' },
    { name: 'person', value: 'NAME', summary: 'in whose name `npx tocsin` acts here ($USER)' },
  ],
  details: [
    [
      'Synthesizes the CDK app when something changed, and runs its template: the',
      'bundles that would be deployed, an embedded DynamoDB, and stand-ins for the',
      'other services. `npm start` is the same. Ctrl-C stops it.',
    ].join('\n'),
    [
      'PAGERDUTY_ROUTING_KEY pages a real account instead of the sandbox; then also',
      'set PAGERDUTY_WEBHOOK_SECRET, so that its answers are believed, and',
      'PAGERDUTY_API_TOKEN, so that late ones can be checked. PAGERDUTY_EVENTS_URL and',
      'PAGERDUTY_API_URL name other addresses. AWS_ENDPOINT_URL_DYNAMODB replaces the',
      'embedded DynamoDB.',
    ].join('\n'),
  ],
  examples: [
    { line: 'npm start', summary: 'start, on port 8484' },
    { line: 'TOCSIN_PORT=9000 npm start', summary: 'on another port' },
    {
      line: 'npx tocsin up --data /tmp/try --policy my-policy.yaml',
      summary: 'try a policy, without touching what is in .tocsin',
    },
  ],
  run: ({ text, host }) =>
    runUp(
      {
        port: text('port'),
        data: text('data'),
        policy: text('policy'),
        stage: text('stage'),
        person: text('person'),
      },
      host,
    ),
});

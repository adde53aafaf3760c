import { describe, expect, it } from 'vitest';
import { paintFor, plainPaint } from '../../../../lib/cli/terminal.ts';
import { sampleAlert } from '../../../../lib/local/up/sample.ts';
import { welcome, type WelcomeFacts } from '../../../../lib/local/up/welcome.ts';
import { GOOGLE, PROMETHEUS, withSources } from './policy-sample.ts';

const facts: WelcomeFacts = {
  url: 'http://127.0.0.1:8484',
  policy: withSources(PROMETHEUS, GOOGLE),
  policyFile: 'policy/tocsin.yaml',
  dataDir: '.tocsin',
  policyWarnings: 0,
  pagerDuty: { kind: 'sandbox' },
  slack: { kind: 'sandbox' },
  sourceTokens: { prometheus: 'token-1', google: 'token-2' },
  person: 'ada',
  cliOptions: '',
};

const SAMPLE =
  "curl -sS -H 'Authorization: Bearer token-1' -H 'Content-Type: application/json' " +
  `-d '{"version":"4","groupKey":"sample:CheckoutDown","status":"firing","receiver":"tocsin",` +
  '"alerts":[{"status":"firing","labels":{"alertname":"CheckoutDown","service":"checkout",' +
  '"severity":"critical","environment":"production"},' +
  '"annotations":{"summary":"Nobody can pay: checkout answers with errors"},' +
  `"startsAt":"'"$(date -u +%Y-%m-%dT%H:%M:%SZ)"'"}]}' ` +
  'http://127.0.0.1:8484/v1/alerts/alertmanager';

describe('the welcome', () => {
  it('says where everything is and what to do first', () => {
    expect(welcome(facts, plainPaint)).toBe(`
Tocsin is up. Policy: policy/tocsin.yaml

Where things are
  Console         http://127.0.0.1:8484/
  Pages           http://127.0.0.1:8484/sandbox/pagerduty/incidents
                  in a sandbox that speaks PagerDuty’s protocol; set
                  PAGERDUTY_ROUTING_KEY to page a real account
  Slack           http://127.0.0.1:8484/sandbox/slack
                  in a sandbox that speaks Slack’s protocol; set SLACK_BOT_TOKEN
                  and SLACK_SIGNING_SECRET for a real workspace
  Cluster         http://127.0.0.1:8484/sandbox/kubernetes
                  in a sandbox for kubectl --kubeconfig .tocsin/kubeconfig
  Second channel  http://127.0.0.1:8484/sandbox/sns/messages

Webhooks
  Alertmanager      http://127.0.0.1:8484/v1/alerts/alertmanager
  Cloud Monitoring  http://127.0.0.1:8484/v1/alerts/cloud-monitoring
  What was changed  http://127.0.0.1:8484/v1/changes
  PagerDuty         http://127.0.0.1:8484/v1/pagerduty/webhook
  Slack commands    http://127.0.0.1:8484/v1/slack/commands
  Slack clicks      http://127.0.0.1:8484/v1/slack/interactions

Credentials of this machine, one for each source of the policy
  prometheus  token-1
  google      token-2
  As a bearer token, or as the password of the user named like the source.

Raise a sample P1: run this one line in another terminal

${SAMPLE}

Then look, and act
  npx tocsin incidents        or open http://127.0.0.1:8484/
  npx tocsin ack <id>         as ada
  npx tocsin resolve <id>
  npx tocsin postmortem <id>

Ctrl-C stops it. Everything is kept in .tocsin, also when it is killed.

`);
  });

  it('fits 80 columns, but for the command to copy', () => {
    const lines = welcome(facts, plainPaint).split('\n');

    expect(lines.filter((line) => line.length > 80)).toEqual([SAMPLE]);
  });

  it('leaves the command to copy without colour', () => {
    const text = welcome(facts, paintFor({ isTTY: true, env: {} }));

    expect(text).toContain('\u001b[1m');
    expect(text.split('\n')).toContain(SAMPLE);
  });

  it('names the options that `npx tocsin` needs elsewhere', () => {
    const text = welcome({ ...facts, cliOptions: ' --data /tmp/try' }, plainPaint);

    expect(text).toContain('npx tocsin ack <id> --data /tmp/try');
  });

  it('counts the warnings of the policy', () => {
    expect(welcome({ ...facts, policyWarnings: 1 }, plainPaint)).toContain(
      'policy/tocsin.yaml (1 warning: npx tocsin check policy/tocsin.yaml)',
    );
  });

  it.each([
    { webhookSecrets: [], isHeard: false },
    { webhookSecrets: ['secret-of-the-subscription'], isHeard: true },
  ])('names the outside PagerDuty, never its keys', ({ webhookSecrets, isHeard }) => {
    const text = welcome(
      {
        ...facts,
        pagerDuty: {
          kind: 'outside',
          eventsUrl: 'https://events.pagerduty.com',
          apiUrl: 'https://api.pagerduty.com',
          routingKey: 'k'.repeat(32),
          apiToken: 'api-token',
          apiFrom: null,
          webhookSecrets,
        },
      },
      plainPaint,
    );

    expect(text).toContain('PagerDuty at https://events.pagerduty.com\n');
    expect(text.includes('refused until PAGERDUTY_WEBHOOK_SECRET is set')).toBe(!isHeard);
    expect(text).not.toMatch(/k{32}|api-token|secret-of/);
  });

  it('names the outside Slack, never its token', () => {
    const text = welcome(
      {
        ...facts,
        slack: {
          kind: 'outside',
          apiUrl: 'https://slack.com/api/',
          botToken: 'xoxb-token',
          signingSecrets: ['signing-secret'],
        },
      },
      plainPaint,
    );

    expect(text).toContain('Web API at https://slack.com/api/\n');
    expect(text).not.toMatch(/xoxb|signing-secret|sandbox\/slack/);
  });

  it('offers no sample where no source is an Alertmanager', () => {
    const policy = withSources(GOOGLE);

    expect(sampleAlert({ ...facts, policy })).toBeUndefined();
    expect(welcome({ ...facts, policy }, plainPaint)).not.toContain('curl');
  });
});

import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Policy } from '../../../../lib/domain/policy/policy.ts';
import { createSecretStore } from '../../../../lib/local/aws/secret-store.ts';
import type { SecretSpec } from '../../../../lib/local/runtime/template/model.ts';
import { keepSecrets, type KeptSecrets } from '../../../../lib/local/up/kept-secrets.ts';
import { keepSandboxKeys, outsideKeys } from '../../../../lib/local/up/pagerduty-keys.ts';
import type { OutsidePagerDuty } from '../../../../lib/local/up/pagerduty-choice.ts';
import { keepSlackSandboxKeys, outsideSlackKeys } from '../../../../lib/local/up/slack-keys.ts';
import { StartProblem } from '../../../../lib/local/up/start-problem.ts';
import { GOOGLE, PROMETHEUS, withSlack, withSources } from './policy-sample.ts';

let directory = '';
const file = () => join(directory, 'secrets.json');
const keysFile = () => join(directory, 'keys.json');
const slackFile = () => join(directory, 'slack.json');

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tocsin-secrets-'));
});

afterEach(() => {
  rmSync(directory, { recursive: true });
});

const secrets: readonly SecretSpec[] = ['INTAKE', 'PAGERDUTY', 'CONSOLE', 'SLACK', 'TARGETS'].map(
  (name) => ({
    logicalId: name,
    name,
    arn: `arn:aws:secretsmanager:::${name}`,
    variables: [`TOCSIN_${name}_SECRET`],
    initial: undefined,
    generate: undefined,
  }),
);

/** Stands for the sandboxes: what they add is theirs. */
const targets = { addTo: (secret: object) => ({ ...secret, tenants: {} }) };

function keep(policy: Policy, person = 'ada', pagerDuty = keepSandboxKeys(keysFile(), policy)) {
  const slack = keepSlackSandboxKeys(slackFile(), policy);
  return keepSecrets({
    store: createSecretStore(file()),
    secrets,
    policy,
    person,
    pagerDuty,
    slack,
    targets,
  });
}

function stored(name: string): unknown {
  return JSON.parse(createSecretStore(file()).get(name)?.current.secretString ?? 'null');
}

describe('the secrets of a data directory', () => {
  it('are long, all different, and readable by their owner alone', () => {
    const { sourceTokens, personToken } = keep(withSources(PROMETHEUS, GOOGLE));

    const all = [...Object.values(sourceTokens), personToken];
    for (const token of all) expect(token).toMatch(/^[A-Za-z0-9]{32}$/);
    expect(new Set(all).size).toBe(3);
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    expect(statSync(keysFile()).mode & 0o777).toBe(0o600);
  });

  it('have the shapes that functions read', () => {
    const { sourceTokens, personToken } = keep(withSources(PROMETHEUS));

    expect(stored('INTAKE')).toEqual({ sources: { prometheus: [sourceTokens['prometheus']] } });
    expect(stored('CONSOLE')).toEqual({
      signingKey: expect.stringMatching(/^\w{32}$/) as string,
      people: { ada: personToken },
    });
    expect(stored('PAGERDUTY')).toEqual({
      routingKeys: {
        default: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
        payments: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
      },
      apiToken: expect.any(String) as string,
      apiFrom: 'ada@example.com',
      webhookSecrets: { default: [expect.any(String)] },
    });
  });

  it('stay from start to start', () => {
    const first: KeptSecrets = keep(withSources(PROMETHEUS));
    const pagerDuty = stored('PAGERDUTY');

    expect(keep(withSources(PROMETHEUS))).toEqual(first);
    expect(stored('PAGERDUTY')).toEqual(pagerDuty);
  });

  it('grow with the policy and with the people, and lose nobody’s token', () => {
    const first = keep(withSources(PROMETHEUS), 'ada');
    const second = keep(withSources(PROMETHEUS, GOOGLE), 'grace');

    expect(second.sourceTokens).toMatchObject(first.sourceTokens);
    expect(Object.keys(second.sourceTokens)).toEqual(['prometheus', 'google']);
    expect(stored('CONSOLE')).toMatchObject({
      people: { ada: first.personToken, grace: second.personToken },
    });
  });

  it('keep what a person edited in', () => {
    keep(withSources(PROMETHEUS));
    const value = { sources: { prometheus: ['chosen-by-hand-0123456789', 'and-another-one'] } };
    createSecretStore(file()).put('INTAKE', JSON.stringify(value));

    expect(keep(withSources(PROMETHEUS)).sourceTokens['prometheus']).toBe(
      'chosen-by-hand-0123456789',
    );
    expect(stored('INTAKE')).toEqual(value);
  });

  it('are not overwritten when a person broke them', () => {
    writeFileSync(file(), JSON.stringify({ INTAKE: { current: 'no JSON' } }));

    expect(() => keep(withSources(PROMETHEUS))).toThrow(StartProblem);
    expect(() => keep(withSources(PROMETHEUS))).toThrow('INTAKE');
  });
});

describe('the keys of an outside PagerDuty', () => {
  const choice: OutsidePagerDuty = {
    kind: 'outside',
    eventsUrl: 'https://events.pagerduty.com',
    apiUrl: 'https://api.pagerduty.com',
    routingKey: 'r'.repeat(32),
    apiToken: 'token',
    apiFrom: null,
    webhookSecrets: ['new', 'old'],
  };
  const policy = withSources(PROMETHEUS);

  it('are the one key under every name, and the secrets for the first tenant', () => {
    expect(outsideKeys(choice, keepSandboxKeys(keysFile(), policy))).toEqual({
      routingKeys: { default: choice.routingKey, payments: choice.routingKey },
      apiToken: 'token',
      webhookSecrets: { default: ['new', 'old'] },
    });
  });

  it('give way to the sandbox’s own again once the environment is silent', () => {
    const sandbox = keepSandboxKeys(keysFile(), policy);
    keep(policy, 'ada', sandbox);
    const before = stored('PAGERDUTY');

    keepSecrets({
      store: createSecretStore(file()),
      secrets,
      policy,
      person: 'ada',
      pagerDuty: outsideKeys(choice, sandbox),
      slack: { workspaces: {} },
      targets,
    });
    expect(stored('PAGERDUTY')).toMatchObject({ apiToken: 'token' });

    keep(policy);
    expect(stored('PAGERDUTY')).toEqual(before);
  });

  it('are generated where only an address is given', () => {
    const sandbox = keepSandboxKeys(keysFile(), policy);
    const addressOnly = { ...choice, routingKey: null, apiToken: null, webhookSecrets: [] };

    expect(outsideKeys(addressOnly, sandbox)).toEqual({
      routingKeys: sandbox.routingKeys,
      webhookSecrets: {},
    });
  });
});

describe('the keys of Slack', () => {
  const policy = withSlack(PROMETHEUS);

  it('are made for every tenant that has a workspace, and stay', () => {
    keep(policy);
    const slack = stored('SLACK');

    expect(slack).toEqual({
      workspaces: {
        default: {
          botToken: expect.stringMatching(/^xoxb-[0-9a-f]{32}$/) as string,
          signingSecrets: [expect.stringMatching(/^[0-9a-f]{32}$/)],
        },
      },
    });
    keep(policy);
    expect(stored('SLACK')).toEqual(slack);
    expect(statSync(slackFile()).mode & 0o777).toBe(0o600);
  });

  it('are none where no tenant has a workspace', () => {
    keep(withSources(PROMETHEUS));

    expect(stored('SLACK')).toEqual({ workspaces: {} });
  });

  it('are those of the environment for the tenant that has the workspace', () => {
    const outside = {
      kind: 'outside',
      apiUrl: 'https://slack.com/api/',
      botToken: 'xoxb-1',
      signingSecrets: ['new', 'old'],
    } as const;

    expect(outsideSlackKeys(outside, policy)).toEqual({
      workspaces: { default: { botToken: 'xoxb-1', signingSecrets: ['new', 'old'] } },
    });
    expect(() => outsideSlackKeys(outside, withSources(PROMETHEUS))).toThrow(
      /^(?!.*xoxb-1).*no tenant of the policy has a slack section/,
    );
  });
});

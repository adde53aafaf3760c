import { describe, expect, it } from 'vitest';
import { credentialProblem } from '../../../lib/adapters/secrets-manager/credential-rules.ts';
import {
  readConsole,
  readIntake,
  readPagerDuty,
  readSlack,
} from '../../../lib/adapters/secrets-manager/shapes.ts';
import { readTargets } from '../../../lib/adapters/secrets-manager/target-shapes.ts';

const strong = 'kP3vX9qLr2TzWm8YbN4cHs7D';

describe('what admits somebody', () => {
  it.each([
    ['23 characters', strong.slice(1)],
    ['a sample', 'changeme-changeme-changeme'],
    ['a sample with other letters', 'Your-Token-Goes-Here-1234567890'],
    ['a word to be replaced', 'REPLACE_WITH_LONG_RANDOM_VALUE_9x'],
    ['one character', 'a'.repeat(40)],
    ['a short pattern', 'abcabcabcabcabcabcabcabcabc'],
    ['an obvious word', 'Password-Zx9-kL2-Qw8-Er7-Ty6'],
  ])('is not %s', (_what, credential) => {
    expect(credentialProblem(credential)).not.toBeNull();
  });

  it.each([
    ['base64', 'q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA='],
    ['hex', '9f86d081884c7d659a2feaa0c55ad015'],
    ['24 letters and digits', strong],
  ])('is random %s', (_what, credential) => {
    expect(credentialProblem(credential)).toBeNull();
  });
});

describe('shapes', () => {
  it.each<[string, (json: unknown) => unknown, unknown, string]>([
    ['no JSON', readIntake, undefined, ''],
    ['a list', readIntake, [], ''],
    ['no sources', readIntake, {}, 'sources'],
    ['one text in place of a list', readIntake, { sources: { am: strong } }, 'sources.am'],
    ['a number as a token', readIntake, { sources: { am: [5] } }, 'sources.am[0]'],
    ['an empty token', readIntake, { sources: { am: [''] } }, 'sources.am[0]'],
    ['a line break', readIntake, { sources: { am: [`${strong}\n`] } }, 'sources.am[0]'],
    ['no routing keys', readPagerDuty, { webhookSecrets: {} }, 'routingKeys'],
    [
      'a list of routing keys',
      readPagerDuty,
      { routingKeys: ['k'], webhookSecrets: {} },
      'routingKeys',
    ],
    ['no webhook secrets', readPagerDuty, { routingKeys: {} }, 'webhookSecrets'],
    [
      'a number as the API token',
      readPagerDuty,
      { routingKeys: {}, webhookSecrets: {}, apiToken: 1 },
      'apiToken',
    ],
    ['no signing key', readConsole, { people: {} }, 'signingKey'],
    ['no workspaces', readSlack, {}, 'workspaces'],
    [
      'a short signing secret',
      readSlack,
      { workspaces: { acme: { signingSecrets: ['short'], botToken: 'xoxb-1' } } },
      'workspaces.acme.signingSecrets[0]',
    ],
    [
      'no bot token',
      readSlack,
      { workspaces: { acme: { signingSecrets: [] } } },
      'workspaces.acme.botToken',
    ],
    ['a short signing key', readConsole, { signingKey: 'short' }, 'signingKey'],
    [
      'a short token of a person',
      readConsole,
      { signingKey: strong, people: { ada: 'x' } },
      'people.ada',
    ],
  ])('%s is refused at its place', (_what, read, json, where) => {
    expect(read(json)).toMatchObject({ ok: false, error: { where } });
  });

  it('takes the values that a stack starts with', () => {
    const placeholder = 'x'.repeat(64);
    expect(readIntake({ sources: {}, placeholder })).toEqual({ ok: true, value: { sources: {} } });
    expect(readPagerDuty({ routingKeys: {}, webhookSecrets: {}, placeholder })).toEqual({
      ok: true,
      value: { routingKeys: {}, webhookSecrets: {}, apiToken: null, apiFrom: null },
    });
    expect(readConsole({ people: {}, signingKey: strong })).toEqual({
      ok: true,
      value: { signingKey: strong, people: {} },
    });
  });

  it('keeps a source that is named like a part of every object', () => {
    const json = JSON.parse(`{"sources":{"__proto__":["${strong}"]}}`) as unknown;
    const read = readIntake(json);
    expect(read.ok && Object.hasOwn(read.value.sources, '__proto__')).toBe(true);
  });
});

const cluster = (members: object) => ({ tenants: { acme: { clusters: { main: members } } } });
const pem = Buffer.from('-----BEGIN CERTIFICATE-----').toString('base64');

describe('what opens targets', () => {
  it.each<[string, unknown, string, string]>([
    ['no tenants', {}, 'tenants', 'JSON object'],
    ['a command', cluster({ exec: { command: 'aws' } }), 'tenants.acme.clusters.main.exec', 'run'],
    ['a number as a token', cluster({ token: 1 }), 'tenants.acme.clusters.main.token', 'text'],
    ...[
      'http://10.0.0.1',
      'https://user:pass@10.0.0.1',
      'https://10.0.0.1/?x=1',
      '10.0.0.1:6443',
    ].map<[string, unknown, string, string]>((server) => [
      `a server ${server}`,
      cluster({ server }),
      'tenants.acme.clusters.main.server',
      'https',
    ]),
    ['PEM as it is', cluster({ caData: '-----BEGIN' }), 'tenants.acme.clusters.main.caData', 'PEM'],
    ['half a certificate', cluster({ clientKeyData: pem }), 'tenants.acme.clusters.main', 'both'],
    [
      'a header of two lines',
      { tenants: { acme: { signals: { 'a.example': 'Bearer x\nHost: y' } } } },
      'tenants.acme.signals.a.example',
      'one line',
    ],
    [
      'an empty token',
      { tenants: { acme: { gitHosts: { github: '' } } } },
      'tenants.acme.gitHosts.github',
      'empty',
    ],
  ])('is not %s', (_what, json, where, what) => {
    expect(readTargets(json)).toMatchObject({
      ok: false,
      error: { where, what: expect.stringContaining(what) as string },
    });
  });

  it("takes a service account's key as the object that Google wrote", () => {
    const signals = { 'monitoring.googleapis.com': { client_email: 'a@b', private_key: 'k\n' } };
    const read = readTargets({ tenants: { acme: { signals } } });
    const value = read.ok ? read.value.tenants['acme']?.signals['monitoring.googleapis.com'] : '';
    expect(JSON.parse(value ?? '')).toEqual(signals['monitoring.googleapis.com']);
  });

  it('takes the members of a kubeconfig', () => {
    const members = { server: 'https://c.example/k8s/1', clientCertData: pem, clientKeyData: pem };
    expect(readTargets(cluster({ ...members, caData: null }))).toMatchObject({
      value: { tenants: { acme: { clusters: { main: { ...members, token: null } } } } },
    });
  });
});

import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { checkPolicy } from '../../../../lib/codec/policy/load.ts';
import type { Policy } from '../../../../lib/domain/policy/policy.ts';
import { decodeAlertmanager } from '../../../../lib/codec/alertmanager.ts';
import { sampleAlert } from '../../../../lib/local/up/sample.ts';

function policyWith(kind: string, rules = ''): Policy {
  const text = `version: 1
tenants:
  default:
    sources:
      - id: prometheus
        kind: ${kind}
${rules}`;
  const checked = checkPolicy(text, { fileName: 'policy.yaml' });
  if (!checked.ok) throw new Error(JSON.stringify(checked.error));
  return checked.value.policy;
}

const url = 'http://127.0.0.1:8484';

const commandWith = (token: string): string =>
  sampleAlert({ url, policy: policyWith('alertmanager'), sourceTokens: { prometheus: token } })
    ?.command ?? '';

/** The arguments that a shell makes of a line, by a `curl` that only prints them. */
function argumentsOf(line: string): readonly string[] {
  const script = `curl() { printf '%s\\0' "$@"; }\n${line}`;
  const printed = execFileSync('sh', ['-c', script], { encoding: 'utf8' });
  return printed.split('\0').slice(0, -1);
}

describe('the command that raises a sample', () => {
  it('is one line that a shell takes apart as it is meant', () => {
    const command = commandWith('abc123');
    expect(command).not.toContain('\n');
    const [flags, h1, authorization, h2, type, d, body = '', target] = argumentsOf(command);
    expect([flags, h1, authorization, h2, type, d, target]).toEqual([
      '-sS',
      '-H',
      'Authorization: Bearer abc123',
      '-H',
      'Content-Type: application/json',
      '-d',
      `${url}/v1/alerts/alertmanager`,
    ]);
    const delivery = decodeAlertmanager(body);
    expect(delivery.ok && delivery.value.alerts).toMatchObject([
      { labels: { alertname: 'CheckoutDown', service: 'checkout', severity: 'critical' } },
    ]);
    expect(body).toMatch(/"startsAt":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"/);
  });

  it.each(['a$HOME`id`"b\\', "it's"])('keeps a token whole that a person chose: %s', (token) => {
    expect(argumentsOf(commandWith(token))[2]).toBe(`Authorization: Bearer ${token}`);
  });

  it('says what severity the policy will give it', () => {
    const rules = `    severity:
      rules:
        - id: critical
          match: ['severity="critical"']
          severity: P0
          reason: it is critical
`;
    const sampled = (policy: Policy) =>
      sampleAlert({ url, policy, sourceTokens: { prometheus: 't' } })?.severity;
    expect(sampled(policyWith('alertmanager', rules))).toBe('P0');
    expect(sampled(policyWith('alertmanager'))).not.toBe('P0');
  });

  it('is not there without a source for it', () => {
    const policy = policyWith('cloud-monitoring');
    expect(sampleAlert({ url, policy, sourceTokens: {} })).toBeUndefined();
  });
});

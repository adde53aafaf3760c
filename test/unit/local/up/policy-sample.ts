import { loadPolicy } from '../../../../lib/codec/policy/load.ts';
import type { Policy } from '../../../../lib/domain/policy/policy.ts';

/** The policy of a YAML text, which must be valid. */
export function policyOf(text: string): Policy {
  const loaded = loadPolicy(text, { fileName: 'sample.yaml' });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.error));
  return loaded.value;
}

/** One tenant with the given lines below `sources`. */
export const withSources = (...sources: readonly string[]): Policy => tenantWith(sources, []);

/** The same, with a Slack workspace and people in it. */
export const withSlack = (...sources: readonly string[]): Policy =>
  tenantWith(sources, [
    '    slack: { teamId: T0EXAMPLE, channel: C0INCIDENTS }',
    '    people:',
    '      - { id: ada, name: Ada, slackUserId: U0ADA }',
    '      - { id: grace, name: Grace, slackUserId: U0GRACE, roles: [observer] }',
    '      - { id: lin, name: Lin }',
  ]);

const tenantWith = (sources: readonly string[], more: readonly string[]): Policy =>
  policyOf(
    [
      'version: 1',
      'tenants:',
      '  default:',
      '    sources:',
      ...sources.map((source) => `      - ${source}`),
      '    services:',
      '      - { id: checkout, tier: 1, match: [\'service="checkout"\'], routingKey: payments }',
      '    severity:',
      '      rules:',
      '        - { id: critical, match: [\'severity="critical"\'], tiers: [1], severity: P1, reason: test }',
      ...more,
    ].join('\n'),
  );

export const PROMETHEUS = '{ id: prometheus, kind: alertmanager }';
export const GOOGLE = '{ id: google, kind: cloud-monitoring }';

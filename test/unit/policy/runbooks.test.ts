import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { matchesAll } from '../../../lib/domain/alert/matcher.ts';
import { accepted } from './policy-text.ts';

const fileOf = (path: string): string =>
  readFileSync(new URL(`../../../policy/${path}`, import.meta.url), 'utf8');

/** The automatic triggers of the field, in the order in which the example policy has them. */
const triggers = [
  ['bad-deploy', 'rollback', /over 5 %.*25 % over its baseline, after a deploy/],
  ['p99-doubled', 'rollback', /twice its baseline/],
  ['health-checks-failed', 'restart', /Three failed health checks in a row/],
  ['not-ready', 'rollback', /Readiness/],
  ['crash-loop', 'rollback', /more than 5 restarts in 5 minutes/],
  ['out-of-resources', 'scale', /Out of memory, or CPU throttled/],
  ['elevated-5xx', 'rollback', /5xx/],
  ['health-budget-breached', 'pause', /budget/],
  ['database-connections', null, /over 80 %/],
  ['queue-lag', 'scale', /over 5 minutes/],
  ['migration-failed', null, /migration/],
  ['dependency-down', null, /External dependency/],
  ['cascading-failure', null, /Cascading/],
  ['critical-function-broken', 'rollback', /Critical function/],
  ['data-corruption', null, /corruption or loss/],
  ['security-flaw', null, /Security/],
  ['compliance-check-failed', null, /compliance/],
  ['customer-reports', null, /over their threshold/],
] as const;

interface Rule {
  readonly alert?: string;
  readonly expr: string;
  readonly labels?: Readonly<Record<string, string>>;
}

// The file is ours, and promtool reads the same.
const rules = (
  parse(fileOf('alerts/tocsin-runbooks.rules.yml')) as {
    readonly groups: readonly { readonly rules: readonly Rule[] }[];
  }
).groups.flatMap((group) => group.rules);

const { policy, warnings } = accepted(fileOf('tocsin.yaml'));
const runbooks = policy.tenants[0]?.actions.runbooks ?? [];

describe('the runbooks of the example policy', () => {
  it('are one for each trigger, in order, without a warning', () => {
    expect(runbooks.map(({ id }) => id)).toEqual(triggers.map(([id]) => id));
    expect(warnings).toEqual([]);
  });

  it.each(triggers)('has %s, which proposes %s', (id, verb, title) => {
    const runbook = runbooks.filter((each) => each.id === id);
    expect(runbook).toMatchObject([
      {
        title: expect.stringMatching(title) as string,
        action: verb === null ? null : { verb },
        mode: 'shadow',
        proposes: expect.stringMatching(/\.$/) as string,
        willNot: expect.stringMatching(/\.$/) as string,
      },
    ]);
    const people = runbook.flatMap(({ action, steps }) => (action === null ? [steps.length] : []));
    expect(people.every((steps) => steps > 2)).toBe(true);
  });

  it.each(triggers)('has an alert that matches %s and no other', (id) => {
    const alerts = rules.filter(({ labels }) => labels?.['runbook'] === id);
    expect(alerts.length).toBeGreaterThan(0);
    for (const { labels = {} } of alerts) {
      const matched = runbooks.filter(({ when }) => matchesAll(when.match, labels));
      expect(matched.map((runbook) => runbook.id)).toEqual([id]);
    }
  });

  it.each([
    ['BadDeployErrors', /> 0\.05$/],
    ['BadDeployLatency', /> 1\.25 \*.*baseline$/],
    ['P99Doubled', /> 2 \*.*baseline$/],
    ['HealthChecksFailed', /\[1m\]\)\) == 0$/],
    ['CrashLoop', /restarts_total\[5m\][^>]*> 5$/],
    ['DatabaseConnections', /> 0\.8$/],
    ['QueueLag', /> 300$/],
    ['CascadingFailure', />= 3$/],
    ['CustomerReports', /\[15m\]\)\) > 10$/],
  ])('%s has the threshold of its trigger', (alert, threshold) => {
    expect(rules.find((rule) => rule.alert === alert)?.expr.trim()).toMatch(threshold);
  });
});

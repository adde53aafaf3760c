import { describe, expect, it } from 'vitest';
import type { PlacedAlert } from '../../../lib/domain/correlation/place.ts';
import type {
  BlastRule,
  Severity,
  SeverityRule,
  TenantPolicy,
} from '../../../lib/domain/policy/policy.ts';
import {
  blastRulesMet,
  classify,
  classifyAlert,
  type Blast,
} from '../../../lib/domain/severity/classify.ts';
import { alert, checkout, equals, tenant, totals } from './samples.ts';

const placed = (severity: string, of: Partial<PlacedAlert> = {}): PlacedAlert => ({
  alert: alert({ labels: { severity } }),
  service: checkout,
  serviceId: 'checkout',
  environment: 'production',
  ...of,
});

const rule = (of: Partial<SeverityRule>): SeverityRule => ({
  id: 'r',
  match: [],
  tiers: [],
  environments: [],
  severity: 'P0',
  reason: 'because',
  ...of,
});

const blastRule = (of: Partial<BlastRule>): BlastRule => ({
  id: 'wide',
  match: [],
  minServices: null,
  minAlerts: null,
  severity: 'P0',
  reason: 'it spreads',
  ...of,
});

const withRules = (...severityRules: readonly SeverityRule[]): TenantPolicy => ({
  ...tenant,
  severityRules,
});

describe('classifyAlert', () => {
  it.each([
    [rule({}), placed('x'), 'P0', 'no condition always holds'],
    [rule({ match: [equals('severity', 'x')] }), placed('x'), 'P0', 'the label matches'],
    [rule({ match: [equals('severity', 'x')] }), placed('y'), 'P2', 'it does not'],
    [rule({ tiers: [1] }), placed('x'), 'P0', 'the tier is named'],
    [rule({ tiers: [2, 3] }), placed('x'), 'P2', 'another tier'],
    [rule({ tiers: [1, 2, 3] }), placed('x', { service: null }), 'P2', 'no service, no tier'],
    [rule({ environments: ['production'] }), placed('x'), 'P0', 'the environment is named'],
    [rule({ environments: ['staging'] }), placed('x'), 'P2', 'another environment'],
    [rule({ environments: ['production'] }), placed('x', { environment: '' }), 'P2', 'none known'],
    [
      rule({ tiers: [1], environments: ['staging'], match: [equals('severity', 'x')] }),
      placed('x'),
      'P2',
      'all conditions must hold',
    ],
  ])('%#', (only, of, severity) => {
    expect(classifyAlert(of, withRules(only)).severity).toBe(severity);
  });

  it('goes by the first rule that matches, not by the gravest', () => {
    const first = rule({ id: 'first', severity: 'P2', reason: 'a known nuisance' });
    expect(classifyAlert(placed('x'), withRules(first, rule({})))).toEqual({
      severity: 'P2',
      reason: { rule: 'first', text: 'a known nuisance' },
    });
  });

  it('says that the default held', () => {
    expect(classifyAlert(placed('x'), withRules())).toEqual({
      severity: 'P2',
      reason: { rule: 'default', text: 'no severity rule matches, so the default P2 holds' },
    });
  });
});

describe('blast rules', () => {
  const blast = (of: Partial<Blast> = {}): Blast => ({
    totals: totals(1),
    services: ['checkout'],
    blastRules: ['wide'],
    ...of,
  });
  const withBlast = (of: Partial<BlastRule>): TenantPolicy => ({
    ...tenant,
    blastRules: [blastRule(of)],
  });

  it.each<[Partial<BlastRule>, Blast, Severity, string]>([
    [{ minServices: 2 }, blast({ services: ['a', 'b'] }), 'P0', 'exactly as many services'],
    [{ minServices: 2 }, blast({ services: ['a'] }), 'P2', 'one short'],
    [{ minAlerts: 3 }, blast({ totals: totals(1, 9, 3) }), 'P0', 'exactly as many alerts'],
    [{ minAlerts: 3 }, blast({ totals: totals(9, 9, 2) }), 'P2', 'episodes are not alerts'],
    [
      { minAlerts: 3, minServices: 2 },
      blast({ totals: totals(3), services: ['a'] }),
      'P2',
      'both bounds must be met',
    ],
    [{ minAlerts: 1 }, blast({ blastRules: [] }), 'P2', 'no alert met its matchers'],
    [{ minAlerts: 1, severity: 'P2' }, blast(), 'P2', 'a milder one takes nothing away'],
  ])('%j: %#', (of, size, severity) => {
    expect(classify([placed('warning')], size, withBlast(of))?.severity).toBe(severity);
  });

  it('are met by any alert that matches', () => {
    const policy = withBlast({ match: [equals('severity', 'x')], minAlerts: 2 });
    expect(blastRulesMet([placed('y'), placed('x')], policy)).toEqual(['wide']);
    expect(blastRulesMet([placed('y')], policy)).toEqual([]);
    expect(blastRulesMet([], withBlast({ minAlerts: 2 }))).toEqual([]);
  });

  it('alone decide when no alert is new', () => {
    expect(classify([], blast(), withBlast({ minAlerts: 1 }))?.reason.rule).toBe('wide');
    expect(classify([], blast(), tenant)).toBeNull();
  });
});

describe('classify', () => {
  const none: Blast = { totals: totals(2), services: [], blastRules: [] };

  it.each([
    [['warning', 'critical', 'error']],
    [['critical', 'error', 'warning']],
    [['error', 'warning', 'critical']],
  ])('is the gravest of %j', (labels) => {
    const gravest = classify(
      labels.map((label) => placed(label)),
      none,
      tenant,
    );
    expect(gravest).toEqual({
      severity: 'P0',
      reason: { rule: 'label-critical', text: 'the alert says critical' },
    });
  });
});

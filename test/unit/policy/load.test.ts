import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadPolicy } from '../../../lib/codec/policy/load.ts';
import type { Alert } from '../../../lib/domain/alert/alert.ts';
import {
  groupAlerts,
  placeAlert,
  type PlacedAlert,
} from '../../../lib/domain/correlation/place.ts';
import { noActions } from '../../../lib/domain/policy/no-actions.ts';
import type { TenantPolicy } from '../../../lib/domain/policy/policy.ts';
import { classifyAlert } from '../../../lib/domain/severity/classify.ts';
import { epochMs, hours, minutes, seconds } from '../../../lib/domain/shared/time.ts';
import { accepted, tenantOf, withSections } from './policy-text.ts';

const exampleText = readFileSync(new URL('../../../policy/tocsin.yaml', import.meta.url), 'utf8');

describe('a policy that says only where alerts come from', () => {
  it('has the defaults of the reference', () => {
    expect(tenantOf(withSections(''))).toEqual({
      id: 'default',
      name: 'default',
      sources: [
        {
          id: 'prometheus',
          kind: 'alertmanager',
          labels: {},
          apiUrl: null,
          unreadableSeverity: 'P1',
        },
      ],
      services: [],
      environmentLabels: ['environment', 'env'],
      severityRules: [],
      defaultSeverity: 'P2',
      blastRules: [],
      groupingRules: [],
      lifecycle: {
        reopenWindowMs: minutes(30),
        resolveDelayMs: minutes(1),
        maxAgeMs: hours(24),
        manualResolveQuietMs: hours(4),
      },
      sla: {
        targets: {
          P0: { respondMs: minutes(15), resolveMs: hours(1) },
          P1: { respondMs: hours(1), resolveMs: hours(4) },
          P2: { respondMs: hours(4), resolveMs: hours(24) },
        },
        stagesPct: [50, 80, 100],
        afterBreach: { everyPct: 50, times: 4 },
      },
      paging: {
        defaultRoutingKey: 'default',
        ratePerMinute: 120,
        fallbackSeverities: ['P0', 'P1'],
        fallbackAfterMs: seconds(60),
        pageDeadlineMs: minutes(30),
        ackIdleMs: { P0: hours(1), P1: hours(4), P2: null },
        adoptIncidents: true,
        priorities: { P0: null, P1: null, P2: null },
      },
      communication: {
        updateEveryMs: { P0: minutes(15), P1: minutes(15), P2: null },
        postmortemWithinMs: { P0: hours(48), P1: hours(48), P2: null },
        closeAfterMs: { P0: hours(2), P1: hours(2), P2: hours(2) },
      },
      slack: null,
      people: [],
      actions: noActions,
    } satisfies TenantPolicy);
  });
});

describe('a policy that says everything', () => {
  it('is taken as it stands', () => {
    const tenant = tenantOf(
      withSections(`        labels: { cluster: eu-1 }
        unreadable: P2
    name: Shop
    services:
      - id: checkout
        name: Checkout
        team: payments
        tier: 1
        match: ['service="checkout"', "env!~'test|dev'"]
        routingKey: payments
        runbook: https://runbooks.example.com/checkout
        dashboard: http://grafana.example.com/d/1
    severity:
      default: P1
      rules:
        - { id: r, match: [], tiers: [1, 2], environments: [prod], severity: P0, reason: because }
      blast:
        - { id: b, match: ['a=~"x"'], minServices: 2, minAlerts: 9, severity: P0, reason: many }
    grouping:
      - { id: g, match: ['a="b"'], by: source-group }
      - { id: h, by: ['@service', 'k8s.cluster'] }
    lifecycle: { resolveDelay: 0s }
    sla:
      targets: { P0: { respond: 1m30s, resolve: 1d } }
      stages: [100]
      afterBreach: { times: 0 }
    paging: { fallback: { severities: [P0] } }
    people:
      - { id: ada, name: Ada, email: ada@example.com, pagerdutyUserId: P1, slackUserId: U1 }
      - { id: bob }
`),
    );
    expect(tenant).toMatchObject({
      name: 'Shop',
      sources: [{ labels: { cluster: 'eu-1' }, unreadableSeverity: 'P2' }],
      services: [
        {
          id: 'checkout',
          name: 'Checkout',
          team: 'payments',
          tier: 1,
          match: [
            { label: 'service', operator: '=', value: 'checkout' },
            { label: 'env', operator: '!~', value: 'test|dev' },
          ],
          routingKey: 'payments',
          runbookUrl: 'https://runbooks.example.com/checkout',
          dashboardUrl: 'http://grafana.example.com/d/1',
        },
      ],
      defaultSeverity: 'P1',
      severityRules: [{ tiers: [1, 2], environments: ['prod'], severity: 'P0', reason: 'because' }],
      blastRules: [{ minServices: 2, minAlerts: 9, severity: 'P0' }],
      groupingRules: [{ by: 'source-group' }, { match: [], by: ['@service', 'k8s.cluster'] }],
      lifecycle: { resolveDelayMs: 0, reopenWindowMs: minutes(30) },
      sla: {
        targets: { P0: { respondMs: seconds(90), resolveMs: hours(24) } },
        stagesPct: [100],
        afterBreach: { everyPct: 50, times: 0 },
      },
      paging: { fallbackSeverities: ['P0'], fallbackAfterMs: minutes(1) },
      people: [
        { id: 'ada', email: 'ada@example.com', pagerdutyUserId: 'P1', slackUserId: 'U1' },
        { id: 'bob', name: 'bob', email: null, pagerdutyUserId: null, slackUserId: null },
      ],
    });
  });
});

describe('the example policy', () => {
  const tenant = tenantOf(exampleText);
  const source = tenant.sources.find(({ id }) => id === 'prometheus');

  function place(labels: Readonly<Record<string, string>>): PlacedAlert {
    if (source === undefined) throw new Error('The example has no source prometheus.');
    return placeAlert(alertWith(labels), { tenant, source });
  }

  it('loads without a warning', () => {
    expect(accepted(exampleText).warnings).toEqual([]);
  });

  it.each([
    [
      { service: 'checkout', severity: 'critical', environment: 'production' },
      'P0',
      'critical-tier-1',
    ],
    [{ service: 'login', severity: 'Critical', env: 'production' }, 'P0', 'critical-tier-1'],
    [{ service: 'checkout', severity: 'critical', environment: 'staging' }, 'P2', 'not-production'],
    [{ service: 'checkout', severity: 'critical' }, 'P1', 'critical'],
    [{ service: 'search', severity: 'page', environment: 'production' }, 'P1', 'critical'],
    [{ service: 'unknown', severity: 'critical', environment: 'production' }, 'P1', 'critical'],
    [{ service: 'cart', severity: 'error', environment: 'production' }, 'P1', 'error-tier-1'],
    [{ service: 'checkout', severity: 'warning', environment: 'production' }, 'P2', 'default'],
    [{ namespace: 'reporting', severity: 'error' }, 'P2', 'default'],
    [{}, 'P2', 'default'],
  ])('makes %o %s by the rule %s', (labels, severity, rule) => {
    expect(classifyAlert(place(labels), tenant)).toMatchObject({ severity, reason: { rule } });
  });

  it.each([
    [{ alertname: 'CheckoutDown', service: 'checkout' }, 'by-service'],
    [{ alertname: 'KubeNodeNotReady', service: 'checkout' }, 'platform'],
    [{ alertname: 'Other' }, 'source-group'],
  ])('groups %o by the rule %s', (labels, rule) => {
    if (source === undefined) throw new Error('The example has no source prometheus.');
    const delivery = {
      sourceKind: 'alertmanager',
      group: '{}:{}',
      alerts: [alertWith(labels)],
      truncatedAlerts: 0,
      isTest: false,
      cuts: [],
    } as const;
    const groups = groupAlerts(delivery, { tenant, source });
    expect(groups.map(({ grouping }) => grouping.rule)).toEqual([rule]);
  });

  it('says what a policy without these sections would say too', () => {
    const { lifecycle, sla, paging, communication } = tenantOf(withSections(''));
    expect(tenant).toMatchObject({ lifecycle, sla, paging, communication });
  });
});

describe('loadPolicy', () => {
  it('gives the policy alone, or the errors', () => {
    const { policy } = accepted(withSections(''));
    expect(loadPolicy(withSections(''), { fileName: 'p' })).toEqual({ ok: true, value: policy });
    expect(loadPolicy('', { fileName: 'p' })).toMatchObject({ error: [{ fileName: 'p' }] });
  });

  it('keeps tenants in the order of the file, and the version with what they hold', () => {
    const tenant = (id: string) => `  ${id}: { sources: [{ id: s-${id}, kind: alertmanager }] }\n`;
    const text = `version: 1\ntenants:\n${tenant('b')}${tenant('a')}`;
    const { policy } = accepted(text);
    expect(policy.tenants.map(({ id }) => id)).toEqual(['b', 'a']);
    expect(accepted(`# A comment\n${text}`).policy.version).toBe(policy.version);
    expect(accepted(`${text}${tenant('c')}`).policy.version).not.toBe(policy.version);
  });
});

function alertWith(labels: Readonly<Record<string, string>>): Alert {
  return {
    fingerprint: 'f',
    startsAtMs: epochMs(0),
    endsAtMs: null,
    status: 'firing',
    name: 'Example',
    summary: '',
    description: '',
    labels,
    annotations: {},
    links: {},
    sourceFields: {},
    cuts: [],
  };
}

import { describe, expect, it } from 'vitest';
import type { Alert, Delivery } from '../../../lib/domain/alert/alert.ts';
import { groupAlerts, placeAlert, type Origin } from '../../../lib/domain/correlation/place.ts';
import type {
  GroupingRule,
  ServicePolicy,
  SourcePolicy,
} from '../../../lib/domain/policy/policy.ts';
import type { Labels } from '../../../lib/domain/shared/labels.ts';
import { alert, checkout, equals, tenant } from './samples.ts';

const origin = (
  source: Partial<SourcePolicy> = {},
  groupingRules: readonly GroupingRule[] = [],
): Origin => ({
  tenant: { ...tenant, groupingRules },
  source: {
    id: 'prom',
    kind: 'alertmanager',
    labels: {},
    apiUrl: null,
    unreadableSeverity: 'P2',
    ...source,
  },
});

const delivery = (...alerts: readonly Alert[]): Delivery => ({
  sourceKind: 'alertmanager',
  group: '{}:{alertname="X"}',
  alerts,
  truncatedAlerts: 0,
  isTest: false,
  cuts: [],
});

const labelled = (labels: Labels): Alert => alert({ labels });

describe('placeAlert', () => {
  it.each<[Labels, ServicePolicy | null, string, string]>([
    [{ service: 'checkout' }, checkout, 'checkout', 'a service of the policy'],
    [{ service: 'other' }, null, 'other', 'the label, when the policy knows no such service'],
    [{}, null, '', 'nothing says'],
  ])('%j belongs to its service: %#', (labels, service, serviceId) => {
    expect(placeAlert(labelled(labels), origin())).toMatchObject({ service, serviceId });
  });

  it('takes the first service that matches', () => {
    const twin = { ...checkout, id: 'twin' };
    const of = { ...origin(), tenant: { ...tenant, services: [twin, checkout] } };
    expect(placeAlert(labelled({ service: 'checkout' }), of).serviceId).toBe('twin');
  });

  it.each<[Labels, string, string]>([
    [{ environment: 'production', env: 'staging' }, 'production', 'the first name wins'],
    [{ environment: '', env: 'staging' }, 'staging', 'an empty label is none'],
    [{}, '', 'none is known'],
  ])('%j is in its environment: %#', (labels, environment) => {
    expect(placeAlert(labelled(labels), origin()).environment).toBe(environment);
  });

  it('adds the labels of the source, below those of the alert', () => {
    const of = origin({ labels: { env: 'production', service: 'checkout' } });
    const placed = placeAlert(labelled({ service: 'other' }), of);

    expect(placed.alert.labels).toEqual({ env: 'production', service: 'other' });
    expect(placed).toMatchObject({ environment: 'production', serviceId: 'other' });
  });

  it('is not fooled by names that every object has', () => {
    const of = { ...origin(), tenant: { ...tenant, environmentLabels: ['constructor'] } };
    expect(placeAlert(labelled({}), of).environment).toBe('');
  });
});

describe('groupAlerts', () => {
  const byService: GroupingRule = { id: 'by-service', match: [], by: ['@service', 'zone'] };

  it('keeps the source’s groups when no rule says otherwise', () => {
    const groups = groupAlerts(
      delivery(labelled({ service: 'a' }), labelled({ service: 'b' })),
      origin(),
    );

    expect(groups).toHaveLength(1);
    expect(groups[0]).toMatchObject({
      correlationKey: '["source-group","prom","{}:{alertname=\\"X\\"}"]',
      grouping: { rule: 'source-group' },
    });
  });

  it('does not mix the groups of two sources', () => {
    const [one] = groupAlerts(delivery(alert()), origin());
    const [other] = groupAlerts(delivery(alert()), origin({ id: 'other' }));
    expect(one?.correlationKey).not.toBe(other?.correlationKey);
  });

  it('splits by the values of a rule, in the order in which they came', () => {
    const groups = groupAlerts(
      delivery(
        labelled({ service: 'b', zone: '1' }),
        labelled({ service: 'a', zone: '1' }),
        labelled({ service: 'b', zone: '1', pod: 'x' }),
        labelled({ service: 'b' }),
      ),
      origin({}, [byService]),
    );

    expect(groups.map(({ correlationKey, alerts }) => [correlationKey, alerts.length])).toEqual([
      ['["by-service",[["@service","b"],["zone","1"]]]', 2],
      ['["by-service",[["@service","a"],["zone","1"]]]', 1],
      ['["by-service",[["@service","b"],["zone",""]]]', 1],
    ]);
    expect(groups[0]?.grouping).toEqual({
      rule: 'by-service',
      text: 'alerts with the same @service, zone are one incident',
    });
  });

  it('groups each alert by the first rule that matches it', () => {
    const database: GroupingRule = {
      id: 'database',
      match: [equals('tier', 'db')],
      by: ['@environment', '@source'],
    };
    const keys = groupAlerts(
      delivery(labelled({ tier: 'db', env: 'production' }), labelled({ service: 'a' })),
      origin({}, [database, byService]),
    ).map(({ correlationKey }) => correlationKey);

    expect(keys).toEqual([
      '["database",[["@environment","production"],["@source","prom"]]]',
      '["by-service",[["@service","a"],["zone",""]]]',
    ]);
  });

  it('lets a rule keep the source’s group for what it matches', () => {
    const own: GroupingRule = { id: 'own', match: [], by: 'source-group' };
    expect(groupAlerts(delivery(alert()), origin({}, [own, byService]))[0]?.grouping.rule).toBe(
      'own',
    );
  });

  it('has no group without an alert', () => {
    expect(groupAlerts(delivery(), origin())).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import type { RouteFacts, Turn } from '../../../lib/domain/coverage/coverage.ts';
import {
  findPersonGaps,
  findRouteGaps,
  uncovered,
  type Span,
} from '../../../lib/domain/coverage/find-gaps.ts';
import { routesOf } from '../../../lib/domain/coverage/routes.ts';
import { epochMs, hours } from '../../../lib/domain/shared/time.ts';
import { tenant } from './samples.ts';

const t0 = Date.UTC(2026, 10, 21);
const at = (hour: number) => epochMs(t0 + hours(hour));
const span: Span = { fromMs: at(0), untilMs: at(168) };

const turn = (from: number | null, until: number | null, more: Partial<Turn> = {}): Turn => ({
  level: 1,
  userId: 'PADA',
  userName: 'Ada',
  schedule: 'Primary',
  fromMs: from === null ? null : at(from),
  untilMs: until === null ? null : at(until),
  ...more,
});

const facts = (more: Partial<RouteFacts> = {}): RouteFacts => ({
  route: { routingKey: 'shop', services: ['checkout'], isDefault: false, expectedServiceIds: [] },
  key: 'present',
  service: { id: 'PSHOP', name: 'Shop', isEnabled: true },
  turns: [turn(null, null)],
  ...more,
});

describe('the parts of a week with nobody on call', () => {
  it.each<[string, readonly Turn[], readonly (readonly [number, number])[]]>([
    ['nobody at all', [], [[0, 168]]],
    ['somebody always', [turn(null, null)], []],
    ['a schedule without a hole', [turn(-5, 80), turn(80, 200)], []],
    ['turns that overlap', [turn(0, 100), turn(50, 60), turn(90, 168)], []],
    ['a hole', [turn(0, 20), turn(22, 168)], [[20, 22]]],
    [
      'holes at both ends',
      [turn(3, 100)],
      [
        [0, 3],
        [100, 168],
      ],
    ],
    ['a turn that begins after the week', [turn(0, 168), turn(170, 180)], []],
    ['turns in any order', [turn(84, 168), turn(0, 84)], []],
  ])('%s', (_what, turns, expected) => {
    expect(uncovered(turns, span)).toEqual(
      expected.map(([from, until]) => ({ fromMs: at(from), untilMs: at(until) })),
    );
  });
});

describe('a route', () => {
  it.each<[string, Partial<RouteFacts>, readonly string[]]>([
    ['that ends at a person', {}, []],
    ['whose key is in no secret', { key: 'missing', service: null }, ['missing-key']],
    ['whose key nobody takes', { service: null }, ['wrong-key']],
    ['through an orchestration', { key: 'orchestrated', service: null }, []],
    [
      'that leads elsewhere than the policy says',
      { route: { ...facts().route, expectedServiceIds: ['POTHER'] } },
      ['wrong-key'],
    ],
    [
      'to a disabled service',
      { service: { id: 'PSHOP', name: 'Shop', isEnabled: false } },
      ['disabled-service'],
    ],
    ['with an empty first level', { turns: [turn(null, null, { level: 2 })] }, ['empty-shift']],
    [
      'with a hole on the second level',
      { turns: [turn(null, null), turn(0, 9, { level: 2 })] },
      ['empty-shift'],
    ],
  ])('%s', (_what, more, kinds) => {
    expect(findRouteGaps(facts(more), span).map(({ kind }) => kind)).toEqual(kinds);
  });

  it('says who, where, when, and what to do', () => {
    const [gap] = findRouteGaps(facts({ turns: [turn(0, 20), turn(22, 168)] }), span);
    expect(gap?.text).toBe(
      'service checkout: nobody is on call on level 1 (Primary) from 2026-11-21T20:00:00.000Z to 2026-11-21T22:00:00.000Z. Put somebody there.',
    );
  });
});

describe('a person on call', () => {
  it.each([
    [['phone'], true, []],
    [['email', 'push_notification'], true, []],
    [['email'], true, ['missing-contact']],
    [[], false, ['missing-contact', 'unmapped-person']],
    [['sms'], false, ['unmapped-person']],
  ])('reached by %j, known here: %s', (reachedBy, isKnown, kinds) => {
    const reach = { userId: 'PADA', reachedBy, isKnown };
    expect(findPersonGaps(turn(null, null), reach).map(({ kind }) => kind)).toEqual(kinds);
  });
});

describe('the routes of a policy', () => {
  it('are its routing keys, each once, the default among them', () => {
    const { services } = tenant;
    const [first] = services;
    if (first === undefined) throw new Error('The sample has a service.');
    const of = (id: string, routingKey: string | null, pagerdutyServiceId: string | null) => ({
      ...first,
      id,
      routingKey,
      pagerdutyServiceId,
    });
    const routes = routesOf({
      ...tenant,
      paging: { ...tenant.paging, defaultRoutingKey: 'all' },
      services: [of('a', 'own', 'P1'), of('b', null, null), of('c', 'own', 'P1')],
    });
    expect(routes).toEqual([
      { routingKey: 'own', services: ['a', 'c'], isDefault: false, expectedServiceIds: ['P1'] },
      { routingKey: 'all', services: ['b'], isDefault: true, expectedServiceIds: [] },
    ]);
  });
});

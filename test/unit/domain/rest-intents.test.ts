import { describe, expect, it } from 'vitest';
import type { IncidentCommand } from '../../../lib/domain/incident/command.ts';
import type { IncidentEvent } from '../../../lib/domain/incident/event.ts';
import { planSend } from '../../../lib/domain/paging/plan-send.ts';
import type { TenantPolicy } from '../../../lib/domain/policy/policy.ts';
import {
  accepted,
  acknowledged,
  ada,
  at,
  fold,
  justOpened,
  of,
  paged,
  requested,
  resolvedByHand,
  tenant,
  when,
  type Given,
} from './samples.ts';

const note: IncidentCommand = { kind: 'add-note', by: ada, text: 'so', occurredAtMs: at(11) };
const resolve: IncidentCommand = {
  kind: 'resolve',
  cause: 'person',
  by: ada,
  note: '',
  occurredAtMs: at(12),
};
const change = (to: 'P0' | 'P1' | 'P2'): IncidentCommand => ({
  kind: 'change-severity',
  to,
  by: ada,
  reason: 'so',
});

const withPriorities: TenantPolicy = {
  ...tenant,
  paging: { ...tenant.paging, priorities: { P0: 'Sev 1', P1: 'Sev 2', P2: null } },
};

const rest = (intentId: string, action: 'note' | 'priority' | 'retrigger' | 'urgency') =>
  requested({
    intentId,
    channel: 'rest',
    action,
    purpose: 'follow',
    text: 'x',
    notBeforeMs: at(11),
  });

const having = (given: Given, ...events: readonly IncidentEvent[]): Given => [
  ...given,
  ...events.map((event) => [at(11), event] as const),
];

describe('what is asked of PagerDuty’s REST API', () => {
  it('keeps the priority in step where the policy names one, after the page', () => {
    const { then } = when(paged, change('P0'), { nowMs: at(1), policy: withPriorities });
    expect(of(then, 'page.requested')).toMatchObject([
      { channel: 'pagerduty', purpose: 'update', notBeforeMs: at(1) },
      { channel: 'rest', action: 'priority', target: 'Sev 1', notBeforeMs: at(1, 2000) },
    ]);
    const lowered = when(paged, change('P2'), { nowMs: at(1), policy: withPriorities });
    expect(of(lowered.then, 'page.requested')).toHaveLength(1);
  });

  it('gives way to a newer word on the same setting, and to no other', () => {
    const given = having(paged, rest('p6', 'priority'), rest('p7', 'note'));
    const { then } = when(given, change('P0'), { nowMs: at(12), policy: withPriorities });

    expect(of(then, 'page.superseded')).toMatchObject([
      { intentId: 'p6', channel: 'rest', action: 'priority' },
    ]);
  });

  it('is never more than twenty: the oldest gives way and the log says so', () => {
    const many = Array.from({ length: 20 }, (_, n) => rest(`p${5 + n}`, 'note'));
    const { then, incident } = when(having(paged, ...many), note, { nowMs: at(12) });

    expect(of(then, 'page.superseded')).toMatchObject([
      { intentId: 'p5', reason: "more than 20 things wait for PagerDuty's REST API" },
    ]);
    expect(incident.intents).toHaveLength(20);
  });

  it('raises the urgency of a P0 or P1 once, when most of the time is used', () => {
    const at80 = when(paged, { kind: 'wake' }, { nowMs: at(48) });
    expect(of(at80.then, 'page.requested')).toMatchObject([
      { channel: 'pagerduty' },
      { channel: 'rest', action: 'urgency', target: 'high' },
    ]);
    const before = [...paged, ...at80.then.map((event) => [at(48), event] as const)];
    const at100 = when(before, { kind: 'wake' }, { nowMs: at(60) });
    expect(of(at100.then, 'page.requested').map(({ channel }) => channel)).toEqual([
      'pagerduty',
      'fallback',
    ]);
    const p2: Given = [
      ...paged,
      [
        at(1),
        {
          type: 'severity.changed',
          from: 'P1',
          to: 'P2',
          reason: { rule: 'person', text: 'so' },
          by: ada,
        },
      ],
    ];
    const calm = when(p2, { kind: 'wake' }, { nowMs: at(48) });
    expect(of(calm.then, 'page.requested').map(({ channel }) => channel)).toEqual(['pagerduty']);
  });

  it('outlives a resolve only where it is what people said', () => {
    const given = having(paged, rest('p6', 'note'), rest('p7', 'urgency'));
    const { then, incident } = when(given, resolve, { nowMs: at(12) });

    expect(of(then, 'page.superseded')).toMatchObject([{ intentId: 'p7' }]);
    expect(incident.intents.map(({ action }) => action)).toEqual(['note', 'resolve']);
  });

  it('is given up at once when PagerDuty understood and refused, without a second channel', () => {
    const failed = {
      kind: 'report-failed',
      intentId: 'p6',
      attempt: 1,
      failure: 'rejected: no such priority',
      isRejected: true,
      retryAfterMs: 0,
      jitter: 0,
    } as const;
    const { then } = when(having(paged, rest('p6', 'priority')), failed, { nowMs: at(12) });
    expect(then).toMatchObject([{ type: 'page.dead_lettered', channel: 'rest', attempt: 1 }]);

    const unavailable = { ...failed, isRejected: false };
    const later = when(having(paged, rest('p6', 'note')), unavailable, { nowMs: at(12) });
    expect(later.then).toMatchObject([{ type: 'page.attempt_failed', channel: 'rest' }]);
  });

  it('does not touch how the page stands', () => {
    const facts = ({
      trigger,
      triggerAskedAtMs,
      pagedAtMs,
      fallbackAskedAtMs,
    }: ReturnType<typeof fold>) => [trigger, triggerAskedAtMs, pagedAtMs, fallbackAskedAtMs];
    const done: IncidentEvent = { ...accepted, intentId: 'p6', channel: 'rest', action: 'note' };
    expect(facts(fold(having(paged, rest('p6', 'note'), done)))).toEqual(facts(fold(paged)));
  });
});

describe('what is sent of it', () => {
  const planOf = (given: Given) => planSend(fold(given), 'p9', at(12)).kind;

  it.each<[Given, string, string]>([
    [having(justOpened, rest('p9', 'note')), 'wait', 'the page makes the incident first'],
    [having(paged, rest('p9', 'note')), 'rest', 'it has made it'],
    [having(resolvedByHand, rest('p9', 'note')), 'rest', 'words are taken also when it is over'],
    [
      having(
        justOpened,
        {
          type: 'page.superseded',
          intentId: 'p3',
          channel: 'pagerduty',
          action: 'trigger',
          reason: 'part of a summary',
          byIncidentId: 'x',
        },
        rest('p9', 'note'),
      ),
      'carried',
      'there is no incident of its own over there',
    ],
    [having(paged, rest('p9', 'retrigger')), 'rest', 'nobody has it'],
    [having(acknowledged, rest('p9', 'retrigger')), 'carried', 'somebody has it by now'],
  ])('%#', (given, kind) => {
    expect(planOf(given)).toBe(kind);
  });

  it('not before its instant', () => {
    const early: Given = [...paged, [at(11), rest('p9', 'note')]];
    expect(planSend(fold(early), 'p9', at(10)).kind).toBe('wait');
  });
});

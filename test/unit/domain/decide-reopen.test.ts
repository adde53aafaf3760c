import { describe, expect, it } from 'vitest';
import type { IncidentCommand } from '../../../lib/domain/incident/command.ts';
import type { Severity, TenantPolicy } from '../../../lib/domain/policy/policy.ts';
import { minutes, seconds, type EpochMs } from '../../../lib/domain/shared/time.ts';
import {
  acknowledged,
  ada,
  at,
  bob,
  lifecycle,
  of,
  paged,
  requested,
  resolvedByHand,
  tenant,
  when,
  type Given,
} from './samples.ts';

const reopen = (occurredAtMs: EpochMs, by = ada): IncidentCommand => ({
  kind: 'reopen',
  by,
  reason: 'not over',
  occurredAtMs,
});

const onlyGrave: TenantPolicy = {
  ...tenant,
  paging: { ...tenant.paging, fallbackSeverities: ['P0'] },
};

/** Resolved by its source before anybody had answered, and PagerDuty does not know yet. */
const unanswered: Given = [
  ...paged,
  [at(20), { type: 'sla.stopped', clock: 'response', version: 1, reason: 'over' }],
  [
    at(20),
    { type: 'sla.met', clock: 'resolution', version: 1, elapsedMs: minutes(20), late: false },
  ],
  [
    at(20),
    {
      type: 'incident.resolved',
      cause: 'source',
      by: lifecycle,
      occurredAtMs: at(20),
      quietUntilMs: null,
      note: '',
    },
  ],
  [at(20), requested({ intentId: 'p8', action: 'resolve', purpose: 'follow' })],
];

describe('reopen', () => {
  it('resumes the resolution clock and starts a new response clock', () => {
    const { then, incident } = when(resolvedByHand, reopen(at(50)), { nowMs: at(50) });

    expect(then).toEqual([
      { type: 'incident.reopened', by: ada, reason: 'not over', occurredAtMs: at(50) },
      {
        type: 'sla.clock_started',
        clock: 'resolution',
        version: 1,
        severity: 'P1',
        fromMs: at(50),
        targetMs: minutes(240),
        deadlineAtMs: at(270),
        elapsedBeforeMs: minutes(20),
        reason: 'resumed by a reopen',
      },
      {
        type: 'sla.clock_started',
        clock: 'response',
        version: 2,
        severity: 'P1',
        fromMs: at(50),
        targetMs: minutes(60),
        deadlineAtMs: at(110),
        elapsedBeforeMs: 0,
        reason: 'the incident was reopened',
      },
      requested({ intentId: 'p11', text: 'reopened: not over', notBeforeMs: at(50) }),
    ]);
    expect(incident).toMatchObject({ state: 'triggered', reopenCount: 1, trigger: 'requested' });
  });

  const resolving: Given = [
    ...resolvedByHand,
    [at(20), requested({ intentId: 'p8', action: 'resolve', purpose: 'follow' })],
  ];

  it('waits until a resolve that is on its way must have arrived', () => {
    const { then, incident } = when(resolving, reopen(at(21)), { nowMs: at(21) });

    expect(of(then, 'page.superseded')).toMatchObject([{ intentId: 'p8', action: 'resolve' }]);
    expect(of(then, 'page.requested')[0]).toMatchObject({
      channel: 'pagerduty',
      action: 'trigger',
      notBeforeMs: at(21, seconds(10)),
    });
    // What PagerDuty tells of an earlier instant is about the page before.
    expect(incident.triggerAskedAtMs).toBe(at(21, seconds(10)));
  });

  it.each<[Given, TenantPolicy, number, string]>([
    [resolving, tenant, 1, 'PagerDuty may hold the answered page, on which a trigger is silent'],
    [resolvedByHand, tenant, 0, 'PagerDuty knows of the resolve'],
    [unanswered, tenant, 0, 'nobody had answered: the page there still rings'],
    [resolving, onlyGrave, 0, 'the severity has no second channel'],
  ])('asks the second channel where PagerDuty may be silent: %#', (given, policy, pages) => {
    const { then } = when(given, reopen(at(21)), { nowMs: at(21), policy });
    const asked = of(then, 'page.requested').filter(({ channel }) => channel === 'fallback');

    expect(asked).toHaveLength(pages);
  });

  it('in PagerDuty asks for no page: PagerDuty has it open', () => {
    const { then, incident } = when(resolvedByHand, reopen(at(50), bob), { nowMs: at(50) });

    expect(of(then, 'page.requested')).toEqual([]);
    expect(incident).toMatchObject({ trigger: 'accepted', pagerSeenAtMs: at(50) });
  });

  it('in PagerDuty takes back an acknowledgement whose resolve was not told yet', () => {
    const { then, incident } = when(acknowledged, reopen(at(50), bob), { nowMs: at(51) });

    expect(then.map(({ type }) => type)).toEqual(['incident.unacknowledged', 'sla.clock_started']);
    expect(incident).toMatchObject({ state: 'triggered', pagerSeenAtMs: at(50) });
  });

  it.each<[Severity, number, string]>([
    ['P0', 15, 'an alert that came late raised it'],
    ['P2', 240, 'a person lowered it'],
  ])('goes by the severity that changed while it was resolved: %s', (severity, respondMin) => {
    const changed: Given = [
      ...resolvedByHand,
      [
        at(25),
        {
          type: 'severity.changed',
          from: 'P1',
          to: severity,
          reason: { rule: 'r', text: 'because' },
          by: ada,
        },
      ],
    ];
    const { then, incident } = when(changed, reopen(at(50)), { nowMs: at(50) });

    expect(of(then, 'sla.clock_started')).toMatchObject([
      { clock: 'resolution', version: 2, severity, elapsedBeforeMs: minutes(20) },
      { clock: 'response', version: 2, severity, targetMs: minutes(respondMin) },
    ]);
    expect(incident.resolution).toMatchObject({ severity, fromMs: at(50) });
  });

  it('breaches at once when the new severity leaves no time', () => {
    const raised: Given = [
      ...paged,
      [
        at(100),
        {
          type: 'sla.met',
          clock: 'resolution',
          version: 1,
          elapsedMs: minutes(100),
          late: false,
        },
      ],
      [
        at(100),
        {
          type: 'incident.resolved',
          cause: 'source',
          by: lifecycle,
          occurredAtMs: at(100),
          quietUntilMs: null,
          note: '',
        },
      ],
      [
        at(101),
        {
          type: 'severity.changed',
          from: 'P1',
          to: 'P0',
          reason: { rule: 'r', text: 'because' },
          by: ada,
        },
      ],
    ];
    const { then } = when(raised, reopen(at(105)), { nowMs: at(105) });

    expect(of(then, 'sla.breached')).toMatchObject([
      { clock: 'resolution', version: 2, severity: 'P0', deadlineAtMs: at(65) },
    ]);
  });
});

import { describe, expect, it } from 'vitest';
import type { IncidentCommand } from '../../../lib/domain/incident/command.ts';
import type { Severity } from '../../../lib/domain/policy/policy.ts';
import { planSend } from '../../../lib/domain/paging/plan-send.ts';
import { after, minutes, seconds, type EpochMs } from '../../../lib/domain/shared/time.ts';
import {
  acknowledged,
  ada,
  at,
  bob,
  justOpened,
  lifecycle,
  of,
  paged,
  requested,
  resolvedByHand,
  when,
  type Given,
} from './samples.ts';

const reopen = (occurredAtMs: EpochMs, by = ada): IncidentCommand => ({
  kind: 'reopen',
  by,
  reason: 'not over',
  occurredAtMs,
});

/** Resolved by its source while its page had not left, so that PagerDuty may know neither. */
const neverPaged: Given = [
  ...justOpened,
  [at(20), { type: 'sla.stopped', clock: 'response', version: 1, reason: 'over' }],
  [
    at(20),
    { type: 'sla.met', clock: 'resolution', version: 1, elapsedMs: minutes(20), late: false },
  ],
  [
    at(20),
    {
      type: 'page.superseded',
      intentId: 'p3',
      channel: 'pagerduty',
      action: 'trigger',
      reason: 'over',
      byIncidentId: null,
    },
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

const failed = {
  kind: 'report-failed',
  attempt: 1,
  failure: 'HTTP 500',
  isRejected: false,
  retryAfterMs: 0,
  jitter: 0,
} as const;

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
    const { then, incident } = when(neverPaged, reopen(at(21)), { nowMs: at(21) });

    expect(of(then, 'page.superseded')).toMatchObject([{ intentId: 'p8', action: 'resolve' }]);
    expect(of(then, 'page.requested')[0]).toMatchObject({
      channel: 'pagerduty',
      action: 'trigger',
      notBeforeMs: at(21, seconds(10)),
    });
    // What PagerDuty tells of an earlier instant is about the page before.
    expect(incident.triggerAskedAtMs).toBe(at(21, seconds(10)));
  });

  it('has the page of before closed first: on that one nobody might be woken', () => {
    const { then, incident } = when(resolving, reopen(at(21)), { nowMs: at(21) });

    expect(of(then, 'page.superseded')).toEqual([]);
    expect(incident.intents).toMatchObject([
      { intentId: 'p8', action: 'resolve' },
      { action: 'trigger', purpose: 'open' },
    ]);
    expect(planSend(incident, 'p8', at(22)).kind).toBe('send');
    expect(planSend(incident, incident.intents[1]?.intentId ?? '', at(22)).kind).toBe('wait');
  });

  it.each(['accepted', 'given up'])('pages anew once that resolve is %s', (outcome) => {
    const { then } = when(resolving, reopen(at(21)), { nowMs: at(21) });
    const given: Given = [...resolving, ...then.map((event) => [at(21), event] as const)];
    const intent = { intentId: 'p8', channel: 'pagerduty' } as const;
    const report: IncidentCommand =
      outcome === 'accepted'
        ? { kind: 'report-accepted', action: 'resolve', ...intent }
        : { ...failed, ...intent };
    const nowMs = outcome === 'accepted' ? at(21, 400) : at(31);
    const { then: events, incident } = when(given, report, { nowMs });

    expect(of(events, 'page.superseded')).toMatchObject([{ action: 'trigger' }]);
    expect(of(events, 'page.requested')).toContainEqual(
      expect.objectContaining({
        action: 'trigger',
        purpose: 'open',
        text: 'reopened: not over',
        // An attempt to resolve that is still under way has ended by then.
        notBeforeMs: after(nowMs, seconds(10)),
        owedSinceMs: at(21),
      }),
    );
    expect(incident).toMatchObject({ trigger: 'requested' });
    // What PagerDuty tells of that resolve is about the page before.
    expect(incident.triggerAskedAtMs).toBe(after(nowMs, seconds(10)));
  });

  it('takes nothing from PagerDuty while the page of before is being closed', () => {
    const { then } = when(resolving, reopen(at(21)), { nowMs: at(21) });
    const given: Given = [...resolving, ...then.map((event) => [at(21), event] as const)];
    const echo = { kind: 'resolve', cause: 'person', by: bob, note: '', occurredAtMs: at(22) };

    expect(when(given, echo as IncidentCommand, { nowMs: at(22) })).toMatchObject({
      refused: 'stale',
      incident: { state: 'triggered' },
    });
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

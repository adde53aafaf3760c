import { describe, expect, it } from 'vitest';
import type { ChangeSeverity } from '../../../lib/domain/incident/command.ts';
import type { IncidentEvent } from '../../../lib/domain/incident/event.ts';
import type { Principal } from '../../../lib/domain/incident/principal.ts';
import type { Severity } from '../../../lib/domain/policy/policy.ts';
import type { PageRequested } from '../../../lib/domain/incident/page-event.ts';
import {
  acknowledged,
  ada,
  at,
  attached,
  bob,
  justOpened,
  lifecycle,
  opened,
  paged,
  resolvedByHand,
  source,
  t0,
  tenant,
  when,
  type Given,
} from './samples.ts';

const wake = { kind: 'wake' } as const;

const raise = (of: Partial<ChangeSeverity> = {}): ChangeSeverity => ({
  kind: 'change-severity',
  to: 'P0',
  by: ada,
  reason: 'everybody is affected',
  ...of,
});

const pagesIn = (events: readonly IncidentEvent[]): readonly PageRequested[] =>
  events.filter((event) => event.type === 'page.requested');

const slaOf = (events: readonly IncidentEvent[]): readonly IncidentEvent[] =>
  events.filter(({ type }) => type.startsWith('sla.'));

const breachedTwice: Given = [
  ...paged,
  [at(60), { type: 'sla.stage_reached', clock: 'response', version: 1, pct: 50, dueAtMs: at(30) }],
  [at(60), { type: 'sla.stage_reached', clock: 'response', version: 1, pct: 80, dueAtMs: at(48) }],
  [
    at(60),
    {
      type: 'sla.breached',
      clock: 'response',
      version: 1,
      severity: 'P1',
      deadlineAtMs: at(60),
    },
  ],
];

describe('a wake-up', () => {
  it.each([
    [paged, at(30, -1), '1 ms before the first stage'],
    [paged, at(-1), 'by a clock that lags'],
    [resolvedByHand, at(5000), 'of an incident that is over'],
    [breachedTwice, at(60), 'at an instant that was recorded'],
  ])('records nothing: %#', (given, nowMs) => {
    expect(when(given, wake, { nowMs }).then).toEqual([]);
  });

  it('records a stage at its instant and asks for an update of the page', () => {
    const { then } = when(paged, wake, { nowMs: at(30) });

    expect(then).toEqual([
      { type: 'sla.stage_reached', clock: 'response', version: 1, pct: 50, dueAtMs: at(30) },
      {
        type: 'page.requested',
        intentId: 'p6',
        channel: 'pagerduty',
        action: 'trigger',
        purpose: 'stage',
        text: '50 % of the time to be acknowledged is used',
        notBeforeMs: at(30),
      },
    ]);
  });

  it('that is late records the true instants, and pages once', () => {
    const { then } = when(paged, wake, { nowMs: at(61) });

    expect(slaOf(then)).toEqual(breachedTwice.slice(paged.length).map(([, event]) => event));
    expect(pagesIn(then)).toMatchObject([
      { channel: 'pagerduty', purpose: 'breach', text: 'SLA breached: not acknowledged in time' },
      { channel: 'fallback', purpose: 'breach' },
      { channel: 'rest', action: 'urgency', target: 'high' },
    ]);
  });

  it('reminds after the breach', () => {
    const { then } = when(breachedTwice, wake, { nowMs: at(90) });

    expect(slaOf(then)).toMatchObject([{ type: 'sla.stage_reached', pct: 150, dueAtMs: at(90) }]);
    expect(pagesIn(then)).toMatchObject([
      { purpose: 'stage', text: 'still not acknowledged, at 150 % of the time for it' },
    ]);
  });

  it('after an acknowledgement follows the resolution clock alone', () => {
    const { then } = when(acknowledged, wake, { nowMs: at(240) });

    expect(slaOf(then)).toMatchObject([
      { clock: 'resolution', pct: 50, dueAtMs: at(120) },
      { clock: 'resolution', pct: 80, dueAtMs: at(192) },
      { type: 'sla.breached', clock: 'resolution', version: 1, deadlineAtMs: at(240) },
    ]);
  });

  it('of a P2 breach leaves the second channel alone: the policy says P0 and P1', () => {
    const minor: Given = [
      [t0, opened({ severity: 'P2' })],
      [t0, attached()],
    ];
    const { then } = when(minor, wake, { nowMs: at(240) });

    expect(pagesIn(then).map(({ channel }) => channel)).toEqual(['pagerduty']);
  });
});

describe('the second channel', () => {
  it.each([
    [justOpened, at(1, -1), 0, '1 ms early'],
    [justOpened, at(1), 1, 'PagerDuty was silent for as long as the policy allows'],
    [paged, at(1), 0, 'PagerDuty took the page'],
    [resolvedByHand, at(25), 0, 'it is over'],
    [
      [...justOpened, [at(0), { type: 'page.held', intentId: 'p3', reason: 'rate' }]] as Given,
      at(1),
      0,
      'the page is held: the summary has a second channel of its own',
    ],
  ])('takes over or not: %#', (given, nowMs, pages) => {
    const { then } = when(given, wake, { nowMs });

    expect(pagesIn(then).filter(({ channel }) => channel === 'fallback')).toHaveLength(pages);
  });

  it('takes over once', () => {
    const first = when(justOpened, wake, { nowMs: at(1) });
    const again: Given = [...justOpened, ...first.then.map((event) => [at(1), event] as const)];

    expect(when(again, wake, { nowMs: at(2) }).then).toEqual([]);
  });

  it('is not for severities that the policy does not name', () => {
    const policy = { ...tenant, paging: { ...tenant.paging, fallbackSeverities: ['P0'] as const } };

    expect(when(justOpened, wake, { nowMs: at(1), policy }).then).toEqual([]);
  });
});

describe('a change of severity', () => {
  it('sets new deadlines from the start of the incident and updates the page', () => {
    const { then, incident } = when(paged, raise(), { nowMs: at(5) });

    expect(then).toEqual([
      {
        type: 'severity.changed',
        from: 'P1',
        to: 'P0',
        reason: { rule: 'person', text: 'everybody is affected' },
        by: ada,
      },
      expect.objectContaining({
        type: 'sla.clock_started',
        clock: 'response',
        version: 2,
        severity: 'P0',
        fromMs: t0,
        deadlineAtMs: at(15),
        elapsedBeforeMs: 0,
      }),
      expect.objectContaining({ clock: 'resolution', version: 2, deadlineAtMs: at(60) }),
      expect.objectContaining({
        type: 'page.requested',
        purpose: 'update',
        text: 'severity changed from P1 to P0: everybody is affected',
      }),
    ]);
    expect(incident.severity).toBe('P0');
  });

  it('to a deadline that has passed breaches at once, with both instants', () => {
    const { then } = when(paged, raise(), { nowMs: at(20) });

    expect(slaOf(then).slice(2)).toMatchObject([
      { type: 'sla.stage_reached', clock: 'response', version: 2, pct: 50, dueAtMs: at(7, 30_000) },
      { type: 'sla.stage_reached', clock: 'response', version: 2, pct: 80, dueAtMs: at(12) },
      // The decision's own instant, 20 min, is when it was recorded.
      { type: 'sla.breached', clock: 'response', version: 2, deadlineAtMs: at(15) },
    ]);
  });

  it('leaves a clock that was met alone', () => {
    const { then, incident } = when(acknowledged, raise(), { nowMs: at(20) });

    expect(slaOf(then)).toMatchObject([{ type: 'sla.clock_started', clock: 'resolution' }]);
    expect(incident.response).toMatchObject({ version: 1, severity: 'P1' });
  });

  it('downward gives time back and keeps the breach that was', () => {
    const { then, incident } = when(breachedTwice, raise({ to: 'P2' }), { nowMs: at(70) });

    expect(slaOf(then)).toMatchObject([
      { clock: 'response', version: 2, deadlineAtMs: at(240) },
      { clock: 'resolution', version: 2, deadlineAtMs: at(24 * 60) },
    ]);
    expect(incident.response.isBreached).toBe(false);
  });

  it('of a resolved incident starts no clock and pages nobody', () => {
    const { then } = when(resolvedByHand, raise(), { nowMs: at(25) });

    expect(then.map(({ type }) => type)).toEqual(['severity.changed']);
  });

  it.each<[Principal, Severity, string | null, string]>([
    [ada, 'P2', null, 'a person lowers'],
    [bob, 'P2', null, 'a person in PagerDuty, too'],
    [source, 'P2', 'not_allowed', 'a source does not lower'],
    [lifecycle, 'P2', 'not_allowed', 'Tocsin does not lower'],
    [source, 'P0', null, 'a source raises'],
    [ada, 'P1', 'already', 'nothing to change'],
  ])('by %j to %s: %s, %s', (by, to, refused) => {
    expect(when(paged, raise({ by, to }), { nowMs: at(5) }).refused).toBe(refused);
  });
});

describe('what PagerDuty tells', () => {
  const activity = {
    kind: 'record-activity',
    activity: 'escalated',
    by: bob,
    occurredAtMs: at(4),
    text: 'escalated to Ada',
  } as const;
  const link = { kind: 'link-pager', pagerIncidentId: 'Q1', url: 'https://pd.example/Q1' } as const;

  it('is kept as activity, and changes nothing', () => {
    const { then, incident } = when(paged, activity, { nowMs: at(5) });
    const { kind: _kind, ...told } = activity;

    expect(then).toEqual([{ type: 'pager.activity', ...told }]);
    expect(incident).toMatchObject({ state: 'triggered', pagerSeenAtMs: null });
  });

  it('links the two incidents, once', () => {
    const { kind: _kind, ...linked } = link;
    const given: Given = [...paged, [at(1), { type: 'pager.linked', ...linked }]];

    expect(when(paged, link, { nowMs: at(1) }).incident).toMatchObject({
      pagerIncidentId: 'Q1',
      pagerUrl: link.url,
    });
    expect(when(given, link, { nowMs: at(2) })).toMatchObject({ then: [], refused: 'already' });
    const other = when(given, { ...link, pagerIncidentId: 'Q2' }, { nowMs: at(2) });
    expect(other.incident.pagerIncidentId).toBe('Q2');
  });
});

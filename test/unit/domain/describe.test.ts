import { describe, expect, it } from 'vitest';
import type {
  AlertRef,
  IncidentEvent,
  IncidentEventType,
} from '../../../lib/domain/incident/event.ts';
import { describers } from '../../../lib/domain/timeline/describe.ts';
import { timelineJson, timelineOf } from '../../../lib/domain/timeline/timeline.ts';
import { minutes } from '../../../lib/domain/shared/time.ts';
import {
  accepted,
  ada,
  at,
  attached,
  bob,
  lifecycle,
  opened,
  requested,
  totals,
} from './samples.ts';
import { actionRows } from './action-lines.ts';
import { commitsOf } from './log.ts';

const told = (event: IncidentEvent) => {
  const [entry] = timelineOf(commitsOf([[at(0), event]]));
  if (entry === undefined) throw new Error('Every event is a line.');
  return entry;
};

const reason = { rule: 'label-error', text: 'the alert says error' };
const page = { intentId: 'p3', channel: 'pagerduty', action: 'trigger' } as const;

const rows: readonly (readonly [IncidentEvent, text: string, reason: string | null])[] = [
  [
    opened(),
    'Opened as P1: CheckoutDown (checkout, production)',
    'the alert says error (rule label-error)',
  ],
  [attached(), '1 alert from prometheus: CheckoutDown firing; 1 of 1 now firing', null],
  [
    { type: 'severity.changed', from: 'P1', to: 'P0', reason, by: ada },
    'Severity changed from P1 to P0 by Ada (api)',
    'the alert says error (rule label-error)',
  ],
  [
    { type: 'incident.acknowledged', by: bob, occurredAtMs: at(0) },
    'Acknowledged by Bob (pagerduty)',
    null,
  ],
  [
    { type: 'incident.unacknowledged', by: ada, reason: 'not mine', occurredAtMs: at(0) },
    'Acknowledgement taken back by Ada (api)',
    'not mine',
  ],
  [
    { type: 'incident.settling', untilMs: at(2) },
    'No alert fires any more; resolves at 2026-05-12T03:02:00.000Z unless one does',
    null,
  ],
  [{ type: 'incident.unsettled' }, 'An alert fires again; the incident goes on', null],
  [
    {
      type: 'incident.resolved',
      cause: 'source',
      by: lifecycle,
      occurredAtMs: at(0),
      quietUntilMs: null,
      note: 'every alert is resolved at its source',
    },
    'Resolved by Tocsin',
    'every alert is resolved at its source',
  ],
  [
    { type: 'incident.reopened', by: ada, reason: 'not over', occurredAtMs: at(0) },
    'Reopened by Ada (api)',
    'not over',
  ],
  [
    {
      type: 'sla.clock_started',
      clock: 'response',
      version: 2,
      severity: 'P0',
      fromMs: at(0),
      targetMs: minutes(15),
      deadlineAtMs: at(15),
      elapsedBeforeMs: minutes(0),
      reason: 'severity is now P0',
    },
    'Response clock (version 2) now ends at 2026-05-12T03:15:00.000Z for P0',
    'severity is now P0',
  ],
  [
    { type: 'sla.stage_reached', clock: 'resolution', version: 1, pct: 50, dueAtMs: at(30) },
    'Resolution clock reached 50 % at 2026-05-12T03:30:00.000Z',
    null,
  ],
  [
    { type: 'sla.breached', clock: 'response', version: 1, severity: 'P1', deadlineAtMs: at(60) },
    'Response clock breached: the P1 deadline was 2026-05-12T04:00:00.000Z',
    null,
  ],
  [
    { type: 'sla.met', clock: 'response', version: 1, elapsedMs: minutes(65), late: true },
    'Response clock ended late after 1 h 5 min',
    null,
  ],
  [
    { type: 'sla.met', clock: 'response', version: 1, elapsedMs: minutes(5), late: false },
    'Response clock met after 5 min',
    null,
  ],
  [
    { type: 'sla.stopped', clock: 'response', version: 1, reason: 'nobody had to' },
    'Response clock stopped',
    'nobody had to',
  ],
  [requested({ text: 'opened as P1' }), 'PagerDuty is to get a page', 'opened as P1'],
  [
    requested({ channel: 'fallback', action: 'acknowledge', text: 'x' }),
    'The second channel is to get an acknowledgement',
    'x',
  ],
  [accepted, 'PagerDuty accepted the page', null],
  [
    { ...accepted, action: 'resolve', attempt: 3 },
    'PagerDuty accepted the resolve on attempt 3',
    null,
  ],
  [
    {
      type: 'page.attempt_failed',
      intentId: 'p3',
      channel: 'pagerduty',
      attempt: 1,
      failure: 'HTTP 500',
      wasRejected: false,
      retryAtMs: at(1),
    },
    'PagerDuty did not take attempt 1; next at 2026-05-12T03:01:00.000Z',
    'HTTP 500',
  ],
  [
    { type: 'page.held', intentId: 'p3', reason: 'the rate is used up' },
    'The page waits to be part of one summary',
    'the rate is used up',
  ],
  [
    { type: 'page.superseded', ...page, reason: 'it is over', byIncidentId: null },
    'The page for PagerDuty was not sent',
    'it is over',
  ],
  [
    {
      type: 'page.superseded',
      ...page,
      channel: 'fallback',
      reason: 'it is over',
      byIncidentId: null,
    },
    'The page for the second channel was not sent',
    'it is over',
  ],
  [
    { type: 'page.dead_lettered', ...page, attempt: 7, failure: 'HTTP 500' },
    'PagerDuty never took the page; given up after attempt 7',
    'HTTP 500',
  ],
  [
    { type: 'pager.linked', pagerIncidentId: 'Q1', url: 'https://pd.example/Q1' },
    'Carried in PagerDuty by incident Q1',
    null,
  ],
  [
    {
      type: 'pager.activity',
      activity: 'escalated',
      by: bob,
      occurredAtMs: at(0),
      text: 'escalated to Ada',
    },
    'In PagerDuty, Bob (pagerduty): escalated',
    'escalated to Ada',
  ],
  [{ type: 'note.added', by: ada, text: 'rolled back' }, 'Note by Ada (api): rolled back', null],
  [
    {
      type: 'sla.breach_withdrawn',
      clock: 'response',
      version: 1,
      deadlineAtMs: at(60),
      stoppedAtMs: at(59),
      by: bob,
    },
    'Response clock breach withdrawn: it had stopped at 2026-05-12T03:59:00.000Z, before its deadline of 2026-05-12T04:00:00.000Z',
    'word of what Bob (pagerduty) did came late',
  ],
  [
    requested({ channel: 'rest', action: 'urgency', target: 'high', text: 'x' }),
    'PagerDuty is to get a higher urgency',
    'x',
  ],
  [
    { type: 'progress.changed', from: null, to: 'identified', by: ada, text: 'a full disk' },
    'Status set to identified by Ada (api)',
    'a full disk',
  ],
  [
    { type: 'role.assigned', role: 'commander', person: { id: 'ada', name: 'Ada' }, by: ada },
    'Ada is now incident commander',
    null,
  ],
  [
    { type: 'role.assigned', role: 'expert', person: { id: 'eve', name: 'Eve' }, by: ada },
    'Eve is now subject expert, by Ada (api)',
    null,
  ],
  [
    { type: 'role.released', role: 'scribe', person: { id: 'eve', name: 'Eve' }, by: ada },
    'Eve is no longer scribe, by Ada (api)',
    null,
  ],
  [
    { type: 'note.added', by: ada, text: 'it began here', occurredAtMs: at(-5) },
    'Note of 2026-05-12T02:55:00.000Z by Ada (api): it began here',
    null,
  ],
  [
    {
      type: 'update.published',
      by: ada,
      issue: 'No checkout',
      impact: 'all of Europe',
      actions: '',
      estimate: '',
      nextDueAtMs: at(15),
    },
    'Update by Ada (api). Issue: No checkout. Impact: all of Europe. Next update: 2026-05-12T03:15:00.000Z',
    null,
  ],
  [
    { type: 'update.due', dueAtMs: at(15) },
    'An update for stakeholders was due at 2026-05-12T03:15:00.000Z',
    null,
  ],
  [
    { type: 'link.added', title: 'War room', url: 'https://meet.example/1', by: ada },
    'Link added by Ada (api): War room https://meet.example/1',
    null,
  ],
  [
    { type: 'link.added', title: 'https://a.example/', url: 'https://a.example/', by: ada },
    'Link added by Ada (api): https://a.example/',
    null,
  ],
  [
    { type: 'responder.requested', person: { id: 'eve', name: 'Eve' }, by: ada, message: 'help' },
    'Ada (api) asked for Eve to be paged',
    'help',
  ],
  [
    { type: 'escalation.requested', by: ada, reason: '' },
    'Ada (api) asked for the next level to be paged',
    null,
  ],
  [
    { type: 'acknowledgement.idle', sinceMs: at(0), afterMs: minutes(60), severity: 'P0' },
    'The acknowledgement went idle: nobody has acted since 2026-05-12T03:00:00.000Z',
    'a P0 is paged again after 1 h',
  ],
  [
    { type: 'postmortem.due', dueAtMs: at(0) },
    'The post-mortem was due at 2026-05-12T03:00:00.000Z',
    null,
  ],
  [
    { type: 'postmortem.completed', by: ada, url: 'https://docs.example/1' },
    'Post-mortem done by Ada (api): https://docs.example/1',
    null,
  ],
  [{ type: 'postmortem.completed', by: ada, url: null }, 'Post-mortem done by Ada (api)', null],
  [
    { type: 'incident.closed', sinceMs: at(0), reason: 'it has stayed resolved' },
    'Closed',
    'it has stayed resolved',
  ],
  ...actionRows,
];

describe('a line of the timeline', () => {
  it.each(rows)('%#: $type', (event, text, why) => {
    expect(told(event)).toEqual({ seq: 1, atMs: at(0), type: event.type, text, reason: why });
  });

  it('exists for every type of event, and is tested here', () => {
    const tested = new Set<IncidentEventType>(rows.map(([{ type }]) => type));
    expect([...tested].sort()).toEqual(Object.keys(describers).sort());
  });

  it('has no reason when a resolve came without a note', () => {
    expect(
      told({
        type: 'incident.resolved',
        cause: 'person',
        by: ada,
        occurredAtMs: at(0),
        quietUntilMs: null,
        note: '',
      }).reason,
    ).toBeNull();
  });
});

describe('the alerts of a delivery', () => {
  const ref = (name: string, status: AlertRef['status'] = 'firing'): AlertRef => ({
    fingerprint: name,
    startsAtMs: at(0),
    status,
    name,
    summary: '',
  });

  it.each<[Parameters<typeof attached>[0], string, string]>([
    [
      { alerts: [ref('A'), ref('A'), ref('B', 'resolved')], totals: totals(2, 3) },
      '3 alerts from prometheus: A firing, B resolved; 2 of 3 now firing',
      'equal names are said once',
    ],
    [
      { alerts: ['A', 'B', 'C', 'D', 'E'].map((name) => ref(name)), totals: totals(5) },
      '5 alerts from prometheus: A firing, B firing, C firing and 2 more; 5 of 5 now firing',
      'three names are enough',
    ],
    [
      { alertsNotListed: 9, truncatedAlerts: 4, totals: totals(10) },
      '10 alerts from prometheus: CheckoutDown firing; 10 of 10 now firing; 4 more were left out',
      'what the log or the source left out is counted',
    ],
    [
      { alerts: [], totals: totals(0, 2) },
      'Nothing new from prometheus; 0 of 2 now firing',
      'a full list after one that was cut',
    ],
  ])('%#: %s', (of, text) => {
    expect(told(attached(of)).text).toBe(text);
  });
});

describe('timelineOf', () => {
  it('numbers the events through all commits', () => {
    const entries = timelineOf(
      commitsOf([
        [at(0), opened()],
        [at(0), attached()],
        [at(1), { type: 'incident.unsettled' }],
      ]),
    );
    expect(entries.map(({ seq, atMs }) => [seq, atMs])).toEqual([
      [1, at(0)],
      [2, at(0)],
      [3, at(1)],
    ]);
    expect(timelineJson(entries)[2]).toEqual({
      at: '2026-05-12T03:01:00.000Z',
      seq: 3,
      type: 'incident.unsettled',
      text: 'An alert fires again; the incident goes on',
      reason: null,
    });
  });
});

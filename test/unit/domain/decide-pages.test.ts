import { describe, expect, it } from 'vitest';
import type { ReportAccepted, ReportFailed } from '../../../lib/domain/incident/command.ts';
import { minutes, seconds } from '../../../lib/domain/shared/time.ts';
import {
  accepted,
  ada,
  at,
  justOpened,
  opened,
  paged,
  requested,
  resolvedByHand,
  t0,
  when,
  type Given,
} from './samples.ts';

const success = (of: Partial<ReportAccepted> = {}): ReportAccepted => ({
  kind: 'report-accepted',
  intentId: 'p3',
  channel: 'pagerduty',
  action: 'trigger',
  ...of,
});

const failure = (of: Partial<ReportFailed> = {}): ReportFailed => ({
  kind: 'report-failed',
  intentId: 'p3',
  attempt: 1,
  failure: 'HTTP 500',
  isRejected: false,
  retryAfterMs: 0,
  jitter: 0,
  ...of,
});

const failed = (attempt: number, retryAtMs: ReturnType<typeof at>): Given[number] => [
  at(0, 1),
  {
    type: 'page.attempt_failed',
    intentId: 'p3',
    channel: 'pagerduty',
    attempt,
    failure: 'HTTP 500',
    wasRejected: false,
    retryAtMs,
  },
];

/** A P2 incident has no second channel, so that only backoff decides. */
const minor: Given = [[t0, opened({ severity: 'P2' })], ...justOpened.slice(1)];
const withSecondChannel: Given = [
  ...justOpened,
  [at(1), requested({ intentId: 'p4', channel: 'fallback', purpose: 'primary-silent' })],
];
const superseded: Given = [
  ...justOpened,
  [
    at(1),
    {
      type: 'page.superseded',
      intentId: 'p3',
      channel: 'pagerduty',
      action: 'trigger',
      reason: 'over',
      byIncidentId: null,
    },
  ],
];
const overBeforeSent: Given = [...superseded, ...resolvedByHand.slice(-1)];
const reopenedWhilePaged: Given = [
  ...resolvedByHand,
  [at(21), { type: 'incident.reopened', by: ada, reason: 'x', occurredAtMs: at(21) }],
];

describe('report-accepted', () => {
  it('ends the intent', () => {
    const { then, incident } = when(justOpened, success(), { nowMs: at(0, 800) });

    expect(then).toEqual([accepted]);
    expect(incident).toMatchObject({ intents: [], trigger: 'accepted' });
  });

  it('counts the attempts that failed before', () => {
    const { then } = when([...justOpened, failed(1, at(0, 5000))], success(), {
      nowMs: at(0, 6000),
    });

    expect(then).toMatchObject([{ type: 'page.accepted', attempt: 2 }]);
  });

  it('of an update does not say that the page was accepted', () => {
    const update: Given = [
      ...justOpened,
      [at(0, 1), requested({ intentId: 'p4', purpose: 'update' })],
    ];
    const { incident } = when(update, success({ intentId: 'p4' }), { nowMs: at(0, 2) });

    expect(incident.trigger).toBe('requested');
  });

  it('of the second channel leaves PagerDuty’s page open', () => {
    const report = success({ intentId: 'p4', channel: 'fallback' });
    const { incident } = when(withSecondChannel, report, { nowMs: at(2) });

    expect(incident.trigger).toBe('requested');
    expect(incident.intents.map(({ intentId }) => intentId)).toEqual(['p3']);
  });

  it('twice is refused: both the request and the stream may have sent it', () => {
    expect(when(paged, success(), { nowMs: at(1) })).toMatchObject({
      then: [],
      refused: 'unknown_intent',
    });
  });
});

describe('an outcome that was overtaken', () => {
  it('a page that got through after the resolve is resolved again', () => {
    const { then, refused } = when(overBeforeSent, success(), { nowMs: at(20, 3000) });

    expect(refused).toBeNull();
    expect(then).toMatchObject([
      {
        type: 'page.requested',
        action: 'resolve',
        purpose: 'follow',
        notBeforeMs: at(20, 3000 + seconds(10)),
      },
    ]);
  });

  it('a resolve that got through after a reopen is triggered again', () => {
    const given: Given = [...reopenedWhilePaged, [at(21), requested({ intentId: 'p9' })]];
    const sent: Given = [...given, [at(21, 500), { ...accepted, intentId: 'p9' }]];
    const report = success({ intentId: 'p8', action: 'resolve' });
    const { then } = when(sent, report, { nowMs: at(22) });

    expect(then).toMatchObject([
      { action: 'trigger', purpose: 'open', notBeforeMs: at(22, seconds(10)) },
    ]);
    // The new page has not left: it will say so itself.
    expect(when(given, report, { nowMs: at(21, 1) })).toMatchObject({
      then: [],
      refused: 'unknown_intent',
    });
  });

  it.each([
    [superseded, success(), 'a page, and the incident is open: nothing to repair'],
    [
      overBeforeSent,
      success({ intentId: 'p8', action: 'resolve' }),
      'a resolve, and the incident is resolved',
    ],
    [overBeforeSent, success({ action: 'acknowledge' }), 'an acknowledgement opens nothing'],
    [overBeforeSent, success({ channel: 'fallback' }), 'the second channel cannot be resolved'],
  ])('needs no repair: %#', (given, report) => {
    expect(when(given, report, { nowMs: at(21) }).then).toEqual([]);
  });
});

describe('report-failed', () => {
  it.each([
    [0, failure(), 2500, 'half of 5 s, at the least'],
    [0, failure({ jitter: 1 }), 5000, 'all of 5 s, at the most'],
    [1, failure({ attempt: 2, jitter: 1 }), 10_000, 'doubled'],
    [2, failure({ attempt: 3, jitter: 1 }), 20_000, 'doubled again'],
    [9, failure({ attempt: 10, jitter: 1 }), 60_000, 'never more than a minute'],
    [0, failure({ retryAfterMs: 30_000 }), 30_000, 'as long as the other side asks for'],
    [0, failure({ retryAfterMs: 1 }), 2500, 'not less than our own wait'],
  ])('after %i failures waits: %#', (before, report, waitMs) => {
    const given: Given = before === 0 ? minor : [...minor, failed(before, at(0, 1))];
    const { then } = when(given, report, { nowMs: at(0, 1000) });

    expect(then).toMatchObject([
      { type: 'page.attempt_failed', attempt: report.attempt, retryAtMs: at(0, 1000 + waitMs) },
    ]);
  });

  it('is tried again no later than the second channel takes over', () => {
    const report = failure({ attempt: 5, jitter: 1 });
    const { then } = when([...justOpened, failed(4, at(0, 50_000))], report, {
      nowMs: at(0, 50_000),
    });

    expect(then).toMatchObject([{ retryAtMs: at(1) }]);
  });

  it('waits as long as ever once the second channel was asked', () => {
    const asked = requested({ intentId: 'p4', channel: 'fallback', purpose: 'primary-silent' });
    const given: Given = [...justOpened, failed(4, at(0, 50_000)), [at(0, 2), asked]];
    const { then } = when(given, failure({ attempt: 5, jitter: 1 }), { nowMs: at(0, 50_000) });

    expect(then).toMatchObject([{ retryAtMs: at(0, 110_000) }]);
  });

  it('twice for one attempt is recorded once', () => {
    const given: Given = [...justOpened, failed(1, at(0, 5000))];

    expect(when(given, failure(), { nowMs: at(0, 2) })).toMatchObject({
      then: [],
      refused: 'already',
    });
  });

  it('of a page that is no longer waiting is refused', () => {
    expect(when(paged, failure(), { nowMs: at(1) }).refused).toBe('unknown_intent');
  });

  it.each([
    [minutes(9), minutes(1), 'page.attempt_failed', 'exactly at the deadline there is one more'],
    [minutes(9), minutes(1) + 1, 'page.dead_lettered', '1 ms later there is none'],
  ])('inside the page deadline it is tried again: %#', (nowMs, retryAfterMs, type) => {
    const { then } = when(minor, failure({ retryAfterMs }), { nowMs: at(0, nowMs) });

    expect(then[0]?.type).toBe(type);
  });

  it('given up on asks the second channel, whatever the severity', () => {
    const { then, incident } = when(minor, failure(), { nowMs: at(10) });

    expect(then).toMatchObject([
      { type: 'page.dead_lettered', intentId: 'p3', attempt: 1, failure: 'HTTP 500' },
      { type: 'page.requested', channel: 'fallback', purpose: 'primary-silent' },
    ]);
    expect(incident.trigger).toBe('failed');
  });

  it('given up on does not ask twice for the second channel', () => {
    const { then } = when(withSecondChannel, failure(), { nowMs: at(10) });

    expect(then.map(({ type }) => type)).toEqual(['page.dead_lettered']);
  });

  it('refused asks the second channel at once and says less the next time', () => {
    const report = failure({ isRejected: true, failure: 'HTTP 400' });
    const { then, incident } = when(justOpened, report, { nowMs: at(0, 900) });

    expect(then).toMatchObject([
      { type: 'page.attempt_failed', wasRejected: true },
      {
        type: 'page.requested',
        channel: 'fallback',
        text: 'PagerDuty refused the page: HTTP 400',
      },
    ]);
    expect(incident.intents[0]).toMatchObject({ wasRejected: true, failedAttempts: 1 });
  });

  it.each([
    [minor, failure({ isRejected: true }), 'P2 has no second channel'],
    [
      [...paged, [at(1), requested({ intentId: 'p5', purpose: 'update' })]] as Given,
      failure({ intentId: 'p5', isRejected: true }),
      'an update wakes nobody',
    ],
  ])('refused without need of the second channel: %#', (given, report) => {
    const { then } = when(given, report, { nowMs: at(1) });

    expect(then.map(({ type }) => type)).toEqual(['page.attempt_failed']);
  });
});

describe('hold-page and supersede-page', () => {
  const hold = { kind: 'hold-page', intentId: 'p3', reason: 'the rate is used up' } as const;
  const supersede = {
    kind: 'supersede-page',
    intentId: 'p3',
    reason: 'part of a summary',
    byIncidentId: 'sssss-1111111',
  } as const;

  it('holds a page once', () => {
    const { then, incident } = when(justOpened, hold, { nowMs: at(0, 1) });
    expect(then).toEqual([{ type: 'page.held', intentId: 'p3', reason: 'the rate is used up' }]);
    expect(incident.intents[0]?.isHeld).toBe(true);

    const again: Given = [...justOpened, ...then.map((event) => [at(0, 1), event] as const)];
    expect(when(again, hold, { nowMs: at(0, 2) })).toMatchObject({ then: [], refused: null });
  });

  it('ends a page that another one carries', () => {
    const { then, incident } = when(justOpened, supersede, { nowMs: at(0, 1) });

    expect(then).toEqual([
      {
        type: 'page.superseded',
        intentId: 'p3',
        channel: 'pagerduty',
        action: 'trigger',
        reason: 'part of a summary',
        byIncidentId: 'sssss-1111111',
      },
    ]);
    expect(incident).toMatchObject({ trigger: 'superseded', intents: [] });
  });

  it.each([hold, supersede])('refuses a page that is not waiting: $kind', (command) => {
    expect(when(paged, command, { nowMs: at(0, 2000) }).refused).toBe('unknown_intent');
  });
});

import { describe, expect, it } from 'vitest';
import type { IncidentCommand } from '../../../lib/domain/incident/command.ts';
import { seconds, type EpochMs } from '../../../lib/domain/shared/time.ts';
import {
  ada,
  at,
  attached,
  bob,
  fold,
  justOpened,
  of,
  opened,
  requested,
  t0,
  tenant,
  when,
  type Given,
} from './samples.ts';
import { fallbackAt } from '../../../lib/domain/incident/decide-fallback.ts';

const acknowledge = (occurredAtMs: EpochMs, by = ada): IncidentCommand => ({
  kind: 'acknowledge',
  by,
  occurredAtMs,
});

const silence = requested({
  intentId: 'p4',
  channel: 'fallback',
  purpose: 'primary-silent',
  text: 'PagerDuty has not accepted the page yet',
  notBeforeMs: at(1),
});

/** PagerDuty has kept silent for a minute, and the second channel is asked. */
const silent: Given = [...justOpened, [at(1), silence]];
const answered: Given = [
  ...justOpened,
  [at(0, 1), { type: 'incident.acknowledged', by: bob, occurredAtMs: at(0, 1) }],
];
const held: Given = [
  ...justOpened,
  [at(0, 500), { type: 'page.held', intentId: 'p3', reason: 'the rate is used up' }],
];

describe('the second channel', () => {
  it('takes over a minute after the page was asked for', () => {
    const { then } = when(justOpened, { kind: 'wake' }, { nowMs: at(1) });

    expect(then).toEqual([silence]);
    expect(when(justOpened, { kind: 'wake' }, { nowMs: at(1, -1) }).then).toEqual([]);
  });

  it('counts the time that the page which a summary stands for was owed before it', () => {
    const storm: Given = [
      [t0, opened({ isOperator: true })],
      [t0, attached()],
      [t0, requested({ owedSinceMs: at(0, -52_000) })],
    ];

    expect(fallbackAt(fold(storm), tenant.paging)).toBe(at(0, 8_000));
  });

  it.each<[string, Given]>([
    ['somebody has answered', answered],
    ['the page waits for a summary, whose own second channel it is', held],
  ])('does not take over when %s', (_why, given) => {
    expect(when(given, { kind: 'wake' }, { nowMs: at(5) }).then).toEqual([]);
  });

  it.each([
    { kind: 'report-failed', isRejected: true, nowMs: at(0, 2) },
    { kind: 'report-failed', isRejected: false, nowMs: at(11) },
  ] as const)('is not asked for a page that fails after the answer: %#', (report) => {
    const { nowMs, ...failed } = report;
    const command = { ...failed, intentId: 'p3', attempt: 1, failure: 'x', jitter: 0 } as const;
    const { then } = when(answered, { ...command, retryAfterMs: 0 }, { nowMs });

    expect(of(then, 'page.requested')).toEqual([]);
  });
});

describe('an acknowledgement', () => {
  it.each([ada, bob])('takes back what the second channel was asked for: $name', (by) => {
    const { then, incident } = when(silent, acknowledge(at(1, 1), by), { nowMs: at(1, 1) });

    expect(of(then, 'page.superseded')).toMatchObject([
      { intentId: 'p4', channel: 'fallback', byIncidentId: null },
    ]);
    expect(incident.intents.map(({ channel }) => channel)).not.toContain('fallback');
  });

  it('takes back a page that waits for a summary', () => {
    const { then, incident } = when(held, acknowledge(at(0, 700)), { nowMs: at(0, 700) });

    expect(of(then, 'page.superseded')).toMatchObject([{ intentId: 'p3', channel: 'pagerduty' }]);
    expect(incident.trigger).toBe('superseded');
  });

  it('leaves a page on its way to PagerDuty alone: it is to stand there, too', () => {
    const { then, incident } = when(justOpened, acknowledge(at(0, 1)), { nowMs: at(0, 1) });

    expect(of(then, 'page.superseded')).toEqual([]);
    expect(incident.trigger).toBe('requested');
  });

  it('does not unsay a breach', () => {
    const told = requested({ intentId: 'p4', channel: 'fallback', purpose: 'breach' });
    const given: Given = [...justOpened, [at(0, 1), told]];
    const { then } = when(given, acknowledge(at(0, 2)), { nowMs: at(0, 2) });

    expect(of(then, 'page.superseded')).toEqual([]);
  });

  it('that is taken back lets the second channel be asked again', () => {
    const { then } = when(silent, acknowledge(at(1, 1), bob), { nowMs: at(1, 1) });
    const given: Given = [...silent, ...then.map((event) => [at(1, 1), event] as const)];
    const back = { kind: 'unacknowledge', by: ada, reason: 'x', occurredAtMs: at(2) } as const;
    const { then: events } = when(given, back, { nowMs: at(2) });
    const unanswered: Given = [...given, ...events.map((event) => [at(2), event] as const)];

    expect(when(unanswered, { kind: 'wake' }, { nowMs: at(2, 1) }).then).toMatchObject([
      { type: 'page.requested', channel: 'fallback', purpose: 'primary-silent' },
    ]);
  });

  it('is told to PagerDuty again when a page of before gets through after it', () => {
    const { then } = when(held, acknowledge(at(0, 700)), { nowMs: at(0, 700) });
    const given: Given = [...held, ...then.map((event) => [at(0, 700), event] as const)];
    const report = {
      kind: 'report-accepted',
      intentId: 'p3',
      channel: 'pagerduty',
      action: 'trigger',
    } as const;

    expect(when(given, report, { nowMs: at(0, 900) }).then).toMatchObject([
      { type: 'page.requested', action: 'acknowledge', notBeforeMs: at(0, 900 + seconds(10)) },
    ]);
  });
});

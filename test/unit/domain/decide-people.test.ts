import { describe, expect, it } from 'vitest';
import type { IncidentCommand, Resolve } from '../../../lib/domain/incident/command.ts';
import { minutes, seconds, type EpochMs } from '../../../lib/domain/shared/time.ts';
import {
  acknowledged,
  ada,
  at,
  attached,
  bob,
  justOpened,
  lifecycle,
  of,
  paged,
  requested,
  resolvedByHand,
  totals,
  when,
  type Given,
} from './samples.ts';

const acknowledge = (occurredAtMs: EpochMs, by = ada): IncidentCommand => ({
  kind: 'acknowledge',
  by,
  occurredAtMs,
});
const unacknowledge = (occurredAtMs: EpochMs, by = ada): IncidentCommand => ({
  kind: 'unacknowledge',
  by,
  reason: 'not mine',
  occurredAtMs,
});
const reopen = (occurredAtMs: EpochMs, by = ada): IncidentCommand => ({
  kind: 'reopen',
  by,
  reason: 'not over',
  occurredAtMs,
});
const resolve = (occurredAtMs: EpochMs, of: Partial<Resolve> = {}): IncidentCommand => ({
  kind: 'resolve',
  cause: 'person',
  by: ada,
  note: 'rolled back',
  occurredAtMs,
  ...of,
});

describe('acknowledge', () => {
  it('meets the response clock and tells the pager', () => {
    const { then, incident } = when(
      paged,
      { kind: 'acknowledge', by: ada, note: 'looking', occurredAtMs: at(10) },
      { nowMs: at(10) },
    );

    expect(then).toEqual([
      { type: 'incident.acknowledged', by: ada, occurredAtMs: at(10) },
      { type: 'note.added', by: ada, text: 'looking' },
      requested({
        intentId: 'p7',
        channel: 'rest',
        action: 'note',
        purpose: 'follow',
        text: 'Ada (api): looking',
        // The acknowledgement goes first.
        notBeforeMs: at(10, 2000),
      }),
      { type: 'sla.met', clock: 'response', version: 1, elapsedMs: minutes(10), late: false },
      requested({
        intentId: 'p9',
        action: 'acknowledge',
        purpose: 'follow',
        text: 'acknowledged by Ada (api)',
        notBeforeMs: at(10),
      }),
    ]);
    expect(incident).toMatchObject({
      state: 'acknowledged',
      acknowledgedBy: ada,
      response: { end: { kind: 'met', atMs: at(10) } },
      resolution: { end: null },
    });
  });

  it('in PagerDuty needs no telling of PagerDuty', () => {
    const { then, incident } = when(paged, acknowledge(at(9), bob), { nowMs: at(10) });

    expect(of(then, 'page.requested')).toEqual([]);
    expect(incident).toMatchObject({ state: 'acknowledged', pagerSeenAtMs: at(9) });
  });

  it.each([
    [at(60, -1), 0, false, '1 ms before the deadline: in time'],
    [at(60), 1, true, 'exactly at the deadline: its instant has come, so it is breached'],
    [at(60, 1), 1, true, '1 ms after it'],
  ])('at %i has %i breaches, late is %s: %s', (nowMs, breaches, late) => {
    const { then } = when(paged, acknowledge(nowMs), { nowMs });

    expect(of(then, 'sla.breached')).toHaveLength(breaches);
    expect(of(then, 'sla.met')).toMatchObject([{ clock: 'response', late }]);
  });
});

describe('unacknowledge', () => {
  it('starts version 2 while version 1 stays met', () => {
    const { then, incident } = when(acknowledged, unacknowledge(at(20)), { nowMs: at(20) });

    expect(then).toEqual([
      { type: 'incident.unacknowledged', by: ada, reason: 'not mine', occurredAtMs: at(20) },
      {
        type: 'sla.clock_started',
        clock: 'response',
        version: 2,
        severity: 'P1',
        fromMs: at(20),
        targetMs: minutes(60),
        deadlineAtMs: at(80),
        elapsedBeforeMs: 0,
        reason: 'the acknowledgement was taken back',
      },
      expect.objectContaining({ type: 'page.requested', action: 'trigger', purpose: 'open' }),
      expect.objectContaining({ type: 'page.requested', channel: 'rest', action: 'retrigger' }),
    ]);
    expect(incident).toMatchObject({ state: 'triggered', response: { version: 2, end: null } });
  });

  it('in PagerDuty asks for nothing there: it calls anew by itself', () => {
    const { then } = when(acknowledged, unacknowledge(at(20), bob), { nowMs: at(20) });

    expect(then.map(({ type }) => type)).toEqual(['incident.unacknowledged', 'sla.clock_started']);
  });

  it('in PagerDuty before somebody acknowledged here is about an acknowledgement of before', () => {
    const { refused } = when(acknowledged, unacknowledge(at(9), bob), { nowMs: at(11) });

    expect(refused).toBe('stale');
  });

  it('starts it under the severity that holds by now', () => {
    const raised: Given = [
      ...acknowledged,
      [
        at(15),
        {
          type: 'severity.changed',
          from: 'P1',
          to: 'P0',
          reason: { rule: 'person', text: 'worse' },
          by: ada,
        },
      ],
    ];
    const { incident } = when(raised, unacknowledge(at(20)), { nowMs: at(20) });

    expect(incident.response).toMatchObject({
      version: 2,
      severity: 'P0',
      fromMs: at(20),
      targetMs: minutes(15),
    });
  });
});

describe('resolve', () => {
  it('by hand meets both clocks, keeps repeats quiet, and tells the pager', () => {
    const { then, incident } = when(paged, resolve(at(20)), { nowMs: at(20) });

    expect(then).toEqual([
      ...resolvedByHand.slice(paged.length).map(([, event]) => event),
      requested({
        intentId: 'p8',
        action: 'resolve',
        purpose: 'follow',
        text: 'rolled back',
        notBeforeMs: at(20),
      }),
    ]);
    expect(incident).toMatchObject({ state: 'resolved', quietUntilMs: at(30) });
  });

  it('by hand has no quiet window when nothing fires', () => {
    const over: Given = [...paged, [at(19), attached({ totals: totals(0, 1) })]];
    const { incident } = when(over, resolve(at(20)), { nowMs: at(20) });

    expect(incident).toMatchObject({ state: 'resolved', cause: 'person', quietUntilMs: null });
  });

  it('because of its age stops the response clock: nobody responded', () => {
    const command = resolve(at(20), { cause: 'max_age', by: lifecycle });
    const { then, incident } = when(paged, command, { nowMs: at(20) });

    expect(of(then, 'sla.stopped')).toMatchObject([{ clock: 'response', version: 1 }]);
    expect(of(then, 'sla.met')).toMatchObject([{ clock: 'resolution', late: false }]);
    expect(incident).toMatchObject({ quietUntilMs: at(20) });
  });

  it('after an acknowledgement leaves the met clock alone', () => {
    const { then } = when(acknowledged, resolve(at(20)), { nowMs: at(20) });

    expect(of(then, 'sla.met').map(({ clock }) => clock)).toEqual(['resolution']);
  });

  it('supersedes a page that is on its way, and follows once it must have arrived', () => {
    const { then, incident } = when(justOpened, resolve(at(0, 500)), { nowMs: at(0, 500) });

    expect(of(then, 'page.superseded')).toMatchObject([{ intentId: 'p3', byIncidentId: null }]);
    expect(of(then, 'page.requested')).toMatchObject([
      { action: 'resolve', notBeforeMs: at(0, 500 + seconds(10)) },
    ]);
    expect(incident.intents).toHaveLength(1);
  });

  it.each<[Given, EpochMs, number, string]>([
    [paged, at(20), 0, 'PagerDuty needs no telling of what it did'],
    [paged, at(0, 1001), 0, '1 ms after it took our page'],
    [paged, at(0, 1000), 1, 'as old as the page: that one may be open there again'],
    [
      [...paged, [at(19), requested({ intentId: 'p5', purpose: 'update' })]],
      at(19),
      1,
      'an update is on its way and may open it there again',
    ],
  ])('in PagerDuty is followed where a page overtook it: %#', (given, doneAtMs, follows) => {
    const { then } = when(given, resolve(doneAtMs, { by: bob }), { nowMs: at(20) });
    const asked = of(then, 'page.requested');

    expect(asked).toHaveLength(follows);
    for (const page of asked) {
      expect(page).toMatchObject({ action: 'resolve', notBeforeMs: at(20, seconds(10)) });
    }
  });

  it('records a breach first when its instant has come', () => {
    const { then } = when(acknowledged, resolve(at(240)), { nowMs: at(240) });

    expect(of(then, 'sla.breached')).toMatchObject([{ clock: 'resolution' }]);
    expect(of(then, 'sla.met')).toMatchObject([{ clock: 'resolution', late: true }]);
  });
});

describe('refusals', () => {
  it.each([
    ['acknowledge', acknowledged, acknowledge(at(15)), 'already', 'somebody was faster'],
    ['acknowledge', resolvedByHand, acknowledge(at(25)), 'not_allowed', 'reopen it first'],
    ['unacknowledge', paged, unacknowledge(at(5)), 'not_allowed', 'nobody acknowledged'],
    ['unacknowledge', resolvedByHand, unacknowledge(at(25)), 'not_allowed', 'it is over'],
    ['resolve', resolvedByHand, resolve(at(25)), 'already', 'it is over'],
    ['reopen', paged, reopen(at(5)), 'already', 'it is open'],
  ])('%s: %#', (_name, given, command, kind) => {
    const { then, refused } = when(given, command, { nowMs: at(26) });

    expect({ refused, then }).toEqual({ refused: kind, then: [] });
  });

  it('still record what has become due', () => {
    const { then, refused } = when(paged, reopen(at(60)), { nowMs: at(60) });

    expect(refused).toBe('already');
    expect(of(then, 'sla.breached')).toHaveLength(1);
  });
});

describe('events of PagerDuty that come late', () => {
  const seen: Given = [
    ...paged,
    [at(10), { type: 'incident.acknowledged', by: bob, occurredAtMs: at(9) }],
    [
      at(10),
      { type: 'sla.met', clock: 'response', version: 1, elapsedMs: minutes(10), late: false },
    ],
  ];

  it.each<[IncidentCommand, string | null, string]>([
    [unacknowledge(at(9, -1), bob), 'stale', 'older than what was applied'],
    [unacknowledge(at(9), bob), null, 'not older: the order of equal instants is unknown'],
    [resolve(at(8), { by: bob }), 'stale', 'an old resolve must not close'],
    [resolve(at(10), { by: bob }), null, 'newer'],
    [resolve(at(8)), null, 'only PagerDuty’s own order is in doubt: Ada acts here and now'],
  ])('after one of 9 min: %#', (command, refused) => {
    expect(when(seen, command, { nowMs: at(11) }).refused).toBe(refused);
  });

  it('are refused when they are older than the page that asks for them', () => {
    const again: Given = [...resolvedByHand, [at(25), reopened], [at(25), requestedAgain]];

    expect(when(again, acknowledge(at(25, -1), bob), { nowMs: at(26) }).refused).toBe('stale');
    expect(when(again, acknowledge(at(25), bob), { nowMs: at(26) }).refused).toBeNull();
  });
});

const reopened = {
  type: 'incident.reopened',
  by: ada,
  reason: 'not over',
  occurredAtMs: at(25),
} as const;
const requestedAgain = requested({ intentId: 'p9', notBeforeMs: at(25) });

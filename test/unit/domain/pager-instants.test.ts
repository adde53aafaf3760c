import { describe, expect, it } from 'vitest';
import type { IncidentCommand } from '../../../lib/domain/incident/command.ts';
import { minutes, type EpochMs } from '../../../lib/domain/shared/time.ts';
import { ada, at, bob, fold, of, paged, t0, when, type Given } from './samples.ts';

const acknowledge = (occurredAtMs: EpochMs, by = bob): IncidentCommand => ({
  kind: 'acknowledge',
  by,
  occurredAtMs,
});
const resolve = (occurredAtMs: EpochMs, by = bob): IncidentCommand => ({
  kind: 'resolve',
  cause: 'person',
  by,
  note: 'done',
  occurredAtMs,
});

/** What the clock recorded on its own before word came. */
const breached: Given = [
  ...paged,
  ...when(paged, { kind: 'wake' }, { nowMs: at(60) }).then.map((event) => [at(60), event] as const),
];

describe('what was answered in PagerDuty', () => {
  it('stops the clock at the instant PagerDuty gives, and there is no breach', () => {
    const { then, incident } = when(paged, acknowledge(at(59)), { nowMs: at(61) });

    expect(of(then, 'sla.breached')).toEqual([]);
    expect(of(then, 'sla.met')).toEqual([
      {
        type: 'sla.met',
        clock: 'response',
        version: 1,
        elapsedMs: minutes(59),
        late: false,
        stoppedAtMs: at(59),
      },
    ]);
    expect(incident.response.end).toEqual({ kind: 'met', atMs: at(59) });
  });

  it('withdraws a breach that was recorded meanwhile, which stays in the log', () => {
    const { then, incident } = when(breached, acknowledge(at(59)), { nowMs: at(61) });

    expect(of(then, 'sla.breached')).toEqual([]);
    expect(of(then, 'sla.met')).toMatchObject([{ late: false, stoppedAtMs: at(59) }]);
    expect(of(then, 'sla.breach_withdrawn')).toEqual([
      {
        type: 'sla.breach_withdrawn',
        clock: 'response',
        version: 1,
        deadlineAtMs: at(60),
        stoppedAtMs: at(59),
        by: bob,
      },
    ]);
    expect(incident.response).toMatchObject({ isBreached: false, isBreachWithdrawn: true });
  });

  it.each<[EpochMs, boolean, string]>([
    [at(60, -1), true, 'a millisecond before the deadline'],
    [at(60), false, 'at the deadline'],
    [at(60, 1), false, 'a millisecond after it'],
  ])('at %i is in time: %s', (occurredAtMs, isInTime) => {
    const { then } = when(breached, acknowledge(occurredAtMs), { nowMs: at(70) });

    expect(of(then, 'sla.breach_withdrawn')).toHaveLength(isInTime ? 1 : 0);
    expect(of(then, 'sla.met')).toMatchObject([{ late: !isInTime }]);
  });

  it('after its deadline breaches first, also when no clock ran in between', () => {
    const { then } = when(paged, acknowledge(at(62)), { nowMs: at(70) });

    expect(of(then, 'sla.breached')).toMatchObject([{ clock: 'response', deadlineAtMs: at(60) }]);
    expect(of(then, 'sla.met')).toMatchObject([{ late: true, elapsedMs: minutes(62) }]);
  });

  it('leaves the other clock to run on to now', () => {
    const { then } = when(paged, acknowledge(at(59)), { nowMs: at(130) });

    expect(of(then, 'sla.stage_reached').map(({ clock, pct }) => [clock, pct])).toEqual([
      ['response', 50],
      ['response', 80],
      ['resolution', 50],
    ]);
  });

  it('stops both clocks by a resolve', () => {
    const { then } = when(breached, resolve(at(59)), { nowMs: at(61) });

    expect(of(then, 'sla.met')).toMatchObject([
      { clock: 'response', late: false, stoppedAtMs: at(59) },
      { clock: 'resolution', late: false, stoppedAtMs: at(59) },
    ]);
    expect(of(then, 'sla.breach_withdrawn')).toMatchObject([{ clock: 'response' }]);
  });

  it('by a clock that goes ahead counts as now', () => {
    const { then } = when(paged, acknowledge(at(12)), { nowMs: at(10) });

    expect(of(then, 'sla.met')).toEqual([
      { type: 'sla.met', clock: 'response', version: 1, elapsedMs: minutes(10), late: false },
    ]);
  });

  it('never stops a clock before it ran', () => {
    const again: Given = [
      ...paged,
      [at(5), { type: 'incident.acknowledged', by: ada, occurredAtMs: at(5) }],
      [
        at(5),
        { type: 'sla.met', clock: 'response', version: 1, elapsedMs: minutes(5), late: false },
      ],
      [at(9), { type: 'incident.unacknowledged', by: ada, reason: 'no', occurredAtMs: at(9) }],
      [
        at(9),
        {
          type: 'sla.clock_started',
          clock: 'response',
          version: 2,
          severity: 'P1',
          fromMs: at(9),
          targetMs: minutes(60),
          deadlineAtMs: at(69),
          elapsedBeforeMs: minutes(0),
          reason: 'again',
        },
      ],
    ];
    const { then } = when(again, acknowledge(at(7)), { nowMs: at(10) });
    expect(of(then, 'sla.met')).toMatchObject([{ version: 2, elapsedMs: 0, stoppedAtMs: at(9) }]);
  });

  it('elsewhere counts when it is told: nobody else gives an instant of theirs', () => {
    const { then } = when(breached, acknowledge(at(59), ada), { nowMs: at(61) });

    expect(of(then, 'sla.met')).toMatchObject([{ late: true, elapsedMs: minutes(61) }]);
    expect(of(then, 'sla.breach_withdrawn')).toEqual([]);
  });

  it('but refused leaves the deadlines of now to be recorded', () => {
    const { then, refused } = when(paged, acknowledge(at(-1)), { nowMs: at(61) });

    expect(refused).toBe('stale');
    expect(of(then, 'sla.breached')).toHaveLength(1);
  });
});

describe('a clock whose breach was withdrawn', () => {
  it('is a new version when it goes on: the next breach is another', () => {
    const late = at(60 * 4 + 5);
    const overdue: Given = [
      ...paged,
      ...when(paged, { kind: 'wake' }, { nowMs: at(240) }).then.map((e) => [at(240), e] as const),
    ];
    const { then } = when(overdue, resolve(at(239)), { nowMs: late });
    const resolved: Given = [...overdue, ...then.map((event) => [late, event] as const)];
    expect(fold(resolved).resolution).toMatchObject({ version: 1, isBreachWithdrawn: true });

    const reopen = { kind: 'reopen', by: ada, reason: 'no', occurredAtMs: at(300) } as const;
    const reopened = when(resolved, reopen, { nowMs: at(300) });

    expect(reopened.incident.resolution).toMatchObject({ version: 2, isBreachWithdrawn: false });
    expect(reopened.incident.resolution.fromMs - t0).toBe(minutes(300));
    const past = when(
      [...resolved, ...reopened.then.map((event) => [at(300), event] as const)],
      { kind: 'wake' },
      { nowMs: at(301) },
    );
    expect(of(past.then, 'sla.breached')).toMatchObject([{ clock: 'resolution', version: 2 }]);
  });
});

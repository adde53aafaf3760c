import { describe, expect, it } from 'vitest';
import {
  deadlineOf,
  dueStages,
  elapsedAt,
  instantOf,
  nextStage,
  restart,
  restarted,
  resume,
  retarget,
  startClock,
  type ClockStart,
  type DueStage,
  type SlaClock,
} from '../../../lib/domain/sla/clock.ts';
import { rungs } from '../../../lib/domain/sla/ladder.ts';
import { durationMs, minutes } from '../../../lib/domain/shared/time.ts';
import { at, t0 } from './samples.ts';

const start: ClockStart = {
  name: 'response',
  version: 1,
  severity: 'P1',
  fromMs: t0,
  targetMs: minutes(60),
  elapsedBeforeMs: durationMs(0),
};
const running = (of: Partial<SlaClock> = {}): SlaClock => ({ ...startClock(start), ...of });
const ladder = { stagesPct: [50, 80, 100], afterBreach: { everyPct: 50, times: 2 } };

describe('rungs', () => {
  it.each([
    [ladder, [50, 80, 100, 150, 200], 'reminders go on from the deadline'],
    [
      { stagesPct: [100], afterBreach: { everyPct: 25, times: 1 } },
      [100, 125],
      'only the deadline',
    ],
    [{ stagesPct: [50, 100], afterBreach: { everyPct: 50, times: 0 } }, [50, 100], 'no reminder'],
  ])('%j has %j: %s', (of, pcts) => {
    expect(rungs(of)).toEqual(pcts);
  });
});

describe('a clock', () => {
  it.each([
    [start, 50, at(30), 'half of the target'],
    [start, 100, at(60), 'the deadline'],
    [start, 150, at(90), 'a reminder'],
    [{ ...start, elapsedBeforeMs: minutes(20) }, 100, at(40), 'what counted before is used up'],
    [{ ...start, elapsedBeforeMs: minutes(40) }, 50, at(-10), 'a stage can lie before the start'],
    [{ ...start, targetMs: durationMs(333) }, 50, at(0, 167), 'a whole millisecond'],
  ])('with %j reaches %i %% at its instant: %#', (clock, pct, instant) => {
    expect(instantOf(clock, pct)).toBe(instant);
  });

  it('ends at 100 %', () => {
    expect(deadlineOf(start)).toBe(at(60));
  });

  it.each([
    [start, at(10), 10, 'from its start'],
    [{ ...start, elapsedBeforeMs: minutes(20) }, at(10), 30, 'with what counted before'],
    [start, at(-1), 0, 'never less than nothing: another machine’s clock may lag'],
  ])('counts: %#', (clock, nowMs, min) => {
    expect(elapsedAt(clock, nowMs)).toBe(minutes(min));
  });
});

describe('stages', () => {
  it.each([
    [0, at(30, -1), [], '1 ms before the first'],
    [0, at(30), [50], 'exactly at the first'],
    [0, at(60), [50, 80, 100], 'all that were missed, in order'],
    [0, at(500), [50, 80, 100, 150, 200], 'not more than the ladder has'],
    [80, at(60), [100], 'what is recorded is not due again'],
    [200, at(500), [], 'after the last there is none'],
  ])('reached %i, due by then: %#', (reachedPct, nowMs, pcts) => {
    const due = dueStages(running({ reachedPct }), ladder, nowMs);
    expect(due.map(({ pct }) => pct)).toEqual(pcts);
  });

  it('carry the instant at which they were due, however late it is', () => {
    expect(dueStages(running(), ladder, at(1000))[2]).toEqual({ pct: 100, dueAtMs: at(60) });
  });

  it.each<[SlaClock, DueStage | null, string]>([
    [running(), { pct: 50, dueAtMs: at(30) }, 'the first'],
    [running({ reachedPct: 100 }), { pct: 150, dueAtMs: at(90) }, 'a reminder after the breach'],
    [running({ reachedPct: 200 }), null, 'none is left'],
    [running({ end: { kind: 'met', atMs: at(1) } }), null, 'the clock is met'],
  ])('next: %#', (clock, next) => {
    expect(nextStage(clock, ladder)).toEqual(next);
  });

  it('are not due on a clock that has ended', () => {
    const ended = running({ end: { kind: 'stopped', atMs: at(1) } });
    expect(dueStages(ended, ladder, at(500))).toEqual([]);
  });
});

describe('a clock that is set anew', () => {
  const recorded = running({ reachedPct: 100, isBreached: true });

  it('under another target is a new version over the same time', () => {
    const next = retarget(recorded, { severity: 'P0', targetMs: minutes(15) });
    expect(next).toEqual({ ...start, version: 2, severity: 'P0', targetMs: minutes(15) });
    expect(deadlineOf(next)).toBe(at(15));
    expect(restarted(recorded, next)).toEqual(startClock(next));
  });

  it('restarted has its whole target ahead, in a new version', () => {
    const paused = running({ elapsedBeforeMs: minutes(20), end: { kind: 'met', atMs: at(10) } });
    const next = restart(paused, at(30), paused);
    expect(next).toEqual({ ...start, version: 2, fromMs: at(30) });
    expect(deadlineOf(next)).toBe(at(90));
    expect(restart(paused, at(30), { severity: 'P0', targetMs: minutes(15) })).toEqual({
      ...next,
      severity: 'P0',
      targetMs: minutes(15),
    });
  });

  it.each([
    [running({ end: { kind: 'met', atMs: at(10) } }), 10, at(150), 'the pause does not count'],
    [
      running({ elapsedBeforeMs: minutes(5), end: { kind: 'met', atMs: at(10) } }),
      15,
      at(145),
      'a second pause adds up with the first',
    ],
    [running(), 100, at(60), 'a clock that never stopped loses nothing'],
  ])('resumed goes on in the same version: %#', (clock, elapsedMin, deadline) => {
    const next = resume(clock, at(100), clock);
    expect(next.version).toBe(1);
    expect(next.elapsedBeforeMs).toBe(minutes(elapsedMin));
    expect(deadlineOf(next)).toBe(deadline);
  });

  it('resumed under another severity is a new version over the same time', () => {
    const met = running({ isBreached: true, end: { kind: 'met', atMs: at(10) } });
    const next = resume(met, at(100), { severity: 'P0', targetMs: minutes(15) });
    expect(next).toMatchObject({ version: 2, severity: 'P0', elapsedBeforeMs: minutes(10) });
    expect(deadlineOf(next)).toBe(at(105));
    expect(restarted(met, next).isBreached).toBe(false);
  });

  it('resumed keeps what was recorded, so that nothing is recorded twice', () => {
    const ended = running({
      reachedPct: 150,
      isBreached: true,
      end: { kind: 'met', atMs: at(100) },
    });
    const next = restarted(ended, resume(ended, at(200), ended));
    expect(next).toMatchObject({ reachedPct: 150, isBreached: true, end: null, fromMs: at(200) });
    expect(dueStages(next, ladder, at(200))).toEqual([]);
    expect(nextStage(next, ladder)).toEqual({ pct: 200, dueAtMs: at(220) });
  });
});

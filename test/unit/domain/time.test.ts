import { describe, expect, it } from 'vitest';
import {
  after,
  between,
  describeSpan,
  durationMs,
  earliest,
  epochMs,
  hours,
  latest,
  minutes,
  seconds,
  toIso,
} from '../../../lib/domain/shared/time.ts';
import { at, t0 } from './samples.ts';

describe('instants and spans', () => {
  it('are milliseconds, whatever the unit they are named in', () => {
    expect([seconds(2), minutes(2), hours(2)]).toEqual([2000, 120_000, 7_200_000]);
    expect(after(t0, minutes(1))).toBe(at(1));
  });

  it.each([
    ['forward', t0, at(1), 60_000],
    ['nothing', t0, t0, 0],
    ['never negative: clocks of two machines differ', at(1), t0, 0],
  ])('between: %s', (_reason, from, to, spanMs) => {
    expect(between(from, to)).toBe(spanMs);
  });

  it('earliest and latest choose, also between equals', () => {
    expect([earliest(t0, at(1)), earliest(at(1), t0)]).toEqual([t0, t0]);
    expect([latest(t0, at(1)), latest(at(1), t0)]).toEqual([at(1), at(1)]);
    expect([earliest(t0, t0), latest(t0, t0)]).toEqual([t0, t0]);
  });

  it('toIso is UTC to the millisecond', () => {
    expect(toIso(epochMs(t0 + 7))).toBe('2026-05-12T03:00:00.007Z');
  });
});

describe('describeSpan', () => {
  it.each([
    [0, 'under 1 s', 'nothing is not 0 s: it may be 999 ms'],
    [999, 'under 1 s', 'never rounded up'],
    [1000, '1 s', 'one unit alone'],
    [59_999, '59 s', 'cut, not rounded: it is not a minute yet'],
    [60_000, '1 min', 'a unit that is zero says nothing'],
    [61_000, '1 min 1 s', 'two units'],
    [3_600_000 + 5 * 60_000 + 30_000, '1 h 5 min', 'the third unit is left out'],
    [86_400_000 + 60_000, '1 d 1 min', 'a gap between the units is left out'],
    [172_800_000, '2 d', 'days are the largest unit'],
    [400 * 86_400_000, '400 d', 'also when there are many'],
  ])('%i ms is %s: %s', (spanMs, text) => {
    expect(describeSpan(durationMs(spanMs))).toBe(text);
  });
});

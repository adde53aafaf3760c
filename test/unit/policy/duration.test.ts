import { describe, expect, it } from 'vitest';
import {
  durationPattern,
  formatDuration,
  parseDuration,
} from '../../../lib/codec/policy/duration.ts';
import { nearest } from '../../../lib/codec/policy/suggest.ts';

describe('a duration', () => {
  it.each([
    ['0s', 0, '0s'],
    ['90s', 90_000, '1m30s'],
    ['15m', 900_000, '15m'],
    ['1h30m', 5_400_000, '1h30m'],
    ['24h', 86_400_000, '1d'],
    ['1d2h3m4s', 93_784_000, '1d2h3m4s'],
  ])('%s is %i ms and is written %s', (text, ms, written) => {
    const parsed = parseDuration(text);
    expect(parsed).toBe(ms);
    expect(parsed === null ? '' : formatDuration(parsed)).toBe(written);
    expect(new RegExp(durationPattern).test(text)).toBe(true);
  });

  it.each(['', '5', 's', '1.5h', '-1m', '1m1h', '1h 30m', '10ms', '1w', '1H', '1234567s'])(
    'is not %s',
    (text) => {
      expect(parseDuration(text)).toBeNull();
      expect(new RegExp(durationPattern).test(text)).toBe(false);
    },
  );
});

describe('nearest', () => {
  const words = ['tier', 'team', 'match', 'reopenWindow', 'P0'];
  it.each<readonly [string, string | null, string]>([
    ['teir', 'tier', 'two letters swapped'],
    ['Tier', 'tier', 'case'],
    ['tiers', 'tier', 'a letter more'],
    ['mach', 'match', 'a letter less'],
    ['reopen_window', 'reopenWindow', 'underscores'],
    ['p0', 'P0', 'case'],
    ['xyz', null, 'nothing near'],
    ['', null, 'nothing at all'],
    ['x'.repeat(10_000), null, 'too long to be a slip'],
  ])('of %s is %s: %s', (found, expected) => {
    expect(nearest(found, words)).toBe(expected);
  });
});

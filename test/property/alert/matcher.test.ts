import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatMatcher,
  matches,
  matchesAll,
  parseMatcher,
  type Matcher,
} from '../../../lib/domain/alert/matcher.ts';
import { checkRegex, compileRegex } from '../../../lib/domain/alert/regex.ts';

const anyText = fc.string({ unit: 'binary', maxLength: 40 });
const labelText = fc.oneof(anyText, fc.constantFrom('__proto__', 'constructor', 'a', 'a.b'));
const literal: fc.Arbitrary<Matcher> = fc.record({
  label: labelText.filter((name) => name !== ''),
  operator: fc.constantFrom('=', '!='),
  value: anyText,
});
const words = fc.array(fc.stringMatching(/^[a-c]{0,3}$/), { minLength: 1, maxLength: 4 });
const oneOfWords = fc.record({
  label: fc.constantFrom('a', 'b', '__proto__'),
  operator: fc.constantFrom('=~', '!~'),
  words,
});

describe('a matcher', () => {
  it('is the same after it was written and read', () => {
    fc.assert(
      fc.property(literal, (matcher) => {
        expect(parseMatcher(formatMatcher(matcher))).toEqual({ ok: true, value: matcher });
      }),
    );
  });

  it('compares a label that is missing as the empty string', () => {
    fc.assert(
      fc.property(literal, fc.dictionary(labelText, anyText), (matcher, labels) => {
        const entry = Object.entries(labels).find(([name]) => name === matcher.label);
        const isEqual = (entry?.[1] ?? '') === matcher.value;
        expect(matches(matcher, labels)).toBe(isEqual === (matcher.operator === '='));
      }),
    );
  });

  it('with a regex of words matches exactly the words', () => {
    const value = fc.stringMatching(/^[a-c]{0,3}$/);
    fc.assert(
      fc.property(oneOfWords, fc.option(value), ({ label, operator, words }, held) => {
        const matcher = { label, operator, value: words.join('|') } as const;
        const labels = held === null ? {} : Object.fromEntries([[label, held]]);
        expect(matches(matcher, labels)).toBe(words.includes(held ?? '') === (operator === '=~'));
      }),
    );
  });

  it('holds in a list when each one holds', () => {
    const labels = fc.dictionary(fc.constantFrom('a', 'a.b'), fc.constantFrom('', 'x'));
    fc.assert(
      fc.property(fc.array(literal, { maxLength: 4 }), labels, (matchers, record) => {
        const all = matchers.map((matcher) => matches(matcher, record));
        expect(matchesAll(matchers, record)).toBe(!all.includes(false));
      }),
    );
  });

  it('is read or refused at a place within the text, whatever the text', () => {
    const alphabet = fc.constantFrom(...Array.from('ab="\'`~!\\(){}[]|*+?.,^$1n -🔥\n'));
    const text = fc.string({ unit: alphabet, maxLength: 30 });
    fc.assert(
      fc.property(text, (written) => {
        const result = parseMatcher(written);
        if (result.ok) expect(parseMatcher(formatMatcher(result.value))).toEqual(result);
        else expect(result.error.at).toBeLessThanOrEqual(written.length);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('a regex', () => {
  const pattern = fc.string({
    unit: fc.constantFrom(...Array.from('ab.*+?()|[]{}12,\\dw^$-🔥'), '(?:', '(?i)'),
    maxLength: 16,
  });

  it('that is taken compiles and runs', () => {
    fc.assert(
      fc.property(pattern, fc.string({ unit: fc.constantFrom('a', 'b', '🔥') }), (text, value) => {
        if (checkRegex(text).ok) expect(typeof compileRegex(text).test(value)).toBe('boolean');
      }),
      { numRuns: 2_000 },
    );
  });
});

import { describe, expect, it } from 'vitest';
import {
  formatMatcher,
  matches,
  matchesAll,
  maxMatcherLength,
  parseMatcher,
  type Matcher,
} from '../../../lib/domain/alert/matcher.ts';

const parsed = (text: string): Matcher => {
  const result = parseMatcher(text);
  if (!result.ok) throw new Error(`${text}: ${result.error.problem}`);
  return result.value;
};

describe('matches', () => {
  const labels = { severity: 'critical', service: 'checkout', multi: 'one\ntwo', up: 'K' };
  it.each([
    ['severity="critical"', true, 'equal'],
    ['severity="Critical"', false, 'case counts'],
    ['severity!="warning"', true, 'different'],
    ['severity!="critical"', false, 'equal'],
    ['missing=""', true, 'a missing label is the empty string'],
    ['missing!=""', false, 'a missing label is the empty string'],
    ['missing=~".*"', true, 'a missing label is the empty string'],
    ['missing=~".+"', false, 'a missing label is the empty string'],
    ['missing!~".+"', true, 'a missing label is the empty string'],
    ['constructor=""', true, 'what every object inherits is no label'],
    ['__proto__=""', true, 'what every object inherits is no label'],
    ['service=~"check"', false, 'a regex matches the whole value'],
    ['service=~"heckout"', false, 'a regex matches the whole value'],
    ['service=~"check.*"', true, 'a regex matches the whole value'],
    ['service=~"cart|checkout"', true, 'anchors hold for each branch'],
    ['service=~"check|cart"', false, 'anchors hold for each branch'],
    ['service!~"cart|search"', true, 'not matched'],
    ['service=~"^checkout$"', true, 'anchors of one’s own change nothing'],
    ['severity=~"(?i)CRITICAL|page"', true, 'case is ignored where asked for, in each branch'],
    ['severity=~"CRITICAL"', false, 'case counts in regexes'],
    ['multi=~"one.two"', true, 'a dot matches a newline'],
    ['multi=~"one"', false, 'a newline does not end the value'],
  ])('%s: %s, since %s', (text, expected) => {
    expect(matches(parsed(text), labels)).toBe(expected);
  });

  it('gives the same answer when asked again', () => {
    const matcher = parsed('service=~"check.+"');
    expect([1, 2, 3].map(() => matches(matcher, labels))).toEqual([true, true, true]);
  });
});

describe('matchesAll', () => {
  it('needs every matcher, and is satisfied by none at all', () => {
    const both = [parsed('a="1"'), parsed('b="2"')];
    expect(matchesAll(both, { a: '1', b: '2' })).toBe(true);
    expect(matchesAll(both, { a: '1' })).toBe(false);
    expect(matchesAll([], {})).toBe(true);
  });
});

describe('parseMatcher', () => {
  it.each([
    ['a="b"', { label: 'a', operator: '=', value: 'b' }],
    ['  a  =~ "b"  ', { label: 'a', operator: '=~', value: 'b' }],
    ["a!='b'", { label: 'a', operator: '!=', value: 'b' }],
    ['a!~`\\d+`', { label: 'a', operator: '!~', value: '\\d+' }],
    ['a=~"\\\\d+"', { label: 'a', operator: '=~', value: '\\d+' }],
    ['"k8s.pod/name"="x"', { label: 'k8s.pod/name', operator: '=', value: 'x' }],
    ['"überlast 🔥"="x"', { label: 'überlast 🔥', operator: '=', value: 'x' }],
    ['a="\\n\\t\\r\\\\\\"\\\'"', { label: 'a', operator: '=', value: '\n\t\r\\"\'' }],
    ['a="\\u00e9\\U0001f525\\x41"', { label: 'a', operator: '=', value: 'é🔥A' }],
    ['a=""', { label: 'a', operator: '=', value: '' }],
    ['a="="', { label: 'a', operator: '=', value: '=' }],
  ])('reads %s', (text, expected) => {
    expect(parseMatcher(text)).toEqual({ ok: true, value: expected });
  });

  it.each([
    ['', 0, 'no label name', 'write severity="critical"'],
    ['="b"', 0, 'no label name', 'write severity="critical"'],
    ['""="b"', 0, 'the label has no name', 'write severity="critical"'],
    ['a', 1, 'no operator after a', 'write a="value"'],
    ['a.b="c"', 1, 'no operator after a', 'in quotes: "a.b"="c"'],
    ['a=="b"', 1, 'there is no operator ==', 'write = once: a="b"'],
    ['a=b', 2, 'the value is not in quotes', 'write a="b"'],
    ['a=', 2, 'there is no value', 'write a=""'],
    ['a="b', 2, 'the quote that opens here is never closed', 'write "b"'],
    ['a="\\d"', 3, '\\d is no escape', 'write the backslash twice, \\\\d'],
    ['a="\\ud800"', 3, '\\u is no escape', 'write the backslash twice'],
    ['a="\\U00110000"', 3, '\\U is no escape', 'write the backslash twice'],
    ['{a="b"}', 0, 'a matcher here stands without braces', 'leave the braces out'],
    ['a="b", c="d"', 5, 'a second matcher follows the value', 'an item of its own'],
    ['a="b" c', 6, 'more text follows the value', 'an item of its own'],
    ['a=~"x(y+)+"', 5, 'a loop around something that can match in several ways', 'one class'],
    ['a !~ "("', 6, 'this ( is never closed', 'add ), or write \\('],
  ])('refuses %s at %i: %s', (text, at, problem, fix) => {
    const result = parseMatcher(text);
    expect(result).toMatchObject({ ok: false, error: { at } });
    expect(result.ok ? '' : result.error.problem).toContain(problem);
    expect(result.ok ? '' : result.error.fix).toContain(fix);
  });

  it('reads a matcher of the greatest length and refuses a longer one', () => {
    const ofLength = (length: number) => `a="${'x'.repeat(length - 4)}"`;
    expect(parseMatcher(ofLength(maxMatcherLength)).ok).toBe(true);
    expect(parseMatcher(ofLength(maxMatcherLength + 1))).toMatchObject({
      error: { problem: 'the matcher is 2049 characters long' },
    });
  });
});

describe('formatMatcher', () => {
  it.each([
    [{ label: 'a', operator: '=', value: 'b' }, 'a="b"'],
    [{ label: 'a.b', operator: '!~', value: 'x"\\\n\u0007' }, '"a.b"!~"x\\"\\\\\\n\\u0007"'],
    [{ label: '1a', operator: '!=', value: '' }, '"1a"!=""'],
  ] as const)('writes %o', (matcher, expected) => {
    expect(formatMatcher(matcher)).toBe(expected);
  });
});

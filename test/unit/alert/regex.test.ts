import { describe, expect, it } from 'vitest';
import { checkRegex, maxRegexLength } from '../../../lib/domain/alert/regex.ts';

/** Patterns that take time beyond bounds in a backtracking engine, by the shape that does it. */
const atoms = ['a', '.', '\\w', '[a-z]', '[^-]', '\\d', 'ab', '(?:ab)', '\\p{L}'];
const catastrophic: readonly (readonly [string, string])[] = [
  ...atoms.flatMap((atom) =>
    [
      `(${atom}+)+`,
      `(${atom}*)*x`,
      `(${atom}+)*`,
      `(?:${atom}+)+$`,
      `((${atom}+)x?)+y`,
      `(x|${atom}+)+`,
      `(${atom}+|${atom}+x)*`,
      `(${atom}{1,5})+`,
      `(${atom}{2,})*`,
      `(${atom}+){10,}`,
    ].map((pattern) => [pattern, 'a loop in a loop'] as const),
  ),
  ...['(a|a)*', '(a|ab)*', '(a|a?)+', '(.|x)*', '([a-c]|[b-d])+', '(\\w|\\d)+', '(ab|a|b)*'].map(
    (pattern) => [pattern, 'branches of a loop that overlap'] as const,
  ),
  ...['(?i)(a|A)*', '(a|\\a)*', '(ſ|s)*'].map(
    (pattern) => [pattern, 'branches that overlap in disguise'] as const,
  ),
  ...['.*.*.*x', 'a*a*a*b', '.*a.*b.*c.*d', '\\s*\\s*\\s*,', '(.*)(.*)(.*)x', '.+.+.+=.+'].map(
    (pattern) => [pattern, 'three open loops in a row'] as const,
  ),
  ...['a?', '(a|b|ab)', '[ab]{0,3}', '.{0,1}'].map(
    (part) => [part.repeat(40), 'many choices in a row'] as const,
  ),
  ...['(.*a){20}', '(a{0,50}){50}', '((a?){50}){50}', '(a{1000}){1000}', '(x+x+)+y'].map(
    (pattern) => [pattern, 'counted repeats that multiply'] as const,
  ),
];

describe('checkRegex', () => {
  it('is tried on at least a hundred catastrophic regexes', () => {
    expect(new Set(catastrophic.map(([pattern]) => pattern)).size).toBeGreaterThanOrEqual(100);
  });

  it.each(catastrophic)('refuses %s: %s', (pattern) => {
    expect(checkRegex(pattern).ok).toBe(false);
  });

  it.each([
    'checkout|cart|payment-.+',
    '.*checkout.*',
    '.*-checkout-.*-canary',
    '(?i)crit(ical)?|page',
    'prod-(eu|us|ap)-.*',
    '10\\.0\\.\\d+\\.\\d+:\\d+',
    '[^/]+/[^/]+/[^/]+/[^/]+',
    '(?:a|b)+-[0-9]{1,3}',
    '(\\d+\\.)+example\\.com',
    '^web-\\d+$',
    '\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}',
    '[\\w.-]+@example\\.com',
    '\\p{Lu}.*',
    '(Kube|Node).*',
    'a{2}b{1,3}?c*?',
    '\\bfoo\\b.*',
    '\\x41\\t\\/\\{\\}',
    'überlast 🔥+',
    '',
    '|',
    '(?i)',
  ])('takes %s', (pattern) => {
    expect(checkRegex(pattern)).toEqual({ ok: true, value: null });
  });

  it.each([
    ['(?=a)b', 0, 'groups that begin with (?='],
    ['(?<!a)b', 0, 'groups that begin with (?<!'],
    ['(?P<x>a)', 0, 'groups that begin with (?P<'],
    ['a(?i)b', 1, 'groups that begin with (?i'],
    ['(a)\\1', 3, 'backreferences are not taken'],
    ['(?:a)\\k', 5, 'backreferences are not taken'],
    ['[[:alpha:]]+', 0, 'classes such as [[:alpha:]] are not taken'],
    ['[]a]', 0, 'this class is empty'],
    ['a[b', 1, 'this [ is never closed'],
    ['a**', 2, 'two repeats follow each other'],
    ['*a', 0, 'there is nothing that this * could repeat'],
    ['a|+', 2, 'there is nothing that this + could repeat'],
    ['{a', 0, 'this { stands alone'],
    ['x]', 1, 'this ] stands alone'],
    ['a{3,2}', 6, 'counts downwards'],
    ['a{1001}', 7, 'is too large'],
    ['a{1,1001}', 9, 'is too large'],
    ['(ab){600}', 0, 'the repeats in this regex are too large'],
    ['(|a)+', 0, 'what is repeated here can be empty'],
    ['(a', 0, 'this ( is never closed'],
    ['a)', 1, 'this ) closes nothing'],
    [`${'('.repeat(17)}a${')'.repeat(17)}`, 16, 'groups nest more than 16 deep'],
    ['\\', 0, 'a backslash ends the regex'],
    ['a\\-b', 1, '\\- is no escape'],
    ['\\p{Nope}', 0, 'not valid: Invalid property name'],
    ['[z-a]', 0, 'not valid: Range out of order'],
    ['[z-a]+x', 0, 'not valid: Range out of order'],
  ])('refuses %s at %i: %s', (pattern, at, problem) => {
    const result = checkRegex(pattern);
    expect(result).toMatchObject({ ok: false, error: { at } });
    expect(result.ok ? '' : result.error.problem).toContain(problem);
  });

  it('takes the greatest length, count and depth, and no more', () => {
    expect(checkRegex('a'.repeat(maxRegexLength)).ok).toBe(true);
    expect(checkRegex('a'.repeat(maxRegexLength + 1)).ok).toBe(false);
    expect(checkRegex('a{1000}').ok).toBe(true);
    expect(checkRegex(`${'('.repeat(16)}a${')'.repeat(16)}`).ok).toBe(true);
  });
});

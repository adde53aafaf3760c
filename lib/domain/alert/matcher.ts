import { labelOf, type Labels } from '../shared/labels.ts';
import { err, ok, type Result } from '../shared/result.ts';
import { isQuote, quote, readQuoted, type QuotedText } from './quoted-text.ts';
import { checkRegex, compileRegex } from './regex.ts';
import type { SyntaxProblem } from './syntax-problem.ts';

export type MatchOperator = '=' | '!=' | '=~' | '!~';

/** One Prometheus matcher. A missing label matches as the empty string; regexes are anchored. */
export interface Matcher {
  readonly label: string;
  readonly operator: MatchOperator;
  readonly value: string;
}

/** The longest matcher as text, in UTF-16 code units. */
export const maxMatcherLength = 2_048;

/** Regexes by matcher, so that each is compiled once; entries go with their policy. */
const compiled = new WeakMap<Matcher, RegExp>();

/**
 * Whether labels satisfy a matcher. Total for matchers that `parseMatcher` or a compiled policy
 * gave: their regexes are valid and bounded in time.
 */
export function matches(matcher: Matcher, labels: Labels): boolean {
  const value = labelOf(labels, matcher.label);
  switch (matcher.operator) {
    case '=':
      return value === matcher.value;
    case '!=':
      return value !== matcher.value;
    case '=~':
      return regexOf(matcher).test(value);
    case '!~':
      return !regexOf(matcher).test(value);
  }
}

/** Whether labels satisfy every matcher. No matchers at all are always satisfied. */
export const matchesAll = (matchers: readonly Matcher[], labels: Labels): boolean =>
  matchers.every((matcher) => matches(matcher, labels));

function regexOf(matcher: Matcher): RegExp {
  const known = compiled.get(matcher);
  if (known !== undefined) return known;
  const regex = compileRegex(matcher.value);
  compiled.set(matcher, regex);
  return regex;
}

const plainName = /^[a-zA-Z_][a-zA-Z0-9_]*/;

const example = 'severity="critical"';
const syntax = `label, operator (= != =~ !~) and quoted value, such as ${example}`;

/**
 * Reads one matcher in the syntax of Prometheus 3: `severity="critical"`, `instance=~"web-.+"`,
 * and names beyond letters, digits and underscores in quotes: `"k8s.pod"!="x"`. Values stand in
 * double quotes, single quotes or backticks.
 */
export function parseMatcher(text: string): Result<Matcher, SyntaxProblem> {
  if (text.length > maxMatcherLength) {
    return err({
      at: 0,
      problem: `the matcher is ${text.length} characters long`,
      allowed: `at most ${maxMatcherLength} characters`,
      fix: 'use several matchers, or several rules',
    });
  }
  const name = readName(text, skipSpace(text, 0));
  if (!name.ok) return name;
  const operatorAt = skipSpace(text, name.value.end);
  const operator = readOperator(text, operatorAt);
  if (!operator.ok) return operator;
  const valueAt = skipSpace(text, operatorAt + operator.value.length);
  const value = readValue(text, valueAt);
  if (!value.ok) return value;
  const rest = skipSpace(text, value.value.end);
  if (rest < text.length) return err(trailing(text, rest));
  const matcher = { label: name.value.value, operator: operator.value, value: value.value.value };
  return checkValue(matcher, valueAt + 1);
}

function checkValue(matcher: Matcher, at: number): Result<Matcher, SyntaxProblem> {
  if (matcher.operator === '=' || matcher.operator === '!=') return ok(matcher);
  const regex = checkRegex(matcher.value);
  return regex.ok ? ok(matcher) : err({ ...regex.error, at: at + regex.error.at });
}

function readName(text: string, at: number): Result<QuotedText, SyntaxProblem> {
  if (isQuote(text[at])) {
    const quoted = readQuoted(text, at);
    if (!quoted.ok || quoted.value.value !== '') return quoted;
    return err({ at, problem: 'the label has no name', allowed: syntax, fix: `write ${example}` });
  }
  const value = plainName.exec(text.slice(at))?.[0];
  if (value !== undefined) return ok({ value, end: at + value.length });
  if (text[at] === '{') {
    const fix = `leave the braces out and write each matcher as an item of its own: ${example}`;
    return err({ at, problem: 'a matcher here stands without braces', allowed: syntax, fix });
  }
  return err({ at, problem: 'no label name', allowed: syntax, fix: `write ${example}` });
}

function readOperator(text: string, at: number): Result<MatchOperator, SyntaxProblem> {
  if (text.startsWith('==', at)) {
    const fix = `write = once: ${text.slice(0, at)}=${text.slice(at + 2)}`;
    return err({ at, problem: 'there is no operator ==', allowed: '= != =~ !~', fix });
  }
  const found = (['=~', '!~', '!=', '='] as const).find((each) => text.startsWith(each, at));
  if (found !== undefined) return ok(found);
  const name = text.slice(0, at).trim();
  const isName = at < text.length && /^[^\s"'`=!~]/.test(text.slice(at));
  const fix = isName
    ? `put a name with other characters than letters, digits and _ in quotes: "a.b"="c"`
    : `write ${name}="value"`;
  return err({ at, problem: `no operator after ${name}`, allowed: '= != =~ !~', fix });
}

function readValue(text: string, at: number): Result<QuotedText, SyntaxProblem> {
  if (isQuote(text[at])) return readQuoted(text, at);
  const bare = text.slice(at).trim();
  return err({
    at,
    problem: bare === '' ? 'there is no value' : 'the value is not in quotes',
    allowed: 'a value in double quotes, single quotes or backticks',
    fix: `write ${text.slice(0, at)}${quote(bare)}`,
  });
}

const trailing = (text: string, at: number): SyntaxProblem => ({
  at,
  problem: `${text[at] === ',' ? 'a second matcher' : 'more text'} follows the value`,
  allowed: 'one matcher in one item',
  fix: 'write each matcher as an item of its own; all items of the list must match',
});

function skipSpace(text: string, at: number): number {
  let next = at;
  while (next < text.length && /\s/.test(text[next] ?? '')) next += 1;
  return next;
}

/** The matcher as text that `parseMatcher` reads back to the same matcher. */
export function formatMatcher({ label, operator, value }: Matcher): string {
  const name = plainName.exec(label)?.[0] === label ? label : quote(label);
  return `${name}${operator}${quote(value)}`;
}

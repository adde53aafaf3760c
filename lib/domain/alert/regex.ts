import { err, ok, type Result } from '../shared/result.ts';
import { eitherOf, inSequence, noCost, repeated, stepsOf, type Cost } from './regex-cost.ts';
import { readAtom, readQuantifier, type RegexReader } from './regex-reader.ts';
import type { SyntaxProblem } from './syntax-problem.ts';

/** The longest regex, in UTF-16 code units. Prometheus sets no bound; a page of text is no rule. */
export const maxRegexLength = 512;

/**
 * The most steps that a regex may take on the longest label value, by a bound that counts every
 * way in which a backtracking engine could try it. Two open loops such as `.*` fit, three do
 * not. Of 59,000 random regexes within the bound, on values made to hurt, the slowest took less
 * than 0.7 s (Node 24, one core); what policies hold takes microseconds.
 */
export const maxRegexSteps = 2 ** 29;

/** How deep groups may nest. */
const maxDepth = 16;

const caseFlag = '(?i)';

/**
 * The regex of a matcher, ready to test a label's value: anchored at both ends, a dot matches
 * every character, newlines included, and a leading `(?i)` ignores case.
 */
export function compileRegex(pattern: string): RegExp {
  const ignoresCase = pattern.startsWith(caseFlag);
  const body = ignoresCase ? pattern.slice(caseFlag.length) : pattern;
  return new RegExp(`^(?:${body})$`, ignoresCase ? 'isu' : 'su');
}

/**
 * Whether a regex may be used in a policy, and if not, why. What RE2, the engine of Prometheus,
 * takes and runs in linear time must here run in bounded time in a backtracking engine: hence
 * no backreferences and no lookaround (RE2 has none either), no unbounded loop around something
 * that can itself match in several ways, and a bound on everything that remains.
 */
export function checkRegex(pattern: string): Result<null, SyntaxProblem> {
  if (pattern.length > maxRegexLength) {
    return err({
      at: maxRegexLength,
      problem: `the regex is ${pattern.length} characters long`,
      allowed: `at most ${maxRegexLength} characters`,
      fix: 'split it over several rules, or match a label with fewer values',
    });
  }
  const start = pattern.startsWith(caseFlag) ? caseFlag.length : 0;
  const reader: RegexReader = { pattern, at: start, problem: null };
  const cost = readAlternatives(reader, 0);
  if (reader.problem === null && reader.at < pattern.length) {
    refuse(reader, { problem: 'this ) closes nothing', fix: 'write \\) for the character itself' });
  }
  if (reader.problem === null && stepsOf(cost) > maxRegexSteps) {
    return err(tooCostly(start));
  }
  return reader.problem === null ? compiles(pattern) : err(reader.problem);
}

const tooCostly = (at: number): SyntaxProblem => ({
  at,
  problem: 'this regex could take too long on a value made to slow it down',
  allowed: 'two loops such as .* whose ends are open, and one more at the very end',
  fix: 'write [^-]* or \\d+ instead of .* where you can, or match on several labels',
});

function compiles(pattern: string): Result<null, SyntaxProblem> {
  try {
    compileRegex(pattern).test('');
    return ok(null);
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split(': ').at(-1) ?? '') : '';
    return err({
      at: 0,
      problem: `the regex is not valid: ${reason}`,
      allowed: 'the syntax that RE2 and ECMAScript have in common',
      fix: 'correct it, or match exact values with =',
    });
  }
}

function refuse(reader: RegexReader, why: { readonly problem: string; readonly fix: string }) {
  reader.problem ??= { at: reader.at, allowed: 'balanced parentheses', ...why };
}

/** Reads branches between bars, up to a closing parenthesis or the end. */
function readAlternatives(reader: RegexReader, depth: number): Cost {
  const branches = [readSequence(reader, depth)];
  while (reader.problem === null && reader.pattern[reader.at] === '|') {
    reader.at += 1;
    branches.push(readSequence(reader, depth));
  }
  return eitherOf(branches);
}

/** One part of a sequence, with the one-character atom that it repeats, if it is such a loop. */
interface Part {
  readonly cost: Cost;
  readonly repeats: string | null;
}

function readSequence(reader: RegexReader, depth: number): Cost {
  const parts: Part[] = [];
  while (reader.problem === null && !endsSequence(reader.pattern[reader.at])) {
    parts.push(readPart(reader, depth));
  }
  return inSequence(
    parts.map((part, index) => {
      const next = parts[index + 1];
      return hasOneEnd(part, { next, isTop: depth === 0 }) ? withOneEnd(part) : part.cost;
    }),
  );
}

const endsSequence = (char: string | undefined): boolean =>
  char === undefined || char === '|' || char === ')';

/**
 * Whether a loop over one character can only stop where that character's run ends: the end of
 * the whole value must follow, or a character that the loop does not take. In `\d+\.` giving
 * digits back never helps.
 */
function hasOneEnd(
  { repeats }: Part,
  { next, isTop }: { readonly next: Part | undefined; readonly isTop: boolean },
): boolean {
  if (repeats === null) return false;
  if (next === undefined) return isTop;
  const { start } = next.cost;
  return start !== null && !takes(repeats, start);
}

/** Whether a one-character atom matches a letter in either case, with or without `(?i)`. */
function takes(atom: string, char: string): boolean {
  return ['su', 'isu'].some((flags) => {
    const regex = new RegExp(`^${atom}$`, flags);
    return regex.test(char) || regex.test(char.toUpperCase());
  });
}

/** A dot at the end takes all there is at once; any other loop runs through its characters. */
const withOneEnd = ({ cost, repeats }: Part): Cost => ({
  ...cost,
  ways: 1,
  scans: repeats !== '.',
});

function readPart(reader: RegexReader, depth: number): Part {
  const from = reader.at;
  const atom = reader.pattern[from] === '(' ? readGroup(reader, depth) : readAtom(reader);
  const source = reader.pattern.slice(from, reader.at);
  const quantifier = readQuantifier(reader);
  if (quantifier === null || reader.problem !== null) return { cost: atom, repeats: null };
  const cost = repeated(atom, quantifier);
  if (cost.ok) return { cost: cost.value, repeats: isOneCharacter(source) ? source : null };
  reader.problem = { ...cost.error, at: from };
  return { cost: noCost, repeats: null };
}

/** An atom that is no group, and that the engine takes: `[z-a]` reads well and is not valid. */
function isOneCharacter(atom: string): boolean {
  if (atom.startsWith('(')) return false;
  try {
    return new RegExp(atom, 'su').source !== '';
  } catch {
    return false;
  }
}

function readGroup(reader: RegexReader, depth: number): Cost {
  const head = /^\((\?[^:)]{0,2}:?)?/.exec(reader.pattern.slice(reader.at))?.[0] ?? '';
  if (head !== '(' && head !== '(?:') {
    reader.problem = {
      at: reader.at,
      problem: `groups that begin with ${head} are not taken`,
      allowed: '(...) and (?:...), and (?i) at the very start',
      fix: 'lookaround, names and inner flags have no use in a matcher: use a second matcher, or !~',
    };
    return noCost;
  }
  if (depth >= maxDepth) {
    refuse(reader, { problem: `groups nest more than ${maxDepth} deep`, fix: 'use fewer groups' });
    return noCost;
  }
  const opened = reader.at;
  reader.at += head.length;
  const cost = readAlternatives(reader, depth + 1);
  if (reader.problem === null && reader.pattern[reader.at] !== ')') {
    reader.at = opened;
    refuse(reader, { problem: 'this ( is never closed', fix: 'add ), or write \\( for itself' });
  }
  reader.at += 1;
  return cost;
}

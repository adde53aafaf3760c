import { err, ok, type Result } from '../shared/result.ts';
import type { SyntaxProblem } from './syntax-problem.ts';

/** The longest label value that a regex meets: the cut of intake, in code points. */
export const longestValue = 4_096;

/** The most often that `{n,m}` may repeat, as in RE2. */
export const maxRepeat = 1_000;

/** The most characters that a regex may stand for once its counted repeats are written out. */
const maxSize = 1_000;

/** What part of a regex can cost a backtracking engine. */
export interface Cost {
  /** In how many ways it can match at one place, at most. */
  readonly ways: number;
  /** Characters to compare, with counted repeats written out. */
  readonly size: number;
  /** Whether it runs through text to one certain end, which takes time but offers no choice. */
  readonly scans: boolean;
  /** The shortest text that it matches. */
  readonly minLength: number;
  /** The one character that it starts with, in lower case, or null when that is not known. */
  readonly start: string | null;
}

export interface Quantifier {
  readonly min: number;
  readonly max: number;
}

export const noCost: Cost = { ways: 1, size: 0, scans: false, minLength: 0, start: null };

export const oneCharacter: Cost = { ...noCost, size: 1, minLength: 1 };

/** The steps that an engine takes at most, over all ways. */
export const stepsOf = ({ ways, size, scans }: Cost): number =>
  ways * (Math.max(size, 1) + (scans ? longestValue : 0));

/** The cost of a repeat, or why it is refused. `at` is for the caller to fill in. */
export function repeated(body: Cost, { min, max }: Quantifier): Result<Cost, SyntaxProblem> {
  if (body.minLength === 0) return err(emptyBody);
  if (max === Infinity && body.ways > 1) return err(nestedLoop);
  const size = body.size * (max === Infinity ? Math.max(min, 1) : max);
  if (size > maxSize) return err(tooLarge);
  return ok({
    ways: waysOf(body.ways, { min, max }),
    size,
    scans: body.scans,
    minLength: body.minLength * min,
    start: min === 0 ? null : body.start,
  });
}

/** Branches that start with different characters exclude each other; others are all tried. */
export function eitherOf(branches: readonly Cost[]): Cost {
  const [only] = branches;
  if (only !== undefined && branches.length === 1) return only;
  const starts = branches.map(({ start }) => start);
  const isDistinct = !starts.includes(null) && new Set(starts).size === starts.length;
  const ways = branches.map((branch) => branch.ways);
  return {
    ways: isDistinct ? Math.max(...ways) : ways.reduce((sum, each) => sum + each, 0),
    size: branches.reduce((sum, { size }) => sum + size, 0),
    scans: branches.some(({ scans }) => scans),
    minLength: Math.min(...branches.map(({ minLength }) => minLength)),
    start: null,
  };
}

/** The cost of parts one after the other. */
export function inSequence(parts: readonly Cost[]): Cost {
  return {
    ways: parts.reduce((product, { ways }) => product * ways, 1),
    size: parts.reduce((sum, { size }) => sum + size, 0),
    scans: parts.some(({ scans }) => scans),
    minLength: parts.reduce((sum, { minLength }) => sum + minLength, 0),
    start: parts.find(({ size }) => size > 0)?.start ?? null,
  };
}

/** The sum of ways to the power of each count that is allowed. */
function waysOf(ways: number, { min, max }: Quantifier): number {
  if (max === Infinity) return longestValue + 1;
  let sum = 0;
  for (let count = min; count <= max; count += 1) sum += ways ** count;
  return sum;
}

const emptyBody: SyntaxProblem = {
  at: 0,
  problem: 'what is repeated here can be empty',
  allowed: 'a repeat of something that takes at least one character',
  fix: 'remove the inner *, ? or empty branch',
};

const nestedLoop: SyntaxProblem = {
  at: 0,
  problem: 'a loop around something that can match in several ways can take forever',
  allowed: '* and + after a character, a class such as [a-z0-9-], or a fixed text in a group',
  fix: 'write one class instead of the inner loop: [a-z0-9-]+ instead of ([a-z0-9]+-?)+',
};

const tooLarge: SyntaxProblem = {
  at: 0,
  problem: 'the repeats in this regex are too large',
  allowed: `counts up to ${maxRepeat}, and ${maxSize} characters when written out`,
  fix: 'use * or +, or a smaller count',
};

import type { PolicyProblem } from './problem.ts';

/** How many problems are told at once; more than these nobody reads. */
const mostShown = 50;

const longestLine = 100;

/** Errors as a compiler prints them: place, sentence, the line with a mark below, what to write. */
export const formatPolicyErrors = (errors: readonly PolicyProblem[]): string =>
  formatAll(errors, 'error');

/** Warnings in the form of errors. */
export const formatPolicyWarnings = (warnings: readonly PolicyProblem[]): string =>
  formatAll(warnings, 'warning');

function formatAll(problems: readonly PolicyProblem[], kind: 'error' | 'warning'): string {
  const shown = problems.slice(0, mostShown).map((problem) => formatProblem(problem, kind));
  const hidden = problems.length - shown.length;
  const rest = hidden > 0 ? [`and ${hidden} more ${kind}s\n`] : [];
  return [...shown, ...rest].join('\n');
}

function formatProblem(problem: PolicyProblem, kind: string): string {
  const place = `${problem.fileName}:${problem.line}:${problem.column}`;
  const path = problem.path === '' ? '' : ` [${problem.path}]`;
  const lines = [
    `${place}: ${kind}: ${problem.problem}${path}`,
    ...excerptOf(problem),
    ...(problem.found === null ? [] : [`  found:   ${problem.found}`]),
    `  allowed: ${problem.allowed}`,
    `  fix:     ${problem.fix}`,
  ];
  return `${lines.map(printable).join('\n')}\n`;
}

function excerptOf({ line, column, length, sourceLine }: PolicyProblem): readonly string[] {
  const number = String(line).padStart(6);
  if (sourceLine === null) return [`${number} | (not shown: it may hold a secret)`];
  const skipped = column > longestLine ? column - longestLine / 2 : 0;
  const shown = sourceLine.slice(skipped, skipped + longestLine);
  // Tabs before the mark stay tabs, so that it stands below its place in any terminal.
  const before = shown.slice(0, column - 1 - skipped).replaceAll(/[^\t]/g, ' ');
  const marks = '^'.repeat(Math.max(1, Math.min(length, shown.length - before.length)));
  return [`${number} | ${shown}`, `${' '.repeat(number.length)} | ${before}${marks}`];
}

/** Control characters from the file must not steer the terminal. */
const printable = (line: string): string =>
  line.replaceAll(/[^\P{C}\t]/gu, (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`);

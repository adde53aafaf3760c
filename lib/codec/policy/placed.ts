import type { Position } from './lines.ts';
import {
  pathText,
  type Finding,
  type PolicyProblem,
  type Span,
  type TextProblem,
} from './problem.ts';

/** The text of a policy and the name by which errors call it. */
export interface PolicySource {
  readonly fileName: string;
  readonly text: string;
  readonly positionOf: (index: number) => Position;
}

/** A problem with its line and column. */
export function placed(
  problem: TextProblem & Partial<Pick<Finding, 'path' | 'at' | 'isSecret'>>,
  { fileName, text, positionOf }: PolicySource,
): PolicyProblem {
  const span = narrowed(problem.span, text, problem.at);
  const { line, column } = positionOf(span.start);
  const newline = text.indexOf('\n', span.start);
  const lineStart = span.start - column + 1;
  const sourceLine = text.slice(lineStart, newline === -1 ? undefined : newline).trimEnd();
  const room = Math.max(1, sourceLine.length - column + 1);
  return {
    fileName,
    line,
    column,
    length: Math.min(Math.max(1, span.end - span.start), room),
    sourceLine: problem.isSecret === true ? null : sourceLine,
    path: pathText(problem.path ?? []),
    problem: problem.problem,
    found: problem.found,
    allowed: problem.allowed,
    fix: problem.fix,
  };
}

/**
 * The place inside a text value, where the file holds it letter for letter. Escapes and folded
 * lines make that unknown, and then the whole value is meant.
 */
function narrowed(span: Span, text: string, at = 0): Span {
  const written = text.slice(span.start, span.end);
  const isQuoted = /^(['"]).*\1$/s.test(written);
  const isPlain = isQuoted ? !/\\|''|\n/.test(written) : !/\n/.test(written);
  if (at === 0 || !isPlain) return span;
  const start = Math.min(span.start + at + (isQuoted ? 1 : 0), span.end - 1);
  return { start, end: start + 1 };
}

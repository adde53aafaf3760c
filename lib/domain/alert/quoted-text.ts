import { err, ok, type Result } from '../shared/result.ts';
import type { SyntaxProblem } from './syntax-problem.ts';

/** A quoted text that was read, and the index just behind its closing quote. */
export interface QuotedText {
  readonly value: string;
  readonly end: number;
}

const escapes: Readonly<Record<string, string>> = {
  '\\': '\\',
  '"': '"',
  "'": "'",
  n: '\n',
  r: '\r',
  t: '\t',
};

const unicodeEscape = /^(?:u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|x[0-9a-fA-F]{2})/;
const isCharacter = (code: number): boolean =>
  code <= 0xd7ff || (code >= 0xe000 && code <= 0x10ffff);

/** Whether a quoted text may start with this character. */
export const isQuote = (char: string | undefined): boolean =>
  char === '"' || char === "'" || char === '`';

/**
 * Reads a text in double quotes, single quotes or backticks that opens at `start`, with the
 * escapes of Prometheus: `\\ \" \' \n \r \t \xHH \uHHHH \UHHHHHHHH`. Between backticks a
 * backslash is itself.
 */
export function readQuoted(text: string, start: number): Result<QuotedText, SyntaxProblem> {
  const opening = text.charAt(start);
  const isRaw = opening === '`';
  let value = '';
  let at = start + 1;
  while (at < text.length) {
    if (text[at] === opening) return ok({ value, end: at + 1 });
    const next = !isRaw && text[at] === '\\' ? readEscape(text, at) : character(text, at);
    if (!next.ok) return next;
    value += next.value.value;
    at = next.value.end;
  }
  return err({
    at: start,
    problem: 'the quote that opens here is never closed',
    allowed: `a text between two ${opening}`,
    fix: `write ${text.slice(start)}${opening}`,
  });
}

const character = (text: string, at: number): Result<QuotedText, never> =>
  ok({ value: text.charAt(at), end: at + 1 });

function readEscape(text: string, at: number): Result<QuotedText, SyntaxProblem> {
  const letter = text.charAt(at + 1);
  if (Object.hasOwn(escapes, letter)) return ok({ value: escapes[letter] ?? '', end: at + 2 });
  const escape = unicodeEscape.exec(text.slice(at + 1, at + 10))?.[0] ?? '';
  const code = Number.parseInt(escape.slice(1), 16);
  if (isCharacter(code)) {
    return ok({ value: String.fromCodePoint(code), end: at + 1 + escape.length });
  }
  return err({
    at,
    problem: `\\${letter} is no escape`,
    allowed: '\\\\ \\" \\\' \\n \\r \\t \\xHH \\uHHHH \\UHHHHHHHH',
    fix: `write the backslash twice, \\\\${letter}, or put the value between backticks`,
  });
}

/** The text in double quotes, such that `readQuoted` gives it back. */
export function quote(text: string): string {
  const escaped = text.replace(/[\\"\p{Cc}]/gu, (char) => {
    if (char === '\\' || char === '"') return `\\${char}`;
    if (char === '\n') return '\\n';
    if (char === '\r') return '\\r';
    if (char === '\t') return '\\t';
    return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
  return `"${escaped}"`;
}

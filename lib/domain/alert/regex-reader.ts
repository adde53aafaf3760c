import { maxRepeat, noCost, oneCharacter, type Cost, type Quantifier } from './regex-cost.ts';
import type { SyntaxProblem } from './syntax-problem.ts';

/** Where reading a regex stands. The first problem ends it. */
export interface RegexReader {
  readonly pattern: string;
  at: number;
  problem: SyntaxProblem | null;
}

const classEscape = /^\\[dDwWsS]/;
const property = /^\\[pP]\{[A-Za-z_=]{1,40}\}/;
const control = /^\\(?:[tnrfv]|x[0-9a-fA-F]{2})/;
const escapedSyntax = /^\\[\\^$.*+?()[\]{}|/]/;
const wordBoundary = /^\\[bB]/;

/** Reads one character, class or assertion. Groups are the caller's. */
export function readAtom(reader: RegexReader): Cost {
  const char = reader.pattern.charAt(reader.at);
  switch (char) {
    case '\\':
      return readEscape(reader);
    case '[':
      return readClass(reader);
    case '^':
    case '$':
      reader.at += 1;
      return noCost;
    case '.':
      reader.at += 1;
      return oneCharacter;
    default:
      return readLiteral(reader, char);
  }
}

function readLiteral(reader: RegexReader, char: string): Cost {
  if ('*+?'.includes(char)) {
    return refuse(reader, `there is nothing that this ${char} could repeat`, `write \\${char}`);
  }
  if ('{}]'.includes(char)) {
    return refuse(reader, `this ${char} stands alone`, `write \\${char} for the character itself`);
  }
  reader.at += 1;
  return { ...oneCharacter, start: asciiStart(char) };
}

/** Only ASCII has no second spelling under `(?i)`. */
const asciiStart = (char: string): string | null =>
  /^[ -~]$/.test(char) ? char.toLowerCase() : null;

function readEscape(reader: RegexReader): Cost {
  const rest = reader.pattern.slice(reader.at);
  const boundary = wordBoundary.exec(rest);
  if (boundary !== null) {
    reader.at += boundary[0].length;
    return noCost;
  }
  const match =
    classEscape.exec(rest) ?? property.exec(rest) ?? control.exec(rest) ?? escapedSyntax.exec(rest);
  if (match !== null) {
    reader.at += match[0].length;
    return { ...oneCharacter, start: escapedSyntax.test(match[0]) ? (match[0][1] ?? null) : null };
  }
  return refuseEscape(reader, rest);
}

function refuseEscape(reader: RegexReader, rest: string): Cost {
  const letter = rest[1] ?? '';
  if (/[1-9k]/.test(letter)) {
    return refuse(reader, 'backreferences are not taken', 'write what the group may hold again');
  }
  if (letter === '') return refuse(reader, 'a backslash ends the regex', 'write \\\\');
  const fix = /[a-zA-Z0-9]/.test(letter) ? `write ${letter} or \\\\${letter}` : `write ${letter}`;
  return refuse(reader, `\\${letter} is no escape`, fix);
}

function readClass(reader: RegexReader): Cost {
  const match = /^\[\^?((?:\\.|[^\]\\])*)\]/su.exec(reader.pattern.slice(reader.at));
  if (match === null) {
    return refuse(reader, 'this [ is never closed', 'add ], or write \\[ for the character itself');
  }
  const content = match[1] ?? '';
  if (content === '') {
    return refuse(reader, 'this class is empty', 'write \\] for the character itself');
  }
  if (/\[[:.=]/.test(content)) {
    return refuse(
      reader,
      'classes such as [[:alpha:]] are not taken',
      'write [A-Za-z], \\d or \\w',
    );
  }
  reader.at += match[0].length;
  return oneCharacter;
}

/** Reads `*`, `+`, `?` or `{n,m}` with an optional `?` behind it, or null when there is none. */
export function readQuantifier(reader: RegexReader): Quantifier | null {
  const match = /^(?:([*+?])|\{(\d{1,6})(,(\d{1,6})?)?\})\??/.exec(reader.pattern.slice(reader.at));
  if (match === null) return null;
  const [text, symbol, min, comma, max] = match;
  const quantifier =
    symbol === undefined ? counted(min, comma, max) : quantifiers[symbol as '*' | '+' | '?'];
  reader.at += text.length;
  if (/^(?:[*+?]|\{\d)/.test(reader.pattern.slice(reader.at))) {
    refuse(reader, 'two repeats follow each other', 'keep one of them');
  } else if (quantifier.min > quantifier.max) {
    refuse(reader, `the repeat ${text} counts downwards`, 'write the smaller number first');
  } else if (quantifier.max !== Infinity && quantifier.max > maxRepeat) {
    refuse(
      reader,
      `the repeat ${text} is too large`,
      `repeat at most ${maxRepeat} times, or use *`,
    );
  }
  return quantifier;
}

/** The symbol is one of these three by the expression that found it. */
const quantifiers: Readonly<Record<'*' | '+' | '?', Quantifier>> = {
  '*': { min: 0, max: Infinity },
  '+': { min: 1, max: Infinity },
  '?': { min: 0, max: 1 },
};

function counted(min = '0', comma: string | undefined, max: string | undefined): Quantifier {
  if (comma === undefined) return { min: Number(min), max: Number(min) };
  return { min: Number(min), max: max === undefined ? Infinity : Number(max) };
}

function refuse(reader: RegexReader, problem: string, fix: string): Cost {
  const allowed = 'the regex syntax of Prometheus, without what can run for ever';
  reader.problem ??= { at: reader.at, problem, allowed, fix };
  return noCost;
}

import type { ErrorCode } from 'yaml';
import type { TextProblem } from './problem.ts';

interface Advice {
  /** In place of the parser's message, where that speaks to programmers. */
  readonly problem?: string;
  readonly allowed: string;
  readonly fix: string;
}

const indented: Advice = {
  allowed: 'spaces, the same number for all keys of one mapping and all items of one list',
  fix: 'line this up with its neighbours, two spaces deeper than what it belongs to',
};

const quoted: Advice = {
  allowed: 'text in quotes where it holds ": ", " #", or starts with one of @ ` % & * ! | > { [',
  fix: 'put the whole value in single quotes',
};

const closed: Advice = {
  allowed: 'a closing quote, ] or } for each that opens, and a colon and space after each key',
  fix: 'look at this line and the one before for what is missing',
};

const small: Advice = {
  allowed: 'a policy that nests no deeper than the reference shows',
  fix: 'remove the brackets or indentation that pile up here',
};

/** What to say to people about the parser's errors. Other codes get the advice on brackets. */
const adviceOf: Partial<Record<ErrorCode, Advice>> = {
  BAD_INDENT: indented,
  TAB_AS_INDENT: { allowed: indented.allowed, fix: 'replace the tab by spaces' },
  BAD_SCALAR_START: quoted,
  BLOCK_AS_IMPLICIT_KEY: quoted,
  MULTILINE_IMPLICIT_KEY: quoted,
  UNEXPECTED_TOKEN: quoted,
  BAD_DQ_ESCAPE: {
    allowed: '\\\\ \\" \\n \\t and the other escapes of YAML between double quotes',
    fix: 'use single quotes, between which a backslash is itself',
  },
  MULTIPLE_DOCS: {
    problem: 'a second YAML document begins here',
    allowed: 'one document in the file',
    fix: 'remove the --- and what follows',
  },
  RESOURCE_EXHAUSTION: small,
};

/** What the YAML parser says of one place. */
export interface YamlError {
  readonly code: ErrorCode;
  readonly message: string;
  /** Start and end in the text. */
  readonly pos: readonly [number, number];
}

/** An error of the YAML parser in the words of this loader. */
export function yamlProblem(error: YamlError, text: string): TextProblem {
  const [start, end] = error.pos;
  const found = text.slice(start, end).split('\n')[0]?.trim() ?? '';
  return {
    span: { start, end },
    problem: `this is not valid YAML: ${lowerFirst(error.message)}`,
    found: found === '' ? null : found.slice(0, 60),
    ...(adviceOf[error.code] ?? closed),
  };
}

const lowerFirst = (text: string): string => `${text.charAt(0).toLowerCase()}${text.slice(1)}`;

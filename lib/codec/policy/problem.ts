/** Where in a policy something stands: keys of mappings and indexes of lists, from the root. */
export type Path = readonly (string | number)[];

/** What is wrong at one place of the file's content, before the place is known in the text. */
export interface Finding {
  readonly path: Path;
  /** Whether the key itself is meant, and not the value that belongs to it. */
  readonly of: 'key' | 'value';
  /** What happened, as a clause without a full stop. */
  readonly problem: string;
  /** What was found there, as it is written, or null where nothing is. */
  readonly found: string | null;
  readonly allowed: string;
  /** What to write instead. */
  readonly fix: string;
  /** Index into a text value, for a problem inside of it. */
  readonly at?: number;
  /** The line holds what looks like a secret, and is not shown. */
  readonly isSecret?: boolean;
}

/** A stretch of the text, by index. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** What is wrong with the text as YAML. */
export interface TextProblem {
  readonly span: Span;
  readonly problem: string;
  readonly found: string | null;
  readonly allowed: string;
  readonly fix: string;
}

/** A problem in a policy file with its place in the text, for the person who wrote it. */
export interface PolicyProblem {
  readonly fileName: string;
  /** Counted from 1. */
  readonly line: number;
  /** Counted from 1, in UTF-16 code units. */
  readonly column: number;
  /** How much of the line is meant, at least 1. */
  readonly length: number;
  /** The line as it stands, or null where it must not be shown. */
  readonly sourceLine: string | null;
  /** Such as `tenants.default.services[0].tier`; empty for the file as a whole. */
  readonly path: string;
  readonly problem: string;
  readonly found: string | null;
  readonly allowed: string;
  readonly fix: string;
}

/** A policy with one of these is refused. */
export type PolicyError = PolicyProblem;

/** A policy with only these works, though probably not as meant. */
export type PolicyWarning = PolicyProblem;

/** The path as people write it. */
export const pathText = (path: Path): string =>
  path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`))
    .join('')
    .replace(/^\./, '');

const longestExcerpt = 60;

/** A value as it might stand in the file, cut to what fits in a message. */
export function excerpt(value: unknown): string {
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'a mapping';
  const text = value === undefined ? 'nothing' : quoted(value);
  return text.length > longestExcerpt ? `${text.slice(0, longestExcerpt)}…` : text;
}

/** What JSON would escape reads better in single quotes. */
const quoted = (value: unknown): string =>
  typeof value === 'string' && /["\\]/.test(value) && !/[\p{C}']/u.test(value)
    ? `'${value}'`
    : JSON.stringify(value);

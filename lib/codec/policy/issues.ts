import type * as z from 'zod';
import { problemOf } from './fields.ts';
import { excerpt, type Finding, type Path } from './problem.ts';
import { choicesOf, hintOf, keySchemaOf, keysOf, oneOf, schemaAt } from './schema-walk.ts';
import { policyFile } from './schema.ts';
import { nearest } from './suggest.ts';
import { valueAt } from './value-at.ts';

type Issue = z.core.$ZodIssue;

/** An issue of the schema, told to the person who wrote the file. */
export function findingsOf(issue: Issue, content: unknown): readonly Finding[] {
  const path = issue.path.map((step) => (typeof step === 'number' ? step : String(step)));
  const place = { path, content };
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKey({ path: [...path, key], content }));
    case 'invalid_key':
      return [invalidKey(place)];
    case 'invalid_union':
      return unionFindings(issue, place);
    case 'custom':
      return [customFinding(issue, place)];
    case 'invalid_type':
      return [typeFinding(place)];
    case 'too_big':
    case 'too_small':
      return [sizeFinding(issue, place)];
    case 'invalid_value':
    case 'invalid_format':
    case 'not_multiple_of':
    case 'invalid_element':
      return [valueFinding(place)];
  }
}

interface Place {
  readonly path: Path;
  /** Of the whole file. */
  readonly content: unknown;
}

const valueOf = ({ path, content }: Place): unknown => valueAt(content, path);

const schemaOf = ({ path, content }: Place) => schemaAt(policyFile, path, content);

const nameOf = (path: Path): string => {
  const last = path.at(-1);
  if (last === undefined) return 'the policy';
  return typeof last === 'string' ? last : `item ${last + 1} of ${String(path.at(-2))}`;
};

/** The line to write, without what surrounds it. */
const lineOf = (path: Path, written: string): string => {
  const last = path.at(-1);
  if (last === undefined) return written;
  return typeof last === 'string' ? `${last}: ${written}` : `- ${written}`;
};

function unknownKey({ path, content }: Place): Finding {
  const key = String(path.at(-1));
  const keys = keysOf(schemaOf({ path: path.slice(0, -1), content }));
  const meant = nearest(key, keys);
  return {
    path,
    of: 'key',
    problem: `there is no key ${excerpt(key)} here`,
    found: key.slice(0, 60),
    allowed: oneOf(keys),
    fix: meant === null ? 'remove it' : `write ${meant}`,
  };
}

function invalidKey({ path, content }: Place): Finding {
  const key = String(path.at(-1));
  const { allowed, example } = hintOf(keySchemaOf(schemaOf({ path: path.slice(0, -1), content })));
  return {
    path,
    of: 'key',
    problem: `${excerpt(key)} cannot be a name here`,
    found: excerpt(key),
    allowed,
    fix: `write ${asId(key) ?? example}`,
  };
}

/** The id that somebody probably meant by a name with capitals, spaces or underscores. */
function asId(name: string): string | null {
  const id = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^[^a-z]+|-+$/g, '')
    .slice(0, 40);
  return id === '' || id === name ? null : id;
}

/** Goes into the branch that was meant: the one whose own kind fits the value. */
function unionFindings(issue: Extract<Issue, { code: 'invalid_union' }>, place: Place) {
  const value = valueOf(place);
  const meant = issue.errors.find((branch) => branch.every(({ path }) => path.length > 0));
  if (!Array.isArray(value) || meant === undefined) return [valueFinding(place)];
  return meant.flatMap((inner) =>
    findingsOf({ ...inner, path: [...issue.path, ...inner.path] }, place.content),
  );
}

function customFinding(issue: Extract<Issue, { code: 'custom' }>, place: Place): Finding {
  const { path } = place;
  const { at, problem, allowed, fix, isSecret = false } = problemOf(issue.params);
  const found = isSecret ? null : excerpt(valueOf(place));
  return { path, of: 'value', problem, found, allowed, fix, at, isSecret };
}

function typeFinding(place: Place): Finding {
  const { path } = place;
  const value = valueOf(place);
  if (value === undefined || (value === null && path.length === 0)) return missing(place);
  const { allowed, example } = hintOf(schemaOf(place));
  const problem = `${nameOf(path)} cannot be ${kindOf(value)}`;
  const found = value === null ? null : excerpt(value);
  const fix = `write ${lineOf(path, rewritten(value, allowed) ?? example)}`;
  return { path, of: 'value', problem, found, allowed, fix };
}

function missing(place: Place): Finding {
  const { path } = place;
  const { allowed, example } = hintOf(schemaOf(place));
  const problem = path.length === 0 ? 'the file is empty' : `${nameOf(path)} is missing`;
  return { path, of: 'key', problem, found: null, allowed, fix: `add ${lineOf(path, example)}` };
}

/** What was probably meant by a number or boolean where text belongs. */
function rewritten(value: unknown, allowed: string): string | null {
  if (typeof value !== 'number' && typeof value !== 'boolean') return null;
  if (allowed.startsWith('text')) return JSON.stringify(String(value));
  const isCount = typeof value === 'number' && Number.isInteger(value) && value >= 0;
  if (!isCount || !allowed.startsWith('a duration')) return null;
  return `${value}s for seconds, or ${value}m for minutes`;
}

function kindOf(value: unknown): string {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'string') return 'text';
  if (typeof value === 'boolean') return 'true or false';
  return typeof value === 'number' ? `the number ${value}` : 'a mapping';
}

function sizeFinding(
  issue: Extract<Issue, { code: 'too_big' | 'too_small' }>,
  place: Place,
): Finding {
  const { path } = place;
  const value = valueOf(place);
  const base = valueFinding(place);
  const isTooBig = issue.code === 'too_big';
  const bound = String(isTooBig ? issue.maximum : issue.minimum);
  if (Array.isArray(value)) {
    const allowed = `at ${isTooBig ? 'most' : 'least'} ${bound} in the list; ${base.allowed}`;
    return { ...base, problem: `${nameOf(path)} has ${value.length} items`, allowed };
  }
  if (typeof value === 'string') {
    const problem = isTooBig ? `is ${value.length} characters long` : 'is empty';
    return { ...base, problem: `${nameOf(path)} ${problem}` };
  }
  return {
    ...base,
    problem: `${excerpt(value)} is too ${isTooBig ? 'large' : 'small'} for ${nameOf(path)}`,
    fix: `write ${lineOf(path, bound)}`,
  };
}

function valueFinding(place: Place): Finding {
  const { path } = place;
  const value = valueOf(place);
  if (value === undefined) return missing(place);
  const schema = schemaOf(place);
  const { allowed, example } = hintOf(schema);
  const text = typeof value === 'string' ? value : '';
  const choices = choicesOf(schema);
  const meant = nearest(text, choices) ?? (isIdHint(allowed) ? asId(text) : null);
  const isOpen = meant === null && choices.length > 0;
  return {
    path,
    of: 'value',
    problem: `${excerpt(value)} is not allowed for ${nameOf(path)}`,
    found: excerpt(value),
    allowed,
    fix: isOpen ? `write one of ${oneOf(choices)}` : `write ${lineOf(path, meant ?? example)}`,
  };
}

const isIdHint = (allowed: string): boolean => allowed.startsWith('lower-case letters');

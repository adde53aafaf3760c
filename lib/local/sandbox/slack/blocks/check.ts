import { isJsonObject, ownValue } from '../../../shared/json.ts';

/**
 * Looks at one value of a message or view; each problem in Slack's words, with the place. None: it
 * will do. `at` is a JSON pointer.
 */
export type Check = (value: unknown, at: string) => readonly string[];

const problem = (what: string, at: string): readonly string[] => [`${what} [json-pointer:${at}]`];

/** A text of `min` to `max` characters, counted in code points. */
export const text =
  (max: number, min = 1): Check =>
  (value, at) => {
    if (typeof value !== 'string') return problem('must provide a string', at);
    const { length } = Array.from(value);
    if (length > max) return problem(`must be less than ${max + 1} characters`, at);
    return length < min ? problem(`must be more than ${min - 1} characters`, at) : [];
  };

export const flag: Check = (value, at) =>
  typeof value === 'boolean' ? [] : problem('must be a boolean', at);

export const whole =
  (min: number, max: number): Check =>
  (value, at) =>
    Number.isSafeInteger(value) && Number(value) >= min && Number(value) <= max
      ? []
      : problem(`must be a whole number from ${min} to ${max}`, at);

export const oneOf =
  (...values: readonly string[]): Check =>
  (value, at) =>
    typeof value === 'string' && values.includes(value)
      ? []
      : problem(`must be one of ${values.join(', ')}`, at);

/** A web address of at most so many characters. */
export const address =
  (max: number): Check =>
  (value, at) => {
    const problems = text(max)(value, at);
    if (problems.length > 0) return problems;
    const protocol = URL.parse(String(value))?.protocol ?? '';
    return ['http:', 'https:', 'mailto:'].includes(protocol) ? [] : problem('must be a URL', at);
  };

export const list =
  (item: Check, { min = 1, max }: { readonly min?: number; readonly max: number }): Check =>
  (value, at) => {
    if (!Array.isArray(value)) return problem('must be an array', at);
    if (value.length > max) return problem(`no more than ${max} items allowed`, at);
    if (value.length < min) return problem(`no fewer than ${min} items required`, at);
    return value.flatMap((entry, index) => item(entry, `${at}/${index}`));
  };

type Fields = Readonly<Record<string, Check>>;

/** An object with all of `required`, maybe some of `optional`, and nothing else but its `type`. */
export const record =
  (required: Fields, optional: Fields = {}): Check =>
  (value, at) => {
    if (!isJsonObject(value)) return problem('must provide an object', at);
    const missing = Object.keys(required).filter((name) => !Object.hasOwn(value, name));
    return [
      ...missing.flatMap((name) => problem(`missing required field: ${name}`, at)),
      ...Object.entries(value).flatMap(([name, member]) => {
        if (name === 'type') return [];
        const check = own(required, name) ?? own(optional, name);
        return check === undefined
          ? problem(`invalid additional property: ${name}`, at)
          : check(member, `${at}/${name}`);
      }),
    ];
  };

/** One of several kinds of object, told apart by `type`. */
export const byType =
  (kinds: Fields): Check =>
  (value, at) => {
    const type = isJsonObject(value) ? ownValue(value, 'type') : undefined;
    const check = typeof type === 'string' ? own(kinds, type) : undefined;
    return check === undefined
      ? problem(`unsupported type: ${String(type)}`, `${at}/type`)
      : check(value, at);
  };

/** All checks at once. */
export const both =
  (...checks: readonly Check[]): Check =>
  (value, at) =>
    checks.flatMap((check) => check(value, at));

/** An object that has one of the named fields at least. */
export const anyOf =
  (...names: readonly string[]): Check =>
  (value, at) =>
    isJsonObject(value) && names.some((name) => Object.hasOwn(value, name))
      ? []
      : problem(`missing required field: ${names.join(' or ')}`, at);

const own = (fields: Fields, name: string): Check | undefined =>
  Object.hasOwn(fields, name) ? fields[name] : undefined;

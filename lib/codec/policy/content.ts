import { excerpt, pathText, type Finding, type Path } from './problem.ts';
import { nearest } from './suggest.ts';
import { valueAt } from './value-at.ts';

/** The raw content of a file, whatever it is worth. */
export interface Content {
  readonly value: unknown;
}

/** The places of a list's items; none where no list is. */
export function itemsOf({ value }: Content, list: Path): readonly Path[] {
  const items = valueAt(value, list);
  return Array.isArray(items) ? items.map((_, index) => [...list, index]) : [];
}

/** The text at a place, or null where there is none. */
export function textAt({ value }: Content, path: Path): string | null {
  const found = valueAt(value, path);
  return typeof found === 'string' ? found : null;
}

/** The ids of a list's items. */
export const idsOf = (content: Content, list: Path): readonly string[] =>
  itemsOf(content, list)
    .map((item) => textAt(content, [...item, 'id']))
    .filter((id) => id !== null);

/** Values of one key that must differ over all items of some lists. */
export function repeats(content: Content, lists: readonly Path[], key: string): readonly Finding[] {
  const places = lists.flatMap((list) => itemsOf(content, list)).map((item) => [...item, key]);
  return repeated(content, places, key);
}

/** Names that must differ over all items of some lists, each with several of them. */
export function repeatedNames(content: Content, list: Path, key: string): readonly Finding[] {
  const places = itemsOf(content, list).flatMap((item) => itemsOf(content, [...item, key]));
  return repeated(content, places, key);
}

function repeated(content: Content, places: readonly Path[], key: string): readonly Finding[] {
  const first = new Map<string, Path>();
  return places.flatMap((path) => {
    const found = textAt(content, path);
    if (found === null) return [];
    const earlier = first.get(found);
    first.set(found, earlier ?? path);
    if (earlier === undefined) return [];
    const problem = `${key} ${excerpt(found)} is taken by ${pathText(earlier)}`;
    const allowed = `each ${key} once`;
    const fix = `write another ${key}, such as ${key === 'id' ? `${found}-2` : 'their own'}`;
    return [{ path, of: 'value', problem, found: excerpt(found), allowed, fix } as const];
  });
}

/** What a name must be one of. */
export interface Named {
  /** What has such a name, such as `person`. */
  readonly what: string;
  /** The section that lists them, such as `people`. */
  readonly section: string;
  readonly names: readonly string[];
}

/** Places that must hold a known name, and do not. */
export const unknownNames = (
  content: Content,
  places: readonly Path[],
  { what, section, names }: Named,
): readonly Finding[] =>
  places.flatMap((path) => {
    const name = textAt(content, path);
    if (name === null || names.includes(name)) return [];
    const meant = nearest(name, names);
    return [
      {
        path,
        of: 'value',
        problem: `there is no ${what} ${excerpt(name)}`,
        found: excerpt(name),
        allowed: `the id of one in ${section}`,
        fix: meant === null ? `add this ${what} to ${section}` : `write ${meant}`,
      } as const,
    ];
  });

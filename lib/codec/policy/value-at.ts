import type { Path } from './problem.ts';

/** What stands at a path of the raw content, or undefined. */
export function valueAt(value: unknown, path: Path): unknown {
  let at = value;
  for (const step of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, step)) return undefined;
    // The step is an own key of the object by the line above.
    at = (at as Readonly<Record<string | number, unknown>>)[step];
  }
  return at;
}

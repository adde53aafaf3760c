import type { Change } from '../action/plan.ts';
import { canonicalJson, type Json, type JsonObject } from '../shared/json.ts';
import { isList, isObject, textAt } from './read.ts';
import { bareTemplate } from './template.ts';

/** So many differences are told; what is beyond is counted. */
const maxChanges = 20;
const maxValueLength = 120;

/** Values below these may be secrets: it is told that they differ, never what they are. */
const hidden = new Set(['env', 'command', 'args', 'annotations', 'httpHeaders']);

/** What becomes different between two pod templates, in words, images first. */
export function templateChanges(from: JsonObject, to: JsonObject): readonly Change[] {
  const found = differences(
    { from: bareTemplate(from), to: bareTemplate(to) },
    { path: [], isHidden: false },
  );
  const isImage = ({ what }: Change): boolean => what.endsWith(' image');
  const sorted = [
    ...found.filter((change) => isImage(change)),
    ...found.filter((change) => !isImage(change)),
  ];
  const rest = sorted.length - maxChanges;
  if (rest <= 0) return sorted;
  const more = { what: 'pod template', from: `${rest} more differences`, to: 'as in the target' };
  return [...sorted.slice(0, maxChanges), more];
}

interface Pair {
  readonly from: Json | undefined;
  readonly to: Json | undefined;
}

interface Place {
  readonly path: readonly string[];
  readonly isHidden: boolean;
}

function differences({ from, to }: Pair, place: Place): readonly Change[] {
  if (isEqual(from, to)) return [];
  const [a, b] = [membersOf(from), membersOf(to)];
  if (a === null || b === null) return [told({ from, to }, place)];
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])].sort();
  return keys.flatMap((key) =>
    differences(
      { from: own(a, key), to: own(b, key) },
      { path: [...place.path, key], isHidden: place.isHidden || hidden.has(key) },
    ),
  );
}

const own = (members: JsonObject, key: string): Json | undefined =>
  Object.hasOwn(members, key) ? members[key] : undefined;

const isEqual = (a: Json | undefined, b: Json | undefined): boolean =>
  a === undefined || b === undefined ? a === b : canonicalJson(a) === canonicalJson(b);

/** Members by name. Items that have a name go by it, so that an inserted one shifts no others. */
function membersOf(value: Json | undefined): JsonObject | null {
  if (isObject(value)) return value;
  if (!isList(value)) return null;
  const names = value.map((item) => textAt(item, ['name']));
  const areNamed = names.every((name) => name !== '') && new Set(names).size === names.length;
  return Object.fromEntries(
    value.map((item, index) => [areNamed ? (names[index] ?? '') : String(index), item]),
  );
}

function told({ from, to }: Pair, { path, isHidden }: Place): Change {
  const what = path.filter((key) => key !== 'spec').join(' ');
  if (!isHidden) return { what, from: showValue(from), to: showValue(to) };
  return {
    what,
    from: from === undefined ? 'not set' : 'a value',
    to: to === undefined ? 'not set' : 'another value',
  };
}

function showValue(value: Json | undefined): string {
  if (value === undefined) return 'not set';
  const text = typeof value === 'string' ? value : canonicalJson(withoutHidden(value));
  return text.length > maxValueLength ? `${text.slice(0, maxValueLength - 1)}…` : text;
}

/** What is shown as a whole must not show what its parts would hide. */
function withoutHidden(value: Json): Json {
  if (isList(value)) return value.map((item) => withoutHidden(item));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      hidden.has(name) ? '(not shown)' : withoutHidden(member),
    ]),
  );
}

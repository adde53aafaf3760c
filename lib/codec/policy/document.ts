import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  parseDocument,
  visit,
  type Document,
  type Node,
  type Pair,
} from 'yaml';
import { yamlProblem } from './yaml-problems.ts';
import type { Position } from './lines.ts';
import type { Path, Span, TextProblem } from './problem.ts';

type PositionOf = (index: number) => Position;

/** The content of a YAML text and where each part of it stands. */
export interface PolicyDocument {
  readonly value: unknown;
  /** The place of a path; of the nearest part around it when it is not in the text. */
  readonly spanOf: (path: Path, of: 'key' | 'value') => Span;
}

export interface ReadDocument {
  /** Null when the text is no YAML at all. */
  readonly document: PolicyDocument | null;
  readonly problems: readonly TextProblem[];
}

const plainYaml = 'plain YAML 1.2: mappings, lists, text, numbers, true and false';

/** Reads one YAML 1.2 document of the core schema, without tags, anchors and aliases. */
export function readDocument(text: string, positionOf: PositionOf): ReadDocument {
  const document = parseDocument(text, {
    version: '1.2',
    schema: 'core',
    prettyErrors: false,
    uniqueKeys: false,
    // A silent parser would read the first of several documents and pass over the others.
    logLevel: 'error',
  });
  const broken = document.errors.map(({ code, message, pos }) =>
    yamlProblem({ code, message, pos }, text),
  );
  if (broken.length > 0) return { document: null, problems: broken };
  const problems = [...directiveProblems(text), ...nodeProblems(document, { text, positionOf })];
  if (problems.some(({ isFatal }) => isFatal)) return { document: null, problems };
  const value: unknown = document.toJS({ maxAliasCount: 0 });
  return {
    document: { value, spanOf: (path, of) => spanOf(document.contents, { path, of }) },
    problems,
  };
}

/** A fatal problem changes what the rest of the text means. */
type FoundProblem = TextProblem & { readonly isFatal: boolean };

function directiveProblems(text: string): readonly FoundProblem[] {
  const lines = text.split('\n');
  const index = lines.findIndex((line) => line.startsWith('%'));
  const separator = lines.findIndex((line) => line.startsWith('---'));
  if (index === -1 || separator < index) return [];
  const start = lines.slice(0, index).join('\n').length + Math.min(index, 1);
  const line = (lines[index] ?? '').trimEnd();
  return [
    {
      span: { start, end: start + line.length },
      problem: 'a directive stands before the policy',
      found: line.slice(0, 60),
      allowed: plainYaml,
      fix: 'remove the line that starts with %',
      isFatal: true,
    },
  ];
}

interface Source {
  readonly text: string;
  readonly positionOf: PositionOf;
}

function nodeProblems(document: Document, source: Source): readonly FoundProblem[] {
  const problems: FoundProblem[] = [];
  visit(document, {
    Node: (_, node) => {
      for (const problem of featureProblems(node, source.text)) problems.push(problem);
    },
    // Takes the place of the above for mappings.
    Map: (_, map) => {
      for (const problem of featureProblems(map, source.text)) problems.push(problem);
      for (const problem of keyProblems(map.items, source)) problems.push(problem);
    },
  });
  return problems;
}

function featureProblems(node: Node, text: string): readonly FoundProblem[] {
  const span = spanOfNode(node);
  const base = { span, found: firstLine(text, span), allowed: plainYaml, isFatal: true };
  if (isAlias(node)) {
    return [{ ...base, problem: 'an alias stands here', fix: 'write the value out at each place' }];
  }
  if (node.anchor !== undefined) {
    const problem = `the anchor &${node.anchor} stands here`;
    return [{ ...base, problem, fix: 'remove it, and write the value out at each place' }];
  }
  if (node.tag === undefined) return [];
  const fix = 'remove it; what must be text goes in quotes';
  return [{ ...base, problem: 'a tag stands here', fix }];
}

function keyProblems(
  pairs: readonly Pair[],
  { text, positionOf }: Source,
): readonly FoundProblem[] {
  const seen = new Map<string, number>();
  return pairs.flatMap(({ key }): readonly FoundProblem[] => {
    const span = spanOfNode(key);
    const base = { span, found: firstLine(text, span) };
    if (!isScalar(key) || typeof key.value !== 'string' || key.value === '__proto__') {
      const problem = 'this cannot be a key';
      const fix = 'write a name; a number or true as a name goes in quotes';
      return [{ ...base, problem, allowed: 'text as key', fix, isFatal: true }];
    }
    const before = seen.get(key.value);
    seen.set(key.value, before ?? span.start);
    if (before === undefined) return [];
    const { line } = positionOf(before);
    const problem = `the key ${key.value} is here a second time; the first is in line ${line}`;
    const fix = 'keep one of the two';
    return [{ ...base, problem, allowed: 'each key once', fix, isFatal: false }];
  });
}

const firstLine = (text: string, { start, end }: Span): string | null => {
  const line = text.slice(start, end).split('\n')[0]?.trim() ?? '';
  return line === '' ? null : line.slice(0, 60);
};

function spanOfNode(node: unknown): Span {
  const range = isScalar(node) || isMap(node) || isSeq(node) || isAlias(node) ? node.range : null;
  const [start, end] = range ?? [0, 0];
  return { start, end: Math.max(end, start) };
}

function spanOf(
  root: Node | null,
  { path, of }: { readonly path: Path; readonly of: 'key' | 'value' },
): Span {
  let place: Place = { node: root, key: null };
  let isFound = true;
  for (const step of path) {
    const child: Place | null = isFound ? childOf(place.node, step) : null;
    isFound = child !== null;
    place = child ?? place;
  }
  const isKeyMeant = of === 'key' || !isFound || isEmpty(place.node);
  return isKeyMeant && place.key !== null ? spanOfNode(place.key) : headOf(place.node);
}

interface Place {
  readonly node: unknown;
  /** Null for items of lists. */
  readonly key: unknown;
}

/** Nothing is written where this value would stand. */
const isEmpty = (node: unknown): boolean =>
  node === null || (isScalar(node) && node.value === null && node.source === '');

/** A scalar itself; of a mapping its first key, and of a list its first item. */
function headOf(node: unknown): Span {
  if (isMap(node) && node.items[0] !== undefined) return spanOfNode(node.items[0].key);
  if (isSeq(node) && node.items[0] !== undefined) return headOf(node.items[0]);
  return spanOfNode(node);
}

function childOf(node: unknown, step: string | number): Place | null {
  if (isMap(node)) {
    // Of a key that is there twice the last one counts, as in the value.
    const pair = node.items.findLast(({ key }) => isScalar(key) && key.value === String(step));
    return pair === undefined ? null : { node: pair.value, key: pair.key };
  }
  if (!isSeq(node) || typeof step !== 'number' || step >= node.items.length) return null;
  return { node: node.items[step], key: null };
}

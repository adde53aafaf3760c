import { canonicalJson, type Json, type JsonObject } from '../shared/json.ts';
import { err, ok, type Result } from '../shared/result.ts';
import { isList, isObject } from './read.ts';

/** One operation of RFC 6902. Paths are JSON Pointers (RFC 6901). */
export type JsonPatchOperation =
  | { readonly op: 'add' | 'replace'; readonly path: string; readonly value: Json }
  | { readonly op: 'test'; readonly path: string; readonly value: Json }
  | { readonly op: 'remove'; readonly path: string }
  | { readonly op: 'move' | 'copy'; readonly from: string; readonly path: string };

export interface JsonPatchFailure {
  /** `test_failed`: the document is not as the sender believes; nothing was changed. */
  readonly kind: 'test_failed' | 'no_such_path' | 'malformed';
  /** Counted from 0. */
  readonly index: number;
  readonly message: string;
}

type Edited<Value> = Result<Value, string>;
type Change = { readonly op: 'add' | 'replace'; readonly value: Json } | { readonly op: 'remove' };

/** A member's name as it stands in a path. */
export const escapePointer = (token: string): string =>
  token.replaceAll('~', '~0').replaceAll('/', '~1');

/** A path from its members, such as `/metadata/annotations/kubernetes.io~1change-cause`. */
export const pointer = (...tokens: readonly (string | number)[]): string =>
  tokens.map((token) => `/${escapePointer(String(token))}`).join('');

/** A patch as it came over the wire. */
export function readJsonPatch(body: Json): Result<readonly JsonPatchOperation[], JsonPatchFailure> {
  if (!isList(body)) return err(malformed(-1, 'A JSON Patch is a list of operations.'));
  const operations: JsonPatchOperation[] = [];
  for (const [index, item] of body.entries()) {
    const operation = isObject(item) ? readOperation(item) : null;
    if (operation === null) {
      return err(malformed(index, `Not an operation of RFC 6902: ${JSON.stringify(item)}.`));
    }
    operations.push(operation);
  }
  return ok(operations);
}

/**
 * The document after all operations, or why not: then none of them counts. The document that was
 * given is never changed.
 */
export function applyJsonPatch(
  document: Json,
  patch: readonly JsonPatchOperation[],
): Result<Json, JsonPatchFailure> {
  let current = document;
  for (const [index, operation] of patch.entries()) {
    const next = applyOperation(current, operation);
    if (!next.ok) return err({ ...next.error, index });
    current = next.value;
  }
  return ok(current);
}

function readOperation(item: JsonObject): JsonPatchOperation | null {
  const { op, path, from, value } = item;
  if (typeof path !== 'string' || typeof op !== 'string') return null;
  switch (op) {
    case 'remove':
      return { op, path };
    case 'move':
    case 'copy':
      return typeof from === 'string' ? { op, from, path } : null;
    case 'add':
    case 'replace':
    case 'test':
      return value === undefined ? null : { op, path, value };
    default:
      return null;
  }
}

function applyOperation(
  document: Json,
  operation: JsonPatchOperation,
): Result<Json, Omit<JsonPatchFailure, 'index'>> {
  switch (operation.op) {
    case 'test': {
      const found = valueAt(document, operation.path);
      if (!found.ok) return err({ kind: 'test_failed', message: found.error });
      if (canonicalJson(found.value) === canonicalJson(operation.value)) return ok(document);
      return err({ kind: 'test_failed', message: `${operation.path} has another value.` });
    }
    case 'add':
    case 'replace': {
      const { op, path, value } = operation;
      return located(changeAt(document, path, { op, value }));
    }
    case 'remove':
      return located(changeAt(document, operation.path, { op: 'remove' }));
    case 'copy': {
      const found = valueAt(document, operation.from);
      if (!found.ok) return located(found);
      return located(changeAt(document, operation.path, { op: 'add', value: found.value }));
    }
    case 'move':
      return move(document, operation);
  }
}

function move(
  document: Json,
  { from, path }: { readonly from: string; readonly path: string },
): Result<Json, Omit<JsonPatchFailure, 'index'>> {
  if (path.startsWith(`${from}/`)) {
    return err({ kind: 'malformed', message: `${from} cannot move into itself (${path}).` });
  }
  const found = valueAt(document, from);
  if (!found.ok) return located(found);
  const taken = changeAt(document, from, { op: 'remove' });
  if (!taken.ok) return located(taken);
  return located(changeAt(taken.value, path, { op: 'add', value: found.value }));
}

const located = (edited: Edited<Json>): Result<Json, Omit<JsonPatchFailure, 'index'>> =>
  edited.ok ? edited : err({ kind: 'no_such_path', message: edited.error });

const malformed = (index: number, message: string): JsonPatchFailure => ({
  kind: 'malformed',
  index,
  message,
});

/** The members of a pointer, or null when it is not one. */
function tokensOf(path: string): readonly string[] | null {
  if (path === '') return [];
  if (!path.startsWith('/') || /~(?![01])/.test(path)) return null;
  return path
    .slice(1)
    .split('/')
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function valueAt(document: Json, path: string): Edited<Json> {
  const tokens = tokensOf(path);
  if (tokens === null) return err(`${path} is not a JSON Pointer.`);
  let here: Json = document;
  for (const token of tokens) {
    const next = childOf(here, token);
    if (next === undefined) return err(`${path} does not exist.`);
    here = next;
  }
  return ok(here);
}

function childOf(node: Json, token: string): Json | undefined {
  if (isList(node)) {
    const index = indexOf(token);
    return index === null ? undefined : node[index];
  }
  return isObject(node) && Object.hasOwn(node, token) ? node[token] : undefined;
}

/** RFC 6901 allows no leading zeros. */
const indexOf = (token: string): number | null =>
  /^(0|[1-9]\d*)$/.test(token) ? Number(token) : null;

function changeAt(document: Json, path: string, change: Change): Edited<Json> {
  const tokens = tokensOf(path);
  if (tokens === null) return err(`${path} is not a JSON Pointer.`);
  const [first, ...rest] = tokens;
  if (first === undefined) {
    return change.op === 'remove' ? err('The whole document cannot be removed.') : ok(change.value);
  }
  const edited = edit(document, [first, ...rest], change);
  return edited ?? err(`${path} does not exist.`);
}

/** Null when the path leads nowhere. Only the containers on the path are made anew. */
function edit(
  node: Json,
  [token, next, ...rest]: readonly [string, ...string[]],
  change: Change,
): Edited<Json> | null {
  if (next === undefined) return editChild(node, token, change);
  const child = childOf(node, token);
  if (child === undefined) return null;
  const edited = edit(child, [next, ...rest], change);
  if (edited?.ok !== true) return edited;
  return editChild(node, token, { op: 'replace', value: edited.value });
}

function editChild(node: Json, token: string, change: Change): Edited<Json> | null {
  if (isList(node)) return editItem(node, token, change);
  if (!isObject(node)) return null;
  if (change.op !== 'add' && !Object.hasOwn(node, token)) return null;
  if (change.op === 'remove') {
    return ok(Object.fromEntries(Object.entries(node).filter(([name]) => name !== token)));
  }
  return ok({ ...node, [token]: change.value });
}

function editItem(list: readonly Json[], token: string, change: Change): Edited<Json> | null {
  const index = change.op === 'add' && token === '-' ? list.length : indexOf(token);
  if (index === null) return null;
  switch (change.op) {
    case 'add':
      return index > list.length ? null : ok(list.toSpliced(index, 0, change.value));
    case 'replace':
      return index >= list.length ? null : ok(list.with(index, change.value));
    case 'remove':
      return index >= list.length ? null : ok(list.toSpliced(index, 1));
  }
}

import { err, ok, type Result } from '../../domain/shared/result.ts';
import { keyOf, textOf, type Image, type ItemKey } from '../../codec/table/attributes.ts';
import type { UnreadableItem } from '../../codec/table/attributes.ts';
import { cursorOf, readCursor, type Cursor } from '../../codec/table/cursor.ts';
import type { PortFailure } from '../../ports/failure.ts';
import { batchGet } from './batch-get.ts';
import { rejectedItem } from './failures.ts';
import { maxBatchGetKeys, maxPagesOfList } from './limits.ts';
import { queryItems, sdkKey, type TableDeps } from './table.ts';

/** One list: where the index keeps it, and what its items are. */
export interface Listed<Value> {
  readonly listPk: string;
  /** The item of the id that a cursor holds, of the asker's own tenant. */
  readonly keyOfId: (id: string) => ItemKey;
  readonly read: (image: Image) => Result<Value, UnreadableItem>;
  /** Whether the item itself still belongs in this list. */
  readonly belongs: (value: Value) => boolean;
  /** What is listed, such as `incidents`. */
  readonly what: string;
}

export interface ListedPage<Value> {
  readonly values: readonly Value[];
  readonly next: string | null;
}

interface Window {
  readonly limit: number;
  readonly after: string | null;
}

type Step<Value> = Result<ListedPage<Value>, PortFailure>;

/**
 * Newest first. The index names candidates; one whose own item says otherwise by now is left out,
 * so a page may be short, even empty, while `next` leads on.
 */
export async function listNewest<Value>(
  deps: TableDeps,
  listed: Listed<Value>,
  window: Window,
): Promise<Step<Value>> {
  const limit = Math.min(Math.max(1, Math.floor(window.limit)), maxBatchGetKeys);
  const values: Value[] = [];
  let after = window.after;
  for (let page = 0; page < maxPagesOfList && values.length < limit; page += 1) {
    const step: Step<Value> = await listOnce(deps, listed, { after, limit: limit - values.length });
    if (!step.ok) return step;
    values.push(...step.value.values);
    after = step.value.next;
    if (after === null) break;
  }
  return ok({ values, next: after });
}

async function listOnce<Value>(
  deps: TableDeps,
  listed: Listed<Value>,
  window: Window,
): Promise<Step<Value>> {
  const found = await findKeys(deps, listed, window);
  if (!found.ok) return found;
  const page = found.value.slice(0, window.limit);
  const read = await readAll(deps, listed, page.map(keyOf));
  if (!read.ok) return read;
  const last = found.value.length > window.limit ? page.at(-1) : undefined;
  return ok({
    values: read.value.filter(listed.belongs),
    next: last === undefined ? null : cursorOf(textOf(last, 'listSk') ?? ''),
  });
}

/** Keys by the index, one more than wanted: it tells whether there is a next page. */
async function findKeys<Value>(
  deps: TableDeps,
  listed: Listed<Value>,
  { limit, after }: Window,
): Promise<Result<readonly Image[], PortFailure>> {
  const start = after === null ? ok(null) : readCursor(after);
  if (!start.ok) return err({ kind: 'rejected', message: start.error.reason });
  const from = start.value === null ? {} : startAfter(listed, start.value);
  const found = await queryItems(
    deps,
    {
      IndexName: 'listing',
      KeyConditionExpression: 'listPk = :listPk',
      ExpressionAttributeValues: { ':listPk': { S: listed.listPk } },
      ScanIndexForward: false,
      Limit: limit + 1,
      ...from,
    },
    { doing: `list ${listed.what}`, maxPages: maxPagesOfList, enough: limit + 1 },
  );
  return found.ok ? ok(found.value.items) : found;
}

/** The tenant is the asker's own, never the cursor's: a cursor of another tenant leads nowhere. */
const startAfter = <Value>({ keyOfId, listPk }: Listed<Value>, cursor: Cursor) => ({
  ExclusiveStartKey: {
    ...sdkKey(keyOfId(cursor.id)),
    listPk: { S: listPk },
    listSk: { S: cursor.listSk },
  },
});

/** The values of some keys, in their order; those that are gone are left out. */
async function readAll<Value>(
  deps: TableDeps,
  { read, what }: Listed<Value>,
  keys: readonly ItemKey[],
): Promise<Result<readonly Value[], PortFailure>> {
  const images = await batchGet(deps, keys, `read ${what}`);
  if (!images.ok) return images;
  const byPk = new Map(images.value.map((image) => [keyOf(image).pk, image]));
  const values: Value[] = [];
  for (const { pk } of keys) {
    const image = byPk.get(pk);
    if (image === undefined) continue;
    const value = read(image);
    if (!value.ok) return err(rejectedItem(value.error));
    values.push(value.value);
  }
  return ok(values);
}

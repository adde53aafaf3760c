import { PutItemCommand, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import type { ChatPlace } from '../../domain/announce/message.ts';
import type { ChatRow } from '../../domain/announce/row.ts';
import { err, ok, type Result } from '../../domain/shared/result.ts';
import type { EpochMs } from '../../domain/shared/time.ts';
import { keyOf, type Image, type Item, type ItemKey } from '../../codec/table/attributes.ts';
import {
  chatPendingPk,
  chatPlaceItem,
  chatPlaceKey,
  chatRowItem,
  chatRowKey,
  chatWorkspaceItem,
  chatWorkspaceKey,
  readChatPlace,
  readChatRow,
  readChatWorkspace,
} from '../../codec/table/chat-item.ts';
import { dueEnd } from '../../codec/table/due-item.ts';
import type { ChatRows } from '../../ports/chat-rows.ts';
import type { PortFailure } from '../../ports/failure.ts';
import { batchGet } from './batch-get.ts';
import { attempt, rejectedItem } from './failures.ts';
import { maxBatchGetKeys, maxPagesOfDue } from './limits.ts';
import { queryItems, type TableDeps } from './table.ts';

/** The chat's rows on the store's table; keys and costs are in docs/data.md. */
export function createDynamoDbChatRows(deps: TableDeps): ChatRows {
  return {
    load: (tenant, incidentId) =>
      readOne(deps, chatRowKey(tenant, incidentId), {
        doing: 'read a chat row',
        read: readChatRow,
      }),
    save: (row, places = []) => save(deps, row, places),
    loadPending: (tenant, untilMs, limit) => loadPending(deps, { tenant, untilMs, limit }),
    findByPlace: (tenant, place) =>
      readOne(deps, chatPlaceKey(tenant, place), {
        doing: 'find the incident of a channel',
        read: (image) => ok(readChatPlace(image)),
      }),
    loadWorkspace: (tenant) =>
      readOne(deps, chatWorkspaceKey(tenant), {
        doing: 'read how the chat answers',
        read: readChatWorkspace,
      }),
    saveWorkspace: (workspace) =>
      put(deps, chatWorkspaceItem(workspace), 'write how the chat answers', workspace.version),
  };
}

async function readOne<Value>(
  deps: TableDeps,
  key: ItemKey,
  how: {
    readonly doing: string;
    readonly read: (image: Image) => Result<Value, Parameters<typeof rejectedItem>[0]>;
  },
): Promise<Result<Value | null, PortFailure>> {
  const images = await batchGet(deps, [key], how.doing);
  if (!images.ok) return images;
  const [image] = images.value;
  if (image === undefined) return ok(null);
  const value = how.read(image);
  return value.ok ? value : err(rejectedItem(value.error));
}

/** The places stand or fall with the row: a channel that a row names leads back to it. */
async function save(
  deps: TableDeps,
  row: ChatRow,
  places: readonly ChatPlace[],
): Promise<Result<void, PortFailure>> {
  const doing = 'write a chat row';
  if (places.length === 0) return put(deps, chatRowItem(row), doing, row.version);
  const { tableName: TableName, client } = deps;
  const command = new TransactWriteItemsCommand({
    TransactItems: [
      { Put: { TableName, Item: chatRowItem(row), ...after(row.version) } },
      ...places.map((place) => ({ Put: { TableName, Item: chatPlaceItem(row, place) } })),
    ],
  });
  const answer = await attempt(doing, () => client.send(command));
  return answer.ok ? ok(undefined) : answer;
}

async function put(
  { client, tableName }: TableDeps,
  item: Item,
  ...[doing, version]: readonly [string, number]
): Promise<Result<void, PortFailure>> {
  const command = new PutItemCommand({ TableName: tableName, Item: item, ...after(version) });
  const answer = await attempt(doing, () => client.send(command));
  return answer.ok ? ok(undefined) : answer;
}

/** The stored version is the one before. */
const after = (version: number) =>
  version === 1
    ? ({ ConditionExpression: 'attribute_not_exists(pk)' } as const)
    : ({
        ConditionExpression: 'v = :before',
        ExpressionAttributeValues: { ':before': { N: String(version - 1) } },
      } as const);

/** The index names candidates; a row that says otherwise by now is left out. */
async function loadPending(
  deps: TableDeps,
  of: { readonly tenant: string; readonly untilMs: EpochMs; readonly limit: number },
): Promise<Result<readonly ChatRow[], PortFailure>> {
  const limit = Math.min(of.limit, maxBatchGetKeys);
  const found = await queryItems(
    deps,
    {
      IndexName: 'listing',
      KeyConditionExpression: 'listPk = :listPk AND listSk < :end',
      ExpressionAttributeValues: {
        ':listPk': { S: chatPendingPk(of.tenant) },
        ':end': { S: dueEnd(of.untilMs) },
      },
      Limit: limit,
    },
    { doing: 'find what the chat is owed', maxPages: maxPagesOfDue, enough: limit },
  );
  if (!found.ok) return found;
  const keys = found.value.items.slice(0, limit).map(keyOf);
  const images = await batchGet(deps, keys, 'read what the chat is owed');
  return images.ok ? ok(rowsOf(deps, images.value, of.untilMs)) : images;
}

/** A row that newer code wrote is left to it, and keeps no other row waiting. */
function rowsOf(
  { log }: TableDeps,
  images: readonly Image[],
  untilMs: EpochMs,
): readonly ChatRow[] {
  const rows = images.flatMap((image): readonly ChatRow[] => {
    const row = readChatRow(image);
    if (row.ok) return [row.value];
    log.error('A chat row cannot be read and is left in place.', { reason: row.error.reason });
    return [];
  });
  const instantOf = ({ nextAtMs }: ChatRow): number => nextAtMs ?? Infinity;
  return rows
    .filter((row) => instantOf(row) <= untilMs)
    .toSorted((a, b) => instantOf(a) - instantOf(b));
}

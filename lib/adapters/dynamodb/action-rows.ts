import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { Action } from '../../domain/action/action.ts';
import { freeLease, neverHalted, noStarts } from '../../domain/action/unwritten.ts';
import { ok, type Result } from '../../domain/shared/result.ts';
import type { EpochMs } from '../../domain/shared/time.ts';
import { keyOf, type Image, type Item, type ItemKey } from '../../codec/table/attributes.ts';
import {
  actionKey,
  actionListPk,
  actionsDuePk,
  actionStatusOf,
  haltItem,
  haltKey,
  leaseItem,
  leaseKey,
  readAction,
  readHalt,
  readLease,
  readStanding,
  readStarts,
  standingKey,
  startsKey,
} from '../../codec/table/action-item.ts';
import { dueEnd } from '../../codec/table/due-item.ts';
import type { ActionPage, ActionRows } from '../../ports/action-rows.ts';
import type { PortFailure } from '../../ports/failure.ts';
import { batchGet } from './batch-get.ts';
import { atVersion } from './conditions.ts';
import { attempt } from './failures.ts';
import { createItemReader, readValue, type ReadItem } from './item-reader.ts';
import { maxBatchGetKeys, maxPagesOfDue } from './limits.ts';
import { listNewest } from './listed.ts';
import { queryItems, type TableDeps } from './table.ts';

/** The rows of actions on the store's table; keys and costs are in docs/data.md. */
export function createDynamoDbActionRows(deps: TableDeps): ActionRows {
  const readItem = createItemReader(deps);
  return {
    ...readersOfOne(readItem),
    loadPending: (untilMs, limit) => loadPending(deps, untilMs, limit),
    list: (query) => listActions(deps, query),
    saveLease: (lease) =>
      put(deps, leaseItem(lease), { doing: 'lock a target', version: lease.version }),
    saveHalt: (halt) =>
      put(deps, haltItem(halt), { doing: 'turn the kill switch', version: halt.version }),
  };
}

function readersOfOne(
  readItem: ReadItem,
): Omit<ActionRows, 'loadPending' | 'list' | 'saveLease' | 'saveHalt'> {
  return {
    load: (tenant, actionId) =>
      readValue(readItem, actionKey(tenant, actionId), {
        doing: 'read an action',
        read: readAction,
      }),
    loadLease: async (tenant, name) =>
      orElse(
        await readValue(readItem, leaseKey(tenant, name), {
          doing: 'read who has a target',
          read: readLease,
        }),
        freeLease(tenant, name),
      ),
    loadHalt: async (tenant) =>
      orElse(
        await readValue(readItem, haltKey(tenant), {
          doing: 'read the kill switch',
          read: readHalt,
        }),
        neverHalted(tenant),
      ),
    loadStarts: async (tenant) =>
      orElse(
        await readValue(readItem, startsKey(tenant), {
          doing: 'read what was started lately',
          read: readStarts,
        }),
        noStarts(tenant),
      ),
    loadStanding: (tenant, runbookId) =>
      readValue(readItem, standingKey(tenant, runbookId), {
        doing: 'read how a rule stands',
        read: readStanding,
      }),
  };
}

const orElse = <Value>(
  read: Result<Value | null, PortFailure>,
  blank: Value,
): Result<Value, PortFailure> => (read.ok ? ok(read.value ?? blank) : read);

async function put(
  { client, tableName }: TableDeps,
  item: Item,
  how: { readonly doing: string; readonly version: number },
): Promise<Result<void, PortFailure>> {
  const condition = atVersion(how.version - 1);
  const command = new PutItemCommand({ TableName: tableName, Item: item, ...condition });
  const answer = await attempt(how.doing, () => client.send(command));
  return answer.ok ? ok(undefined) : answer;
}

async function listActions(
  deps: TableDeps,
  { tenant, status, ...window }: Parameters<ActionRows['list']>[0],
): Promise<Result<ActionPage, PortFailure>> {
  const page = await listNewest(
    deps,
    {
      listPk: actionListPk(tenant, status),
      keyOfId: (id) => actionKey(tenant, id),
      read: readAction,
      belongs: (action) => actionStatusOf(action) === status,
      what: 'actions',
    },
    window,
  );
  return page.ok ? ok({ actions: page.value.values, next: page.value.next }) : page;
}

/** The index names candidates; an action that says otherwise by now is left out. */
async function loadPending(
  deps: TableDeps,
  untilMs: EpochMs,
  wanted: number,
): Promise<Result<readonly Action[], PortFailure>> {
  const limit = Math.min(wanted, maxBatchGetKeys);
  const found = await queryItems(
    deps,
    {
      IndexName: 'listing',
      KeyConditionExpression: 'listPk = :listPk AND listSk < :end',
      ExpressionAttributeValues: {
        ':listPk': { S: actionsDuePk },
        ':end': { S: dueEnd(untilMs) },
      },
      Limit: limit,
    },
    { doing: 'find which actions are due', maxPages: maxPagesOfDue, enough: limit },
  );
  if (!found.ok) return found;
  const keys = found.value.items.slice(0, limit).map(actionOfWait);
  const images = await batchGet(deps, keys, 'read which actions are due');
  return images.ok ? ok(actionsOf(deps, images.value, untilMs)) : images;
}

/** A waiting row lies beside its action. */
const actionOfWait = (image: Image): ItemKey => ({ pk: keyOf(image).pk, sk: 'S' });

/** An action that newer code wrote is left to it, and keeps no other waiting. */
function actionsOf(
  { log }: TableDeps,
  images: readonly Image[],
  untilMs: EpochMs,
): readonly Action[] {
  const actions = images.flatMap((image): readonly Action[] => {
    const action = readAction(image);
    if (action.ok) return [action.value];
    log.error('An action cannot be read and is left in place.', { reason: action.error.reason });
    return [];
  });
  const instantOf = ({ nextAtMs }: Action): number => nextAtMs ?? Infinity;
  return actions
    .filter((action) => instantOf(action) <= untilMs)
    .toSorted((a, b) => instantOf(a) - instantOf(b));
}

import type { Action } from '../../domain/action/action.ts';
import type {
  ChangeRecord,
  Halt,
  Lease,
  RecentStarts,
  RunbookStanding,
} from '../../domain/action/rows.ts';
import { ok, type Result } from '../../domain/shared/result.ts';
import type { Image, Item, ItemKey, UnreadableItem } from './attributes.ts';
import { lastPart, padMs, part } from './key-parts.ts';
import { payloadOf, readPayload } from './payload.ts';

const oneOf = (tenant: string, rest: string): ItemKey => ({
  pk: `T#${part(tenant)}#${rest}`,
  sk: 'S',
});

export const actionKey = (tenant: string, actionId: string): ItemKey =>
  oneOf(tenant, `A#${lastPart(actionId)}`);

/** Beside the action: a row that only says when somebody must look at it. */
export const actionWaitKey = (tenant: string, actionId: string): ItemKey => ({
  ...actionKey(tenant, actionId),
  sk: 'NEXT',
});

export const leaseKey = (tenant: string, name: string): ItemKey =>
  oneOf(tenant, `LEASE#${lastPart(name)}`);

export const haltKey = (tenant: string): ItemKey => oneOf(tenant, 'HALT');

export const startsKey = (tenant: string): ItemKey => oneOf(tenant, 'STARTS');

export const standingKey = (tenant: string, runbookId: string): ItemKey =>
  oneOf(tenant, `RULE#${lastPart(runbookId)}`);

/** Of one service: all of its changes are in one partition. */
const changesPk = (tenant: string, service: string): string =>
  `T#${part(tenant)}#CH#${lastPart(service)}`;

export const changeKey = ({
  tenant,
  service,
  sourceId,
  id,
}: Pick<ChangeRecord, 'tenant' | 'service' | 'sourceId' | 'id'>): ItemKey => ({
  pk: changesPk(tenant, service),
  sk: `${part(sourceId)}#${lastPart(id)}`,
});

/** Partition of the index in which the open actions of all tenants wait for their instant. */
export const actionsDuePk = 'ACTIONS#DUE';

/** Partition of the index with a tenant's open, or ended, actions. */
export const actionListPk = (tenant: string, status: 'open' | 'ended'): string =>
  `T#${part(tenant)}#actions-${status}`;

/** Partition of the index with a service's changes by their instant. */
export const changeListPk = changesPk;

export const actionStatusOf = (action: Action): 'open' | 'ended' =>
  action.endedAtMs === null ? 'open' : 'ended';

/** Place of an action within its list. */
export const actionListSk = ({ createdAtMs, id }: Pick<Action, 'createdAtMs' | 'id'>): string =>
  `${padMs(createdAtMs)}#${lastPart(id)}`;

/** The action itself; its plan is compressed with it. */
export const actionItem = (action: Action): Item => ({
  ...versioned(actionKey(action.tenant, action.id), 'action', action),
  listPk: { S: actionListPk(action.tenant, actionStatusOf(action)) },
  listSk: { S: actionListSk(action) },
});

/**
 * When to look next. An item has one place in the index, and the action's is taken by the lists.
 * One that waits for nothing has no place, and is not deleted: so no role may delete actions.
 */
export function actionWaitItem({ tenant, id, nextAtMs }: Action): Item {
  const { pk, sk } = actionWaitKey(tenant, id);
  const item: Item = { pk: { S: pk }, sk: { S: sk }, kind: { S: 'action-wait' } };
  if (nextAtMs === null) return item;
  const listSk = { S: `${padMs(nextAtMs)}#${part(tenant)}#${lastPart(id)}` };
  return { ...item, listPk: { S: actionsDuePk }, listSk };
}

export const leaseItem = (lease: Lease): Item =>
  versioned(leaseKey(lease.tenant, lease.name), 'lease', lease);

/** `halted` is what other writes are conditional on. */
export const haltItem = (halt: Halt): Item => ({
  ...versioned(haltKey(halt.tenant), 'halt', halt),
  halted: { N: halt.isOn ? '1' : '0' },
});

export const startsItem = (starts: RecentStarts): Item =>
  versioned(startsKey(starts.tenant), 'starts', starts);

export const standingItem = (standing: RunbookStanding): Item =>
  versioned(standingKey(standing.tenant, standing.runbookId), 'standing', standing);

/** How long a change is kept: as long as what came of it. */
const changeKeptMs = 400 * 86_400_000;

/** Of two tellings of one change the one that knows more: how it ended, and then the later. */
const endedFirst = 2 ** 50;
export const tellingOf = ({ status, atMs }: Pick<ChangeRecord, 'status' | 'atMs'>): number =>
  Math.max(0, Math.floor(atMs)) + (status === 'started' ? 0 : endedFirst);

export function changeItem(change: ChangeRecord): Item {
  const { pk, sk } = changeKey(change);
  return {
    pk: { S: pk },
    sk: { S: sk },
    kind: { S: 'change' },
    v: { N: String(tellingOf(change)) },
    listPk: { S: changeListPk(change.tenant, change.service) },
    listSk: { S: `${padMs(change.atMs)}#${sk}` },
    expiresAtS: { N: String(Math.ceil((change.atMs + changeKeptMs) / 1000)) },
    ...payloadOf(change),
  };
}

function versioned({ pk, sk }: ItemKey, kind: string, value: { readonly version: number }): Item {
  const v = { N: String(value.version) };
  return { pk: { S: pk }, sk: { S: sk }, kind: { S: kind }, v, ...payloadOf(value) };
}

type Read<Value> = (image: Image) => Result<Value, UnreadableItem>;

/** The payload is what the function of the same kind above wrote; its schema vouches for it. */
const reader =
  <Value>(): Read<Value> =>
  (image) => {
    const payload = readPayload(image);
    return payload.ok ? ok(payload.value as Value) : payload;
  };

export const readAction: Read<Action> = reader();
export const readLease: Read<Lease> = reader();
export const readHalt: Read<Halt> = reader();
export const readStarts: Read<RecentStarts> = reader();
export const readStanding: Read<RunbookStanding> = reader();
export const readChange: Read<ChangeRecord> = reader();

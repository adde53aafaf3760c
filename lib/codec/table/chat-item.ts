import type { ChatPlace } from '../../domain/announce/message.ts';
import type { ChatRow, ChatWorkspace } from '../../domain/announce/row.ts';
import { ok, type Result } from '../../domain/shared/result.ts';
import { textOf, type Image, type Item, type ItemKey, type UnreadableItem } from './attributes.ts';
import { incidentPk } from './commit-item.ts';
import { lastPart, padMs, part } from './key-parts.ts';
import { payloadOf, readPayload } from './payload.ts';

/** Beside the incident, whose log its `sk` does not meet. */
export const chatRowKey = (tenant: string, incidentId: string): ItemKey => ({
  pk: incidentPk(tenant, incidentId),
  sk: 'CHAT',
});

export const chatPlaceKey = (tenant: string, { channel, threadTs }: ChatPlace): ItemKey => ({
  pk: `T#${part(tenant)}#P#${lastPart(channel)}`,
  sk: threadTs === null ? 'HEAD' : `TS#${lastPart(threadTs)}`,
});

export const chatWorkspaceKey = (tenant: string): ItemKey => ({
  pk: `T#${part(tenant)}#CHAT`,
  sk: 'S',
});

/** Partition of the index in which a tenant's rows wait for their instant. */
export const chatPendingPk = (tenant: string): string => `T#${part(tenant)}#chat`;

/** Only a row that waits for an instant is in the index. */
export function chatRowItem(row: ChatRow): Item {
  const { tenant, incidentId, nextAtMs } = row;
  const waiting: Item =
    nextAtMs === null
      ? {}
      : {
          listPk: { S: chatPendingPk(tenant) },
          listSk: { S: `${padMs(nextAtMs)}#${lastPart(incidentId)}` },
        };
  return { ...versioned(chatRowKey(tenant, incidentId), 'chat', row), ...waiting };
}

export function chatPlaceItem(row: ChatRow, place: ChatPlace): Item {
  const { pk, sk } = chatPlaceKey(row.tenant, place);
  const incidentId = { S: row.incidentId };
  return { pk: { S: pk }, sk: { S: sk }, kind: { S: 'chat-place' }, incidentId };
}

export const chatWorkspaceItem = (workspace: ChatWorkspace): Item =>
  versioned(chatWorkspaceKey(workspace.tenant), 'chat-workspace', workspace);

function versioned({ pk, sk }: ItemKey, kind: string, value: { readonly version: number }): Item {
  const v = { N: String(value.version) };
  return { pk: { S: pk }, sk: { S: sk }, kind: { S: kind }, v, ...payloadOf(value) };
}

export function readChatRow(image: Image): Result<ChatRow, UnreadableItem> {
  const payload = readPayload(image);
  // The payload is what `chatRowItem` wrote; the schema version vouches for its shape.
  return payload.ok ? ok(payload.value as ChatRow) : payload;
}

export function readChatWorkspace(image: Image): Result<ChatWorkspace, UnreadableItem> {
  const payload = readPayload(image);
  // The payload is what `chatWorkspaceItem` wrote; the schema version vouches for its shape.
  return payload.ok ? ok(payload.value as ChatWorkspace) : payload;
}

/** The incident that a place belongs to. */
export const readChatPlace = (image: Image): string | null => textOf(image, 'incidentId');

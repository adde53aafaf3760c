import type { Thread } from '../../domain/correlation/thread.ts';
import { fromStored, type StoredIncident } from '../../domain/incident/earlier-versions.ts';
import type { Incident } from '../../domain/incident/state.ts';
import { ok, type Result } from '../../domain/shared/result.ts';
import type { EpochMs } from '../../domain/shared/time.ts';
import type { Image, Item, ItemKey, UnreadableItem } from '../../codec/table/attributes.ts';
import { numberOf } from '../../codec/table/attributes.ts';
import { incidentPk } from '../../codec/table/commit-item.ts';
import { lastPart, padMs, part } from '../../codec/table/key-parts.ts';
import { payloadOf, readPayload } from '../../codec/table/payload.ts';
import { fromColumns, toColumns } from '../../codec/table/rows.ts';
import type { Claim } from '../../ports/store.ts';
import { counterKeptMs } from './limits.ts';

/** Base of every item: its key and what it is. */
export const identified = ({ pk, sk }: ItemKey, kind: string): Item => ({
  pk: { S: pk },
  sk: { S: sk },
  kind: { S: kind },
});

/**
 * Until when an item means anything. Readers and conditions go by `untilMs`; `expiresAtS` only
 * lets DynamoDB clear it away some day later.
 */
export const expiring = (untilMs: number): Item => ({
  untilMs: { N: String(untilMs) },
  expiresAtS: { N: String(Math.ceil(untilMs / 1000)) },
});

/** Whether an item still means something, whether or not it was cleared away. */
export function isLive(image: Image, nowMs: EpochMs): boolean {
  const untilMs = numberOf(image, 'untilMs');
  return untilMs === null || untilMs > nowMs;
}

export const threadKey = (tenant: string, threadHash: string): ItemKey => ({
  pk: `T#${part(tenant)}#K#${lastPart(threadHash)}`,
  sk: 'HEAD',
});

export function threadItem(thread: Thread): Item {
  return {
    ...identified(threadKey(thread.tenant, thread.threadHash), 'head'),
    v: { N: String(thread.version) },
    ...payloadOf({ ...thread, episodes: toColumns(thread.episodes.map((row) => ({ ...row }))) }),
  };
}

export function readThread(image: Image): Result<Thread, UnreadableItem> {
  const payload = readPayload(image);
  if (!payload.ok) return payload;
  // The payload is what `threadItem` wrote; the schema version vouches for its shape.
  const packed = payload.value as Thread & { readonly episodes: Parameters<typeof fromColumns>[0] };
  return ok({ ...packed, episodes: fromColumns(packed.episodes) as unknown as Thread['episodes'] });
}

export const incidentKey = (tenant: string, incidentId: string): ItemKey => ({
  pk: incidentPk(tenant, incidentId),
  sk: 'S',
});

/** Index partition of a tenant's open or closed incidents. */
export const listPk = (tenant: string, status: 'open' | 'closed'): string =>
  `T#${part(tenant)}#${status}`;

/** An incident is closed once it is resolved, until it is reopened. */
export const statusOf = (incident: Incident): 'open' | 'closed' =>
  incident.state === 'resolved' ? 'closed' : 'open';

export function incidentItem(incident: Incident): Item {
  const { tenant, id, openedAtMs, version } = incident;
  return {
    ...identified(incidentKey(tenant, id), 'incident'),
    v: { N: String(version) },
    listPk: { S: listPk(tenant, statusOf(incident)) },
    listSk: { S: `${padMs(openedAtMs)}#${lastPart(id)}` },
    ...payloadOf(incident),
  };
}

export function readIncident(image: Image): Result<Incident, UnreadableItem> {
  const payload = readPayload(image);
  // The payload is what `incidentItem` wrote; the schema version vouches for its shape.
  return payload.ok ? ok(fromStored(payload.value as StoredIncident)) : payload;
}

/** `nonce` tells a claimer its own write from another's. */
export function claimItem(claim: Claim, nonce: string): Item {
  const { tenant, id, atMs, keepForMs } = claim;
  return {
    ...identified({ pk: `T#${part(tenant)}#ONCE#${lastPart(id)}`, sk: 'S' }, 'claim'),
    ...expiring(atMs + keepForMs),
    nonce: { S: nonce },
    ...payloadOf({ tenant, id, atMs }),
  };
}

/** Where the sum of a counter in the minute of `atMs` is kept, and until when. */
export function counterOf(counter: string, atMs: EpochMs): { key: ItemKey; untilMs: number } {
  const minute = Math.floor(atMs / 60_000);
  return {
    key: { pk: `RATE#${part(counter)}#${minute}`, sk: 'S' },
    untilMs: (minute + 1) * 60_000 + counterKeptMs,
  };
}

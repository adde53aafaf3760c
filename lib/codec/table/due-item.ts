import type { DueAt } from '../../domain/incident/due.ts';
import { ok, type Result } from '../../domain/shared/result.ts';
import {
  numberOf,
  type Image,
  type Item,
  type ItemKey,
  type UnreadableItem,
} from './attributes.ts';
import { hashOfText, lastPart, padMs, part } from './key-parts.ts';
import { payloadOf, readPayload } from './payload.ts';

/** A wake-up as the store holds it. */
export interface StoredDue extends DueAt {
  /** Version of the incident whose commit wrote the row; dropping spares a row written since. */
  readonly writtenAtVersion?: number;
}

/** Partitions over which wake-ups are spread: 8,000 writes a second, and 8 reads a tick. */
export const dueShards = 8;

export const duePk = (shard: number): string => `DUE#${shard}`;

/** Sorts after every row due at or before `untilMs` and before all later ones. */
export const dueEnd = (untilMs: number): string => padMs(Math.floor(untilMs) + 1);

/** All wake-ups of one incident are in one partition, ordered by instant. */
export function dueKey({ tenant, incidentId, dueAtMs, row }: DueAt): ItemKey {
  const name = row.kind === 'timer' ? row.name : row.intentId;
  return {
    pk: duePk(shardOf(tenant, incidentId)),
    sk: `${padMs(dueAtMs)}#${part(tenant)}#${part(incidentId)}#${row.kind}:${lastPart(name)}`,
  };
}

function shardOf(tenant: string, incidentId: string): number {
  const hash = hashOfText(JSON.stringify([tenant, incidentId]));
  return Number.parseInt(hash.slice(0, 8), 16) % dueShards;
}

/** The item of a wake-up. `kind` is what the stream's filter looks at. */
export function dueItem(due: DueAt, writtenAtVersion: number): Item {
  const { pk, sk } = dueKey(due);
  const { tenant, incidentId, dueAtMs, row } = due;
  return {
    pk: { S: pk },
    sk: { S: sk },
    kind: { S: row.kind },
    v: { N: String(writtenAtVersion) },
    ...payloadOf({ tenant, incidentId, dueAtMs, row }),
  };
}

/** The wake-up in an item, as read by key or as the stream's NewImage carries it. */
export function decodeDueImage(image: Image): Result<StoredDue, UnreadableItem> {
  const payload = readPayload(image);
  if (!payload.ok) return payload;
  // The payload is what `dueItem` wrote; the schema version vouches for its shape.
  const due = payload.value as DueAt;
  const version = numberOf(image, 'v');
  return ok(version === null ? due : { ...due, writtenAtVersion: version });
}

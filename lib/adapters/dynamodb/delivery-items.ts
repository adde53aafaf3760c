import { ok, type Result } from '../../domain/shared/result.ts';
import type { Image, Item, ItemKey, UnreadableItem } from '../../codec/table/attributes.ts';
import { lastPart, padMs, part, hashOfText } from '../../codec/table/key-parts.ts';
import { deflate, payloadOf, readPayload } from '../../codec/table/payload.ts';
import type { DeliveryKey, KnownDelivery, Receipt, StoredDelivery } from '../../ports/store.ts';
import { itemBytes } from './item-size.ts';
import { expiring, identified } from './items.ts';
import { deliveryKeptMs, readUnitBytes } from './limits.ts';

/** A receipt stays under 1 KB whatever a sender calls its request. */
const maxRequestIdLength = 64;

/** Partition of one group of one source: its deliveries, their bodies, and the receipts. */
const groupPk = ({ tenant, sourceId, groupHash }: DeliveryKey): string =>
  `T#${part(tenant)}#G#${part(sourceId)}#${lastPart(groupHash)}`;

export const deliveryKey = (key: DeliveryKey): ItemKey => ({
  pk: groupPk(key),
  sk: `D#${lastPart(key.setDigest)}`,
});

/**
 * The items of a delivery: one with the body in it while one read unit reads it whole, and
 * otherwise two, since every repeat reads the first and none the body.
 */
export function deliveryItems(delivery: StoredDelivery): readonly Item[] {
  const { key, body, ...known } = delivery;
  const until = expiring(known.receivedAtMs + deliveryKeptMs);
  const { pk, sk } = deliveryKey(key);
  const marker = { ...identified({ pk, sk }, 'delivery'), ...until, ...payloadOf(known) };
  if (body === null) return [marker];
  const packed = { body: { B: deflate(body) } };
  const whole = { ...marker, ...packed };
  if (itemBytes(whole) <= readUnitBytes) return [whole];
  const bodyKey = { pk, sk: `B#${lastPart(key.setDigest)}` };
  return [marker, { ...identified(bodyKey, 'body'), ...until, ...packed }];
}

export function readDelivery(image: Image): Result<KnownDelivery, UnreadableItem> {
  const payload = readPayload(image);
  // The payload is what `deliveryItems` wrote; the schema version vouches for its shape.
  return payload.ok ? ok(payload.value as KnownDelivery) : payload;
}

/** Where the receipts of one delivery begin: half of the digest tells sets of a group apart. */
export const receiptPrefix = (key: DeliveryKey): ItemKey => ({
  pk: groupPk(key),
  sk: `R#${lastPart(key.setDigest).slice(0, 32)}#`,
});

/** Same request, same key: writing a receipt twice counts once. */
export function receiptItem(receipt: Receipt): Item {
  const { key, receivedAtMs, bodyHash, firstDeliveryId, requestId } = receipt;
  const { pk, sk } = receiptPrefix(key);
  const unique = hashOfText(requestId).slice(0, 16);
  return {
    ...identified({ pk, sk: `${sk}${padMs(receivedAtMs)}#${unique}` }, 'receipt'),
    ...expiring(receivedAtMs + deliveryKeptMs),
    ...payloadOf({
      receivedAtMs,
      bodyHash,
      firstDeliveryId,
      requestId: requestId.slice(0, maxRequestIdLength),
    }),
  };
}

/** When a receipt was written, from its key. */
export const receivedAtOf = (sk: string): number => Number(sk.split('#')[2]);

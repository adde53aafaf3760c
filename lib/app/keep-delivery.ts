import { ok, type Result } from '../domain/shared/result.ts';
import type { PortFailure } from '../ports/failure.ts';
import type { Store, StoredDelivery } from '../ports/store.ts';

/** A delivery as it came once more. */
export interface Repeat extends Pick<
  StoredDelivery,
  'key' | 'receivedAtMs' | 'bodyHash' | 'deliveryId'
> {
  readonly requestId: string;
}

/** Proves that a delivery came again, without a second copy of its body. */
export function keepReceipt(
  { store }: { readonly store: Store },
  { key, receivedAtMs, bodyHash, deliveryId, requestId }: Repeat,
): Promise<Result<void, PortFailure>> {
  return store.putReceipt({ key, receivedAtMs, bodyHash, firstDeliveryId: deliveryId, requestId });
}

/**
 * Stores a delivery that changes nothing else. When the twin of an HA pair has stored the same
 * alert set in other bytes at the same time, this one is its repeat and leaves a receipt: what is
 * answered with 202 is always on record.
 */
export async function keepOrReceive(
  deps: { readonly store: Store },
  delivery: StoredDelivery,
  requestId: string,
): Promise<Result<void, PortFailure>> {
  const token = `${delivery.deliveryId}:${delivery.receivedAtMs}`;
  const written = await deps.store.commit({ token, delivery });
  if (written.ok || written.error.kind !== 'conflict') return written;
  const stored = await deps.store.loadDelivery(delivery.key);
  if (!stored.ok) return stored;
  if (stored.value === null) return written;
  if (stored.value.bodyHash === delivery.bodyHash) return ok(undefined);
  return keepReceipt(deps, { ...delivery, requestId });
}

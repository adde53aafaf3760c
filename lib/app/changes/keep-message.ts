import { canonicalJson } from '../../domain/shared/json.ts';
import type { Result } from '../../domain/shared/result.ts';
import type { PortFailure } from '../../ports/failure.ts';
import type { DeliveryKey, DeliveryOutcome } from '../../ports/store.ts';
import type { IntakeDeps } from '../deps.ts';
import { keepOrReceive } from '../keep-delivery.ts';

/** Above this a raw body is kept as a blob: a row of the table holds 400 KB at most. */
const maxBodyInTable = 350_000;

/** Keeps a message with what became of it. From then on the same bytes are a repeat. */
export async function keepMessage(
  deps: IntakeDeps,
  message: {
    readonly key: DeliveryKey;
    readonly bodyHash: string;
    readonly body: Uint8Array;
    readonly outcome: DeliveryOutcome;
    readonly requestId: string;
  },
): Promise<Result<void, PortFailure>> {
  const { key, bodyHash, body, outcome, requestId } = message;
  const isLarge = body.byteLength > maxBodyInTable;
  if (isLarge) {
    const name = `raw/${key.tenant}/${bodyHash}`;
    const put = await deps.blobs.put(name, body, 'application/octet-stream');
    if (!put.ok) return put;
  }
  const delivery = {
    key,
    deliveryId: deps.hashing.digest(canonicalJson(key)).slice(0, 24),
    receivedAtMs: deps.clock.now(),
    bodyHash,
    body: isLarge ? null : body,
    outcome,
    threadHashes: [],
  };
  return keepOrReceive(deps, delivery, requestId);
}

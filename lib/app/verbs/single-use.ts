import { declaredGroup } from '../../domain/incident/declared.ts';
import { minutes } from '../../domain/shared/time.ts';
import { ok, type Result } from '../../domain/shared/result.ts';
import type { PortFailure } from '../../ports/failure.ts';
import type { DeliveryKey, DeliveryOutcome, StoredDelivery } from '../../ports/store.ts';
import type { Deps } from '../deps.ts';
import type { Caller } from './verb.ts';

/** A signed request, to be used once. */
export interface SignedRequest {
  readonly tenant: string;
  readonly by: Caller;
  /** Digest of the request as it was signed. */
  readonly seal: string;
  /** Who asked for what, for the record: never an address to answer to, never a token. */
  readonly record: Readonly<Record<string, string>>;
}

/** Three times as long as a signature is taken for fresh. */
const usedForMs = minutes(15);

/** The request as a delivery, of which the store takes one only. */
export function deliveryOf(
  { hashing, clock }: Deps,
  request: SignedRequest,
  outcome: Pick<DeliveryOutcome, 'kind' | 'incidentIds' | 'reason'>,
): StoredDelivery {
  const body = new TextEncoder().encode(JSON.stringify(request.record));
  return {
    key: keyOf({ hashing }, request),
    deliveryId: request.seal.slice(0, 24),
    receivedAtMs: clock.now(),
    bodyHash: hashing.digestBytes(body),
    body,
    outcome: { ...outcome, alerts: 0 },
    threadHashes: [],
  };
}

/** As `ingest` makes it of a declaration: there the incident's own delivery is the request. */
const keyOf = (
  { hashing }: Pick<Deps, 'hashing'>,
  { tenant, by, seal }: SignedRequest,
): DeliveryKey => ({
  tenant,
  sourceId: by.via,
  groupHash: hashing.digest(declaredGroup(seal)).slice(0, 32),
  setDigest: seal,
});

/** Whether the request has changed something, or was refused to, before. */
export async function wasUsed(
  deps: Deps,
  request: SignedRequest,
): Promise<Result<boolean, PortFailure>> {
  const known = await deps.store.loadDelivery(keyOf(deps, request));
  return known.ok ? ok(known.value !== null) : known;
}

/**
 * Uses up a request that changes nothing. False: somebody has used it before. A refused one is
 * kept for good, since what was refused now might be possible when it is sent again.
 */
export async function useUp(
  deps: Deps,
  request: SignedRequest,
  refusal: { readonly incidentId: string | null; readonly reason: string } | null,
): Promise<Result<boolean, PortFailure>> {
  const { tenant, by, seal } = request;
  if (refusal === null) {
    const atMs = deps.clock.now();
    return deps.store.claim({ tenant, id: `${by.via}#${seal}`, atMs, keepForMs: usedForMs });
  }
  const { incidentId, reason } = refusal;
  const incidentIds = incidentId === null ? [] : [incidentId];
  const delivery = deliveryOf(deps, request, { kind: 'suppressed', incidentIds, reason });
  const written = await deps.store.commit({ token: `${by.via}:${seal.slice(0, 32)}`, delivery });
  if (written.ok) return ok(true);
  return written.error.kind === 'conflict' ? ok(false) : written;
}

import type { Delivery } from '../domain/alert/alert.ts';
import { canonicalJson, type Digest } from '../domain/shared/json.ts';

/**
 * What makes two deliveries of one source and group equal: the set of (fingerprint, start,
 * status) of their alerts. Order, repetition within a body, annotations, `endsAt` and the
 * sender's reason do not count; a change of any status or a new episode does. The caller adds
 * source and group to the key.
 */
export function deliveryDigest(delivery: Pick<Delivery, 'alerts'>, digest: Digest): string {
  const members = delivery.alerts.map(({ fingerprint, startsAtMs, status }) =>
    canonicalJson([fingerprint, startsAtMs, status]),
  );
  const set = [...new Set(members)].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  return digest(canonicalJson(set));
}

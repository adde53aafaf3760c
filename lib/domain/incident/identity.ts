import { canonicalJson, type Digest } from '../shared/json.ts';

/** The names of an incident: all pure functions of what the source says. */
export interface IncidentIdentity {
  readonly incidentId: string;
  readonly dedupKey: string;
}

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';

/** Hex digits as Crockford base32, five bits a letter: short enough to say on the phone. */
function speakable(hex: string, letters: number): string {
  const bits = BigInt(`0x${hex.slice(0, 32)}`);
  const text = Array.from({ length: letters }, (_, index) => {
    const shift = BigInt(128 - 5 * (index + 1));
    return alphabet.charAt(Number((bits >> shift) & 31n));
  }).join('');
  return `${text.slice(0, 5)}-${text.slice(5)}`;
}

/**
 * Names the incident of one episode. Every region and every retry computes the same names:
 * `dedupKey` (under 160 characters) from tenant, correlation key and the episode as the source
 * defines it; `incidentId` also from the ordinal, since one episode can outlive an incident.
 */
export function identify(
  of: {
    readonly tenant: string;
    readonly correlationKey: string;
    readonly episode: string;
    readonly ordinal: number;
  },
  digest: Digest,
): IncidentIdentity {
  const thread = threadHash(of.tenant, of.correlationKey, digest);
  const episode = digest(canonicalJson([thread, of.episode]));
  return {
    dedupKey: `tocsin:${of.tenant}:${thread}:${episode.slice(0, 16)}`,
    incidentId: speakable(digest(canonicalJson([thread, of.episode, of.ordinal])), 12),
  };
}

/** Short hash of a correlation key within its tenant: 32 hex digits. */
export const threadHash = (tenant: string, correlationKey: string, digest: Digest): string =>
  digest(canonicalJson([tenant, correlationKey])).slice(0, 32);

/** Tenant and thread that a dedup key of ours names, or null for anybody else's. */
export function readDedupKey(
  dedupKey: string,
): { readonly tenant: string; readonly threadHash: string } | null {
  const parts = dedupKey.split(':');
  const [prefix, tenant, hash] = parts;
  if (parts.length !== 4 || prefix !== 'tocsin' || tenant === undefined || hash === undefined) {
    return null;
  }
  return { tenant, threadHash: hash };
}

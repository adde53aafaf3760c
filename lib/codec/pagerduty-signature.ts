import { Buffer } from 'node:buffer';
import { createHmac, timingSafeEqual } from 'node:crypto';

/** One secret signs once; more than this many in a header is no rotation. */
const maxSignatures = 16;

const v1 = /^v1=([0-9a-fA-F]{64})$/;

/**
 * Whether a v3 webhook of PagerDuty is signed with one of the secrets: HMAC-SHA256 of the raw
 * body, hex, `v1=`, several separated by commas during a rotation. Any match counts; other
 * versions and malformed entries are passed over, so nothing weaker than v1 is ever accepted.
 * Every signature is compared with every secret in constant time. Empty secrets never match.
 * The signature holds no time: the caller must apply each event id once.
 */
export function verifyPagerDutySignature(
  rawBytes: Uint8Array,
  header: string | undefined,
  secrets: readonly string[],
): boolean {
  const offered = (header ?? '')
    .split(',', maxSignatures)
    .map((entry) => v1.exec(entry.trim())?.[1])
    .filter((hex) => hex !== undefined)
    .map((hex) => Buffer.from(hex, 'hex'));
  const matches = secrets
    .filter((secret) => secret !== '')
    .map((secret) => createHmac('sha256', secret).update(rawBytes).digest())
    .flatMap((expected) => offered.map((signature) => timingSafeEqual(signature, expected)));
  return matches.includes(true);
}

/** The tenants whose secret signed a webhook: none when nobody's did, as a rule one. */
export function signingTenants(
  rawBytes: Uint8Array,
  header: string | undefined,
  webhookSecrets: Readonly<Record<string, readonly string[]>>,
): readonly string[] {
  return Object.entries(webhookSecrets)
    .filter(([, secrets]) => verifyPagerDutySignature(rawBytes, header, secrets))
    .map(([tenant]) => tenant);
}

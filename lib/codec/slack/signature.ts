import { Buffer } from 'node:buffer';
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { EpochMs } from '../../domain/shared/time.ts';

/** https://docs.slack.dev/authentication/verifying-requests-from-slack: five minutes. */
export const maxAgeMs = 300_000;

/** What came, and who could have signed it. */
export interface SlackAttempt {
  /** The body's own bytes, before anything read them. */
  readonly rawBody: Uint8Array;
  /** Header `x-slack-request-timestamp`, in seconds. */
  readonly timestamp: string | undefined;
  /** Header `x-slack-signature`. */
  readonly signature: string | undefined;
  /** By tenant: the signing secrets that are valid now. Empty ones never match. */
  readonly secrets: Readonly<Record<string, readonly string[]>>;
  readonly nowMs: EpochMs;
}

/**
 * The tenants with whose secret Slack signed these bytes: HMAC-SHA256 of `v0:<timestamp>:<body>`,
 * hex, `v0=`. None when nobody's did, or when the timestamp lies more than 300 s before `nowMs` or
 * after it; several where tenants share one Slack app. Every secret is compared in constant time.
 * A request that passes must still be used only once.
 */
export function verifySlackRequest(attempt: SlackAttempt): readonly string[] {
  const { rawBody, timestamp = '', signature = '', secrets, nowMs } = attempt;
  const [, hex] = /^v0=([0-9a-f]{64})$/.exec(signature) ?? [];
  if (hex === undefined || !/^\d{1,12}$/.test(timestamp)) return [];
  if (Math.abs(nowMs - Number(timestamp) * 1000) > maxAgeMs) return [];
  const offered = Buffer.from(hex, 'hex');
  const isSigned = (secret: string): boolean =>
    timingSafeEqual(signed(secret, timestamp, rawBody), offered);
  return Object.entries(secrets)
    .filter(([, own]) =>
      own
        .filter((secret) => secret !== '')
        .map(isSigned)
        .includes(true),
    )
    .map(([tenant]) => tenant);
}

const signed = (secret: string, timestamp: string, rawBody: Uint8Array): Buffer =>
  createHmac('sha256', secret).update(`v0:${timestamp}:`).update(rawBody).digest();

import { Buffer } from 'node:buffer';
import { createHmac, timingSafeEqual } from 'node:crypto';
import { epochMs, type EpochMs } from '../domain/shared/time.ts';

/** How long a link in a page stays good: a P2 may be looked at a week later. */
export const linkLifetimeMs = 7 * 24 * 3_600_000;

/**
 * A path of the console with an expiring signature: `?t=<tenant>&e=<expiry, s>&s=<HMAC-SHA256>`.
 * The signature covers path, tenant and expiry, so that a link to one incident opens only that.
 */
export function signedConsolePath(of: {
  readonly path: string;
  readonly tenant: string;
  readonly key: string;
  readonly nowMs: EpochMs;
}): string {
  // Rounded up to the hour, so that pages of one hour carry equal links.
  const expiresAtMs = epochMs(Math.ceil((of.nowMs + linkLifetimeMs) / 3_600_000) * 3_600_000);
  return consolePathUntil({ ...of, expiresAtMs });
}

/** A signed path that is good until an instant in whole seconds: no longer than what led to it. */
export function consolePathUntil(of: {
  readonly path: string;
  readonly tenant: string;
  readonly key: string;
  readonly expiresAtMs: EpochMs;
}): string {
  const expiresS = Math.floor(of.expiresAtMs / 1000);
  const signature = sign({ ...of, expiresS });
  return `${of.path}?t=${encodeURIComponent(of.tenant)}&e=${expiresS}&s=${signature}`;
}

/** Tenant and expiry that a link proves, or null. Checked against every key that is valid now. */
export function verifyConsoleLink(of: {
  readonly path: string;
  readonly rawQueryString: string;
  readonly keys: readonly string[];
  readonly nowMs: EpochMs;
}): { readonly tenant: string; readonly expiresAtMs: EpochMs } | null {
  const query = new URLSearchParams(of.rawQueryString);
  const tenant = query.get('t') ?? '';
  const expiresS = Number(query.get('e'));
  if (!Number.isSafeInteger(expiresS) || expiresS * 1000 <= of.nowMs) return null;
  const offered = Buffer.from(query.get('s') ?? '', 'base64url');
  const matches = of.keys
    .map((key) => sign({ path: of.path, tenant, expiresS, key }))
    .map((signature) => Buffer.from(signature, 'base64url'))
    .map((expected) => expected.length === offered.length && timingSafeEqual(expected, offered));
  return matches.includes(true) ? { tenant, expiresAtMs: epochMs(expiresS * 1000) } : null;
}

function sign(of: {
  readonly path: string;
  readonly tenant: string;
  readonly expiresS: number;
  readonly key: string;
}): string {
  return createHmac('sha256', of.key)
    .update(JSON.stringify([of.path, of.tenant, of.expiresS]))
    .digest('base64url');
}

import { createHmac } from 'node:crypto';

/**
 * The value of `X-PagerDuty-Signature`: HMAC-SHA256 over the raw body, in hex, once for each secret.
 * Several are sent while a secret is being rotated.
 */
export function signatureHeader(body: Uint8Array, secrets: readonly string[]): string {
  return secrets
    .map((secret) => `v1=${createHmac('sha256', secret).update(body).digest('hex')}`)
    .join(',');
}

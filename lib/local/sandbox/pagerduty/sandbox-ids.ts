import { createHash } from 'node:crypto';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** Ids as PagerDuty's look: upper-case letters and digits after a prefix. */
export interface SandboxIds {
  readonly incident: () => string;
  readonly alert: () => string;
  readonly note: () => string;
  readonly webhookEvent: () => string;
  readonly uuid: () => string;
}

export function createSandboxIds(randomBytes: (length: number) => Uint8Array): SandboxIds {
  const text = (length: number): string => spell(randomBytes(length));
  return {
    incident: () => `Q${text(13)}`,
    alert: () => `Q${text(13)}`,
    note: () => `P${text(6)}`,
    webhookEvent: () => `01${text(24)}`,
    uuid: () => uuidFrom(randomBytes(16)),
  };
}

/** An id that is the same in every run, for what is configured and not created. */
export function stableId(prefix: string, name: string): string {
  return prefix + spell(createHash('sha256').update(name).digest().subarray(0, 6));
}

function spell(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => ALPHABET.charAt(byte % ALPHABET.length)).join('');
}

/** A version 4 UUID (RFC 9562) over given bytes. */
function uuidFrom(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes).toString('hex');
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}

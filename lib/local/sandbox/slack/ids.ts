import { createHash } from 'node:crypto';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** Ids as Slack's look. */
export interface SlackIds {
  readonly channel: () => string;
  readonly view: () => string;
  readonly block: () => string;
  readonly trigger: () => string;
  /** The part of a response URL that nobody can guess. */
  readonly hook: () => string;
}

export function createSlackIds(randomBytes: (length: number) => Uint8Array): SlackIds {
  const text = (length: number): string => spell(randomBytes(length));
  const hex = (length: number): string => Buffer.from(randomBytes(length)).toString('hex');
  const digits = (length: number): string =>
    Array.from(randomBytes(length), (byte) => String(byte % 10)).join('');
  return {
    channel: () => `C${text(10)}`,
    view: () => `V${text(10)}`,
    block: () => text(5).toLowerCase(),
    trigger: () => `${digits(12)}.${digits(12)}.${hex(16)}`,
    hook: () => hex(20),
  };
}

/** An id that is the same in every run, for what is configured and not created. */
export function stableId(prefix: string, name: string): string {
  return prefix + spell(createHash('sha256').update(name).digest().subarray(0, 10));
}

function spell(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => ALPHABET.charAt(byte % ALPHABET.length)).join('');
}

/** A message's `ts`: seconds and microseconds, unique in its channel, and its id there. */
export function timestampOf(atMicros: number): string {
  const micros = String(atMicros).padStart(7, '0');
  return `${micros.slice(0, -6)}.${micros.slice(-6)}`;
}

export const microsOf = (ts: string): number => Math.round(Number(ts) * 1_000_000);

import type { JsonObject } from '../domain/shared/json.ts';
import { asText } from './fields.ts';

const offsetHigh = 0xcbf29ce4;
const offsetLow = 0x84222325;
const primeLow = 0x1b3;
const separator = 0xff;
const twoTo32 = 0x1_0000_0000;

/**
 * The fingerprint that Alertmanager gives a label set: FNV-1a, 64 bits, over the names in byte
 * order, each followed by 0xFF, its value and 0xFF (`LabelSet.Fingerprint` of
 * github.com/prometheus/common, `model/labelset.go`), as 16 hex digits. Computed here for
 * senders older than 0.19, which send none: an alert keeps its identity when they are upgraded.
 */
export function labelFingerprint(labels: JsonObject): string {
  const encoder = new TextEncoder();
  const named = Object.entries(labels)
    .map(([name, value]) => ({ name: encoder.encode(name), value: encoder.encode(asText(value)) }))
    .sort((a, b) => compareBytes(a.name, b.name));
  const hash = { high: offsetHigh, low: offsetLow };
  for (const { name, value } of named) {
    for (const byte of name) mix(hash, byte);
    mix(hash, separator);
    for (const byte of value) mix(hash, byte);
    mix(hash, separator);
  }
  return hex32(hash.high) + hex32(hash.low);
}

const hex32 = (word: number): string => word.toString(16).padStart(8, '0');

/** One step of FNV-1a in two words; the prime is 2^40 + 0x1b3. */
function mix(hash: { high: number; low: number }, byte: number): void {
  const low = (hash.low ^ byte) >>> 0;
  const product = low * primeLow;
  const carry = Math.floor(product / twoTo32);
  hash.high = (hash.high * primeLow + carry + ((low << 8) >>> 0)) % twoTo32;
  hash.low = product % twoTo32;
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at += 1) {
    const difference = (a[at] ?? 0) - (b[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

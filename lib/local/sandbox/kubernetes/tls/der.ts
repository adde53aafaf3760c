/** The few of ASN.1's Distinguished Encoding Rules (X.690) that a certificate is made of. */
type Der = Uint8Array;

function tagged(tag: number, ...parts: readonly Uint8Array[]): Der {
  const content = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([tag, ...lengthOf(content.byteLength)]), content]);
}

function lengthOf(bytes: number): readonly number[] {
  if (bytes < 0x80) return [bytes];
  if (bytes < 0x100) return [0x81, bytes];
  return [0x82, bytes >> 8, bytes & 0xff];
}

export const sequence = (...parts: readonly Der[]): Der => tagged(0x30, ...parts);
export const setOf = (...parts: readonly Der[]): Der => tagged(0x31, ...parts);
export const bitString = (bytes: Uint8Array): Der => tagged(0x03, Buffer.from([0]), bytes);
export const octetString = (bytes: Uint8Array): Der => tagged(0x04, bytes);
export const boolean = (value: boolean): Der => tagged(0x01, Buffer.from([value ? 0xff : 0]));
export const utf8 = (text: string): Der => tagged(0x0c, Buffer.from(text, 'utf8'));
/** `[n]` around a whole value. */
export const explicit = (n: number, part: Der): Der => tagged(0xa0 + n, part);
/** `[n]` in place of a primitive value's own tag. */
export const implicit = (n: number, bytes: Uint8Array): Der => tagged(0x80 + n, bytes);

/** A number above zero; a leading zero keeps the sign. */
export function integer(bytes: Uint8Array): Der {
  return tagged(0x02, (bytes[0] ?? 0) < 0x80 ? bytes : Buffer.concat([Buffer.from([0]), bytes]));
}

export function objectId(dotted: string): Der {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return tagged(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

function base128(value: number): readonly number[] {
  const groups = [value & 0x7f];
  for (let left = value >>> 7; left > 0; left >>>= 7) groups.unshift((left & 0x7f) | 0x80);
  return groups;
}

/** `YYYYMMDDhhmmssZ`, which holds every year. */
export const generalizedTime = (atMs: number): Der =>
  tagged(0x18, Buffer.from(new Date(atMs).toISOString().replaceAll(/[-:T]|\.\d+/g, ''), 'ascii'));

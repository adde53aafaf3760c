import { gunzipSync, gzipSync } from 'node:zlib';
import { err, ok, type Result } from '../../domain/shared/result.ts';
import {
  bytesOf,
  keyOf,
  numberOf,
  textOf,
  type Image,
  type Item,
  type UnreadableItem,
} from './attributes.ts';

/** Raised only when older code could misread what newer code wrote; new fields do not count. */
const schema = 1;

/** Up to here text costs one write unit anyway and stays readable by hand. */
const maxPlainBytes = 1024;

/** Above this nothing of ours is, and a compressed bomb would be. DynamoDB's item is 400 KB. */
const maxInflatedBytes = 32 * 1024 * 1024;

/**
 * A domain value as attributes `d` (JSON text, or gzip of it above 1 KB when that is smaller) and
 * `schema`. Equal values of equal key order give equal bytes.
 */
export function payloadOf(value: unknown): Pick<Item, string> {
  return { schema: { N: String(schema) }, d: pack(JSON.stringify(value)) };
}

function pack(text: string): { readonly S: string } | { readonly B: Uint8Array } {
  const size = Buffer.byteLength(text);
  if (size <= maxPlainBytes) return { S: text };
  const packed = gzipSync(text);
  return packed.byteLength < size ? { B: packed } : { S: text };
}

/** The value that `payloadOf` wrote. Fields that this version does not know are kept. */
export function readPayload(image: Image): Result<unknown, UnreadableItem> {
  const written = numberOf(image, 'schema');
  if (written === null) return unreadable(image, 'has no schema version');
  if (written > schema) {
    return unreadable(
      image,
      `has schema ${written}, and this version reads up to ${schema}: deploy the newer version`,
    );
  }
  const text = textOf(image, 'd');
  const packed = bytesOf(image, 'd');
  try {
    if (text !== null) return ok(JSON.parse(text));
    if (packed !== null) return ok(JSON.parse(inflate(packed).toString('utf8')));
  } catch (cause) {
    return unreadable(image, `holds no JSON: ${cause instanceof Error ? cause.name : 'unknown'}`);
  }
  return unreadable(image, 'has no payload');
}

/** Bytes as they came, compressed. */
export const deflate = (bytes: Uint8Array): Uint8Array => gzipSync(bytes);

/** The bytes that `deflate` was given. Throws when these are none of ours. */
export const inflate = (bytes: Uint8Array): Buffer =>
  gunzipSync(bytes, { maxOutputLength: maxInflatedBytes });

function unreadable(image: Image, what: string): Result<never, UnreadableItem> {
  const { pk, sk } = keyOf(image);
  return err({ kind: 'unreadable', reason: `Item ${pk} / ${sk} ${what}.` });
}

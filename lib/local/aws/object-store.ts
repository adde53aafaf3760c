import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { readBytesIfPresent, readTextIfPresent, writeFileAtomically } from '../shared/files.ts';
import { isJsonObject, parseJson } from '../shared/json.ts';

/** One object with what a reader is told about it. */
export interface StoredObject {
  readonly body: Buffer;
  readonly contentType: string;
  /** Quoted, as S3 writes it. */
  readonly etag: string;
}

/** The objects of all buckets, as files that a person can read. */
export interface ObjectStore {
  readonly get: (bucket: string, key: string) => StoredObject | undefined;
  /** Atomic: a reader sees the old object or the new one. Returns the ETag. */
  readonly put: (bucket: string, key: string, object: ObjectInput) => string;
}

export interface ObjectInput {
  readonly body: Buffer;
  readonly contentType: string;
}

/** S3's limit on a key, and what a file system takes for one name. */
const MAX_KEY_BYTES = 1024;
const MAX_SEGMENT_BYTES = 240;
const DEFAULT_CONTENT_TYPE = 'binary/octet-stream';

/**
 * Keeps each object at `<root>/<bucket>/objects/<key>`, with its content type beside it under `types/`.
 * Every segment of a key is encoded so that it is one harmless file name: no key leads out of its bucket.
 */
export function createObjectStore(root: string): ObjectStore {
  return {
    get: (bucket, key) => {
      const body = readBytesIfPresent(pathOf(root, bucket, ['objects', key]));
      if (body === undefined) return undefined;
      const type = parseJson(readTextIfPresent(pathOf(root, bucket, ['types', key])) ?? '');
      const contentType = isJsonObject(type) ? type['contentType'] : undefined;
      return {
        body,
        etag: etagOf(body),
        contentType: typeof contentType === 'string' ? contentType : DEFAULT_CONTENT_TYPE,
      };
    },
    put: (bucket, key, { body, contentType }) => {
      // The type first: whoever finds the object finds its type.
      const type = JSON.stringify({ contentType });
      writeFileAtomically(pathOf(root, bucket, ['types', key]), type);
      writeFileAtomically(pathOf(root, bucket, ['objects', key]), body);
      return etagOf(body);
    },
  };
}

/** Why a key cannot be kept, or `undefined` when it can. */
export function keyProblem(key: string): string | undefined {
  if (key === '') return 'The key is empty.';
  if (Buffer.byteLength(key) > MAX_KEY_BYTES) return 'Your key is too long';
  const isLong = key.split('/').some((part) => fileName(part).length > MAX_SEGMENT_BYTES);
  return isLong ? 'A part of your key is too long for a file name.' : undefined;
}

function pathOf(root: string, bucket: string, [kind, key]: readonly [string, string]): string {
  return join(root, fileName(bucket), kind, ...key.split('/').map(fileName));
}

/** Letters, digits and `-_.` stay; the rest, and names that mean a directory, are percent-encoded. */
function fileName(segment: string): string {
  if (segment === '') return '%';
  if (/^\.+$/.test(segment)) return segment.replaceAll('.', '%2E');
  return encodeURIComponent(segment).replaceAll(/[!'()*~]/g, (character) => {
    return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
  });
}

function etagOf(body: Buffer): string {
  return `"${createHash('md5').update(body).digest('hex')}"`;
}

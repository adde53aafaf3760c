import { describeAwsError, readAwsError } from '../../codec/aws-error.ts';
import { err, ok, type Result } from '../../domain/shared/result.ts';
import { durationMs } from '../../domain/shared/time.ts';
import type { Blobs } from '../../ports/blobs.ts';
import { isRetryable, type PortFailure } from '../../ports/failure.ts';
import type { Clock, Log } from '../../ports/system.ts';
import { bucketAddress, encodedKey, type BucketAddress } from './address.ts';
import { exchange } from './exchange.ts';
import { pausesMs } from './limits.ts';
import { sha256Hex, signed, type AwsCredentials } from '../../codec/aws-signature.ts';

export interface S3BlobsDeps {
  readonly bucket: string;
  readonly region: string;
  /** In place of S3's own address: the bucket then stands in the path. */
  readonly endpoint?: string;
  readonly credentials: AwsCredentials;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Objects in a bucket, by S3's REST API with signatures of our own (docs/adr/0007). Three tries of
 * at most 3 s; a write is checked by S3 against its SHA-256, and harmless to repeat.
 *
 * Failures: `not_found` (reading), `rejected` (no such bucket, not permitted; without the
 * permission to list a bucket, S3 answers so for an object that is not there, too), `throttled`,
 * `timeout`, `unavailable`, `too_large`. Messages name the object.
 */
export function createS3Blobs(deps: S3BlobsDeps): Blobs {
  const address = bucketAddress(deps);
  return {
    async put(key, body, contentType) {
      const headers = { 'content-type': contentType };
      const put = await call({ ...deps, ...address, method: 'PUT', key, headers, body });
      return put.ok ? ok(undefined) : put;
    },
    get: (key) =>
      call({ ...deps, ...address, method: 'GET', key, headers: {}, body: new Uint8Array() }),
  };
}

interface Call extends S3BlobsDeps, BucketAddress {
  readonly method: 'GET' | 'PUT';
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

async function call(of: Call): Promise<Result<Uint8Array, PortFailure>> {
  for (const pauseMs of pausesMs) {
    const tried = await attempt(of);
    if (tried.ok || !isRetryable(tried.error)) return tried;
    of.log.warn('S3 is tried again.', { why: tried.error.message });
    await of.clock.sleep(durationMs(pauseMs));
  }
  return attempt(of);
}

async function attempt(of: Call): Promise<Result<Uint8Array, PortFailure>> {
  const { method, origin, body, credentials, region } = of;
  const path = `${of.prefix}${encodedKey(of.key)}`;
  const plain = {
    ...of.headers,
    host: new URL(origin).host,
    'x-amz-content-sha256': sha256Hex(body),
    ...(method === 'PUT' ? { 'content-length': String(body.byteLength) } : {}),
  };
  const headers = signed(
    { method, path, headers: plain, body },
    { credentials, region, service: 's3', atMs: of.clock.now() },
  );
  try {
    const answer = await exchange({ origin, method, path, headers, body });
    return answer.status === 200 ? ok(answer.body) : err(refusal(of, answer));
  } catch (cause) {
    return err(failure(of, { ...readAwsError(cause), cause }));
  }
}

/** S3 says what is wrong in a small XML document. */
function refusal(of: Call, { status, body }: { status: number; body: Uint8Array }): PortFailure {
  const xml = Buffer.from(body).toString('utf8', 0, 4096);
  const name = /<Code>([^<]+)<\/Code>/.exec(xml)?.[1] ?? `status ${status}`;
  const message = /<Message>([^<]+)<\/Message>/.exec(xml)?.[1] ?? 'no reason was given';
  return failure(of, describeAwsError({ name, message, status }));
}

function failure(
  { method, bucket, key }: Call,
  { kind, name, message, cause }: ReturnType<typeof readAwsError> & { readonly cause?: unknown },
): PortFailure {
  const doing = method === 'PUT' ? 'write' : 'read';
  return {
    kind,
    message: `S3 could not ${doing} ${key} in the bucket ${bucket}: ${name}: ${message}`,
    ...(cause === undefined ? {} : { cause }),
  };
}

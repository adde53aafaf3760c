import type { IncomingHttpHeaders } from 'node:http';
import { s3Error, type AwsAnswer, type AwsError } from './answer.ts';
import { keyProblem, type ObjectStore } from './object-store.ts';

/** One request in path style: `/<bucket>/<key>`. */
export interface S3Request {
  readonly method: string;
  /** Percent-encoded, as in the request line. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface S3Deps {
  readonly buckets: readonly string[];
  readonly objects: ObjectStore;
}

interface Located extends S3Request {
  readonly bucket: string;
  readonly key: string;
}

/** `PutObject` (with `If-None-Match: *`), `GetObject` and `HeadObject` on the buckets of the template. */
export function createS3({ buckets, objects }: S3Deps): (request: S3Request) => AwsAnswer {
  return (request) => {
    const located = locate(request);
    const problem = located === undefined ? INVALID_URI : problemOf(located, buckets);
    if (located === undefined || problem !== undefined) return s3Error(problem ?? INVALID_URI);
    if (request.method === 'PUT') return put(located, objects);
    const object = objects.get(located.bucket, located.key);
    if (object === undefined) return s3Error(NO_SUCH_KEY);
    return {
      statusCode: 200,
      headers: { 'content-type': object.contentType, etag: object.etag },
      body: object.body,
    };
  };
}

const INVALID_URI: AwsError = {
  statusCode: 400,
  code: 'InvalidURI',
  message: "Couldn't parse the specified URI.",
};
const NO_SUCH_KEY: AwsError = {
  statusCode: 404,
  code: 'NoSuchKey',
  message: 'The specified key does not exist.',
};

function problemOf(
  { method, bucket, key }: Located,
  buckets: readonly string[],
): AwsError | undefined {
  if (!buckets.includes(bucket)) {
    return {
      statusCode: 404,
      code: 'NoSuchBucket',
      message: 'The specified bucket does not exist',
    };
  }
  const keyTrouble = keyProblem(key);
  if (keyTrouble !== undefined) {
    return { statusCode: 400, code: 'KeyTooLongError', message: keyTrouble };
  }
  if (['GET', 'HEAD', 'PUT'].includes(method)) return undefined;
  const message = `${method} of objects is not implemented on one machine.`;
  return { statusCode: 501, code: 'NotImplemented', message };
}

function put({ headers, body, bucket, key }: Located, objects: ObjectStore): AwsAnswer {
  if (String(headers['x-amz-content-sha256']).startsWith('STREAMING-')) {
    const message = 'Chunked uploads are not implemented on one machine; send the body whole.';
    return s3Error({ statusCode: 501, code: 'NotImplemented', message });
  }
  if (headers['if-none-match'] === '*' && objects.get(bucket, key) !== undefined) {
    const message = 'At least one of the pre-conditions you specified did not hold';
    return s3Error({ statusCode: 412, code: 'PreconditionFailed', message });
  }
  const contentType = headers['content-type'] ?? 'binary/octet-stream';
  const etag = objects.put(bucket, key, { body, contentType });
  return { statusCode: 200, headers: { etag }, body: '' };
}

function locate(request: S3Request): Located | undefined {
  const [, bucket, encodedKey] = /^\/([^/?]+)\/([^?]+)/.exec(request.path) ?? [];
  if (bucket === undefined || encodedKey === undefined) return undefined;
  try {
    return { ...request, bucket, key: decodeURIComponent(encodedKey) };
  } catch {
    return undefined;
  }
}

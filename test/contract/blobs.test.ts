import { describe, expect, it } from 'vitest';
import { createMemoryBlobs } from '../../lib/adapters/memory/blobs.ts';
import { createMemoryLog } from '../../lib/adapters/memory/log.ts';
import { createS3Blobs } from '../../lib/adapters/s3/blobs.ts';
import type { Blobs } from '../../lib/ports/blobs.ts';
import { bucket, startAws } from './aws-endpoint.ts';
import { blobsContract, hastyClock } from './blobs.contract.ts';
import { misbehaving, type Behaviour } from './misbehaving-server.ts';

const credentials = { accessKeyId: 'KEYID', secretAccessKey: 'hidden-secret-key' };

const blobsAt = (
  endpoint: string,
  more: Partial<Parameters<typeof createS3Blobs>[0]> = {},
): Blobs =>
  createS3Blobs({
    bucket,
    region: 'us-east-1',
    endpoint,
    credentials,
    clock: hastyClock,
    log: createMemoryLog(),
    ...more,
  });

describe('blobs in memory', () => {
  blobsContract(() => Promise.resolve(createMemoryBlobs()));
});

describe('blobs in the S3 of one machine', () => {
  blobsContract(async () => {
    const aws = await startAws();
    return blobsAt(aws.url, { credentials: aws.credentials });
  });
});

describe('blobs in an S3 that misbehaves', () => {
  const error = (status: number, code: string): Behaviour => ({
    status,
    body: `<?xml version="1.0"?><Error><Code>${code}</Code><Message>why</Message></Error>`,
  });

  it.each<[string, Behaviour, string, number]>([
    ['NoSuchKey', error(404, 'NoSuchKey'), 'not_found', 1],
    ['NoSuchBucket', error(404, 'NoSuchBucket'), 'rejected', 1],
    ['AccessDenied', error(403, 'AccessDenied'), 'rejected', 1],
    ['EntityTooLarge', error(400, 'EntityTooLarge'), 'too_large', 1],
    ['a redirect', error(307, 'TemporaryRedirect'), 'rejected', 1],
    ['SlowDown', error(503, 'SlowDown'), 'throttled', 3],
    ['RequestTimeout', error(400, 'RequestTimeout'), 'timeout', 3],
    ['InternalError', error(500, 'InternalError'), 'unavailable', 3],
    ['a 503 without XML', { status: 503 }, 'unavailable', 3],
    ['a cut connection', 'cut', 'unavailable', 3],
  ])('makes of %s: %s, in %d tries', async (_what, behaviour, kind, tries) => {
    const { url, seen } = await misbehaving(behaviour);
    const got = await blobsAt(url).get('some/key');
    expect(got).toMatchObject({
      ok: false,
      error: {
        kind,
        message: expect.stringContaining('some/key in the bucket test-bucket') as string,
      },
    });
    expect(JSON.stringify(got)).not.toContain('hidden-secret-key');
    expect(seen).toHaveLength(tries);
  });

  it('succeeds in the third try', async () => {
    const { url } = await misbehaving(error(500, 'InternalError'), 'cut', { status: 200 });
    const put = await blobsAt(url).put('key', Uint8Array.of(1), 'text/plain');
    expect(put).toEqual({ ok: true, value: undefined });
  });

  it('says unavailable when nobody listens', async () => {
    expect(await blobsAt('http://127.0.0.1:1').get('key')).toMatchObject({
      ok: false,
      error: { kind: 'unavailable' },
    });
  });

  it('signs what it sends, with the session of a Lambda function', async () => {
    const { url, seen } = await misbehaving({ status: 200 });
    const blobs = blobsAt(`${url}/below/`, {
      credentials: { ...credentials, sessionToken: 'session' },
    });
    await blobs.put('a b/ü', Uint8Array.from(Buffer.from('body')), 'text/plain');
    const [request] = seen;
    expect(request?.path).toBe('/below/test-bucket/a%20b/%C3%BC');
    expect(request?.headers).toMatchObject({
      'content-type': 'text/plain',
      'content-length': '4',
      'x-amz-security-token': 'session',
      'x-amz-content-sha256': '230d8358dc8e8890b4c58deeb62912ee2f20357ae92a5cc861b98e68fe31acb5',
    });
    expect(request?.headers.authorization).toMatch(
      /^AWS4-HMAC-SHA256 Credential=KEYID\/\d{8}\/us-east-1\/s3\/aws4_request, SignedHeaders=content-length;content-type;host;x-amz-content-sha256;x-amz-date;x-amz-security-token, Signature=[0-9a-f]{64}$/,
    );
  });
});

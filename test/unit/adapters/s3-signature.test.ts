import { describe, expect, it } from 'vitest';
import { bucketAddress, encodedKey } from '../../../lib/adapters/s3/address.ts';
import { sha256Hex, signed } from '../../../lib/codec/aws-signature.ts';
import { epochMs } from '../../../lib/domain/shared/time.ts';

const none = new Uint8Array();
const signatureOf = (headers: Readonly<Record<string, string>>): string | undefined =>
  headers['authorization']?.replace(/^.*Signature=/, '');

/** "Signature Calculations for the Authorization Header", examples in Amazon S3's API reference. */
describe('AWS signature version 4, examples of S3', () => {
  const signing = {
    credentials: {
      accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
      secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    },
    region: 'us-east-1',
    service: 's3',
    atMs: epochMs(Date.UTC(2013, 4, 24)),
  };
  const host = 'examplebucket.s3.amazonaws.com';

  it('GET an object', () => {
    const headers = { host, range: 'bytes=0-9', 'x-amz-content-sha256': sha256Hex(none) };
    const all = signed({ method: 'GET', path: '/test.txt', headers, body: none }, signing);
    expect(all['authorization']).toBe(
      'AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, ' +
        'SignedHeaders=host;range;x-amz-content-sha256;x-amz-date, ' +
        'Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
    );
    expect(all['x-amz-date']).toBe('20130524T000000Z');
  });

  it('PUT an object', () => {
    const body = Buffer.from('Welcome to Amazon S3.');
    const headers = {
      host,
      date: 'Fri, 24 May 2013 00:00:00 GMT',
      'x-amz-content-sha256': sha256Hex(body),
      'x-amz-storage-class': 'REDUCED_REDUNDANCY',
    };
    const path = `/${encodedKey('test$file.text')}`;
    expect(signatureOf(signed({ method: 'PUT', path, headers, body }, signing))).toBe(
      '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
    );
  });
});

/** AWS's signature test suite, aws-sig-v4-test-suite: the cases that have no query. */
describe('AWS signature version 4, test suite', () => {
  const signing = {
    credentials: {
      accessKeyId: 'AKIDEXAMPLE',
      secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
    },
    region: 'us-east-1',
    service: 'service',
    atMs: epochMs(Date.UTC(2015, 7, 30, 12, 36)),
  };
  const headers = { host: 'example.amazonaws.com' };

  it.each([
    ['get-vanilla', 'GET', '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31'],
    ['post-vanilla', 'POST', '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b'],
  ])('%s', (_name, method, signature) => {
    expect(signatureOf(signed({ method, path: '/', headers, body: none }, signing))).toBe(
      signature,
    );
  });

  it('folds blanks in header values', () => {
    const sign = (value: string) =>
      signatureOf(
        signed(
          { method: 'GET', path: '/', headers: { ...headers, 'my-header': value }, body: none },
          signing,
        ),
      );
    expect(sign('  a   b  ')).toBe(sign('a b'));
  });
});

describe('the address of a bucket', () => {
  it.each([
    ['logs', 'eu-central-1', undefined, 'https://logs.s3.eu-central-1.amazonaws.com', '/'],
    ['a.b', 'eu-central-1', undefined, 'https://s3.eu-central-1.amazonaws.com', '/a.b/'],
    ['logs', 'cn-north-1', undefined, 'https://logs.s3.cn-north-1.amazonaws.com.cn', '/'],
    ['logs', 'us-east-1', 'http://127.0.0.1:9000', 'http://127.0.0.1:9000', '/logs/'],
    ['logs', 'us-east-1', 'http://[::1]:9000/s3/', 'http://[::1]:9000', '/s3/logs/'],
  ])('%s in %s at %s', (bucket, region, endpoint, origin, prefix) => {
    const of = { bucket, region, ...(endpoint === undefined ? {} : { endpoint }) };
    expect(bucketAddress(of)).toEqual({ origin, prefix });
  });
});

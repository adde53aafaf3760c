import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  sendRaw,
  startTestRuntime,
  type Received,
  type Sent,
  type TestRuntime,
} from './local-runtime-fixture.ts';

let test: TestRuntime;

beforeAll(async () => {
  test = await startTestRuntime();
});

afterAll(async () => {
  await test.cleanUp();
});

/** Path style, as a signed client sends it; the path is sent as it is, dots and all. */
async function s3(method: string, path: string, sent: Sent = {}): Promise<Received> {
  const { endpoint, credentials } = test.runtime.services;
  const authorization = `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/20260101/x`;
  const headers = { authorization, ...sent.headers };
  return await sendRaw(`${endpoint.url}/${path}`, { ...sent, method, headers });
}

describe('local S3', () => {
  it('gives back what was put, with its type', async () => {
    const key = 'tiny-bucket/postmortem/2026/INC-1.md';
    const headers = { 'content-type': 'text/markdown' };
    const put = await s3('PUT', key, { body: '# Übersicht', headers });
    expect(put.status).toBe(200);
    const got = await s3('GET', key);
    expect(got.text).toBe('# Übersicht');
    expect(got.headers['content-type']).toBe('text/markdown');
    expect(got.headers['etag']).toBe(put.headers['etag']);
    const head = await s3('HEAD', key);
    expect([head.status, head.headers['content-length']]).toEqual([200, '12']);
  });

  it('keeps an object as a file that a person can read', async () => {
    await s3('PUT', 'tiny-bucket/postmortem/INC-2.md', { body: 'text' });
    const file = join(test.dataDir, 's3/tiny-bucket/objects/postmortem/INC-2.md');
    expect(readFileSync(file, 'utf8')).toBe('text');
  });

  it.each(['..%2F..%2F..%2Fescaped', '%2E%2E/%2E%2E/%2E%2E/escaped', 'a%2F%2F..%2F%2Fb', 'nul%00'])(
    'keeps the key %s inside its bucket',
    async (key) => {
      const put = await s3('PUT', `tiny-bucket/x%2F${key}`, { body: key });
      expect(put.status).toBe(200);
      expect((await s3('GET', `tiny-bucket/x%2F${key}`)).text).toBe(key);
      expect(existsSync(join(test.dataDir, 'escaped'))).toBe(false);
      expect(existsSync(join(test.dataDir, 's3/escaped'))).toBe(false);
    },
  );

  it('puts only once under If-None-Match', async () => {
    const headers = { 'if-none-match': '*' };
    const statuses = [];
    for (const body of ['first', 'second']) {
      statuses.push((await s3('PUT', 'tiny-bucket/once', { body, headers })).status);
    }
    expect(statuses).toEqual([200, 412]);
    expect((await s3('GET', 'tiny-bucket/once')).text).toBe('first');
  });

  it.each([
    ['GET', 'tiny-bucket/absent', 404, 'NoSuchKey'],
    ['PUT', 'other-bucket/key', 404, 'NoSuchBucket'],
    ['PUT', `tiny-bucket/${'k'.repeat(300)}`, 400, 'KeyTooLongError'],
    ['DELETE', 'tiny-bucket/absent', 501, 'NotImplemented'],
    ['GET', 'tiny-bucket', 400, 'InvalidURI'],
  ])('%s %s gives %d %s', async (method, path, status, code) => {
    const answer = await s3(method, path);
    expect(answer.status).toBe(status);
    expect(answer.text).toContain(`<Code>${code}</Code>`);
  });

  it('refuses a chunked upload rather than store its frames', async () => {
    const headers = { 'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER' };
    const answer = await s3('PUT', 'tiny-bucket/chunked', { body: '4\r\ntext\r\n0\r\n', headers });
    expect(answer.status).toBe(501);
  });

  it('tells a stranger nothing', async () => {
    const answer = await s3('GET', 'tiny-bucket/once', { headers: { authorization: 'none' } });
    expect(answer.status).toBe(403);
  });
});

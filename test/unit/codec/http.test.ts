import { describe, expect, it } from 'vitest';
import { decodeHttpEvent, headerOf, type HttpApiEvent } from '../../../lib/codec/http-event.ts';
import { htmlResponse, jsonResponse, textResponse } from '../../../lib/codec/http-response.ts';

const event = (changes: Partial<HttpApiEvent> = {}): HttpApiEvent => ({
  rawPath: '/v1/alerts/alertmanager',
  rawQueryString: 'a=%20b',
  headers: { 'content-type': 'application/json' },
  requestContext: {
    requestId: 'r1',
    stage: '$default',
    http: { method: 'post', sourceIp: '203.0.113.10' },
  },
  ...changes,
});

describe('decodeHttpEvent', () => {
  it('reads a request', () => {
    expect(decodeHttpEvent(event({ body: '{"é":1}\n' }))).toEqual({
      method: 'POST',
      path: '/v1/alerts/alertmanager',
      headers: { 'content-type': 'application/json' },
      rawQueryString: 'a=%20b',
      bodyBytes: Buffer.from('{"é":1}\n', 'utf8'),
      requestId: 'r1',
      sourceIp: '203.0.113.10',
      principal: null,
    });
  });

  it('decodes base64 to the bytes that were signed', () => {
    const bytes = Buffer.from([0, 255, 128, 10]);
    const body = bytes.toString('base64');
    expect(decodeHttpEvent(event({ body, isBase64Encoded: true })).bodyBytes).toEqual(bytes);
  });

  it('reads no body as no bytes', () => {
    expect(decodeHttpEvent(event()).bodyBytes).toHaveLength(0);
  });

  it.each([
    ['$default', '/prod/x', '/prod/x'],
    ['prod', '/prod/x', '/x'],
    ['prod', '/prod', '/'],
    ['prod', '/production/x', '/production/x'],
    [undefined, '/x', '/x'],
  ])('with stage %s reads path %s as %s', (stage, rawPath, path) => {
    const requestContext = { stage, http: { method: 'GET' } };
    expect(decodeHttpEvent(event({ rawPath, requestContext })).path).toBe(path);
  });

  it('joins headers that differ only in case, so that no second one hides', () => {
    const request = decodeHttpEvent(
      event({ headers: { Authorization: 'Bearer a', authorization: 'Bearer b', x: undefined } }),
    );
    expect(headerOf(request, 'authorization')).toBe('Bearer a,Bearer b');
    expect(headerOf(request, 'x')).toBeUndefined();
    expect(headerOf(request, 'constructor')).toBeUndefined();
  });

  it('names the caller whom IAM verified', () => {
    const userArn = 'arn:aws:iam::123456789012:user/ada';
    const requestContext = { http: { method: 'GET' }, authorizer: { iam: { userArn } } };
    expect(decodeHttpEvent(event({ requestContext })).principal).toBe(userArn);
  });
});

describe('responses', () => {
  const page = { html: '<p>', scriptSources: ["'sha256-abc='"], styleSources: [] };

  it.each([
    ['JSON', jsonResponse(202, { ok: true }), 'application/json; charset=utf-8', '{"ok":true}\n'],
    ['text', textResponse(200, 'x'), 'text/plain; charset=utf-8', 'x'],
    ['a page', htmlResponse(200, page), 'text/html; charset=utf-8', '<p>'],
  ])('of %s are neither cached nor sniffed nor framed', (_, response, contentType, body) => {
    expect(response.body).toBe(body);
    expect(response.headers).toMatchObject({
      'content-type': contentType,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'x-frame-options': 'DENY',
    });
    expect(response.headers['content-security-policy']).toContain("default-src 'none'");
    expect(response.headers['content-security-policy']).toContain("frame-ancestors 'none'");
  });

  it('let a page run what it names and nothing else', () => {
    const policy = htmlResponse(200, page).headers['content-security-policy'];
    expect(policy).toContain("script-src 'sha256-abc='");
    expect(policy).toContain("style-src 'none'");
    expect(policy).not.toContain('unsafe');
  });

  it('take further headers', () => {
    expect(jsonResponse(503, {}, { 'retry-after': '5' }).headers['retry-after']).toBe('5');
  });
});

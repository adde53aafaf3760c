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
  test = await startTestRuntime({
    allowedHosts: ['tocsin.example'],
    authorize: ({ headers }) =>
      headers.authorization === 'Bearer ada'
        ? { kind: 'person', principalName: 'ada' }
        : { kind: 'refused', statusCode: 401, message: 'Unknown token' },
    mounts: ({ url, snsView }) => [
      { prefix: '/sandbox/sns/messages', handle: snsView },
      {
        prefix: '/sandbox/own',
        handle: (_, response) => {
          response.end(url);
        },
      },
    ],
  });
});

afterAll(async () => {
  await test.cleanUp();
});

const send = async (path: string, sent: Sent = {}): Promise<Received> =>
  await sendRaw(`${test.runtime.url}${path}`, sent);

interface Echoed {
  readonly event: Record<string, unknown> & { readonly headers: Record<string, string> };
  readonly context: Record<string, unknown>;
  readonly remainingMs: number;
}

async function echo(path: string, sent: Sent = {}): Promise<Echoed> {
  const { status, text } = await send(path, sent);
  expect(status).toBe(200);
  // The fixture's bundle answers with this shape.
  return JSON.parse(text) as Echoed;
}

const WEBHOOK = '/v1/alerts/alertmanager';

describe('events of payload format 2.0', () => {
  it('has every part that API Gateway sends', async () => {
    const body = '{"alerts":[],"text":"é"}';
    const { event } = await echo(`${WEBHOOK}?a=1&a=2&b=x%20y&auth_token=s`, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json; charset=utf-8',
        'X-Repeated': ['one', 'two'],
        Cookie: 'c=1; d=2',
        'User-Agent': 'Alertmanager/0.28',
      },
      body,
    });
    expect(event).toMatchObject({
      version: '2.0',
      routeKey: `POST ${WEBHOOK}`,
      rawPath: WEBHOOK,
      rawQueryString: 'a=1&a=2&b=x%20y&auth_token=s',
      queryStringParameters: { a: '1,2', b: 'x y', auth_token: 's' },
      cookies: ['c=1', 'd=2'],
      headers: { 'x-repeated': 'one,two', 'x-forwarded-for': '127.0.0.1' },
      requestContext: {
        accountId: '000000000000',
        http: {
          method: 'POST',
          path: WEBHOOK,
          protocol: 'HTTP/1.1',
          sourceIp: '127.0.0.1',
          userAgent: 'Alertmanager/0.28',
        },
        routeKey: `POST ${WEBHOOK}`,
        stage: '$default',
      },
      body,
      isBase64Encoded: false,
    });
    expect(event.headers).not.toHaveProperty('cookie');
    expect(event['requestContext']).toMatchObject({
      time: expect.stringMatching(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/) as string,
    });
  });

  it('leaves out the body, the query and the path parameters that are not there', async () => {
    const { event } = await echo('/');
    expect(event).toMatchObject({ rawPath: '/', rawQueryString: '', isBase64Encoded: false });
    for (const absent of ['body', 'queryStringParameters', 'pathParameters', 'cookies']) {
      expect(event).not.toHaveProperty(absent);
    }
  });

  it.each([
    ['application/json', Buffer.from('{}'), false],
    ['text/plain', Buffer.from('x'), false],
    ['application/cloudevents+json', Buffer.from('{}'), false],
    ['application/soap+xml; charset=utf-8', Buffer.from('<a/>'), false],
    ['application/x-www-form-urlencoded', Buffer.from('payload=%7B%7D'), true],
    ['application/octet-stream', Buffer.from([1, 2]), true],
    ['application/json', Buffer.from([0x7b, 0xff, 0x7d]), true],
  ])('sends a body of %s without losing a byte', async (contentType, body, isBase64Encoded) => {
    const headers = { 'content-type': contentType };
    const { event } = await echo(WEBHOOK, { method: 'POST', headers, body });
    expect(event['isBase64Encoded']).toBe(isBase64Encoded);
    const encoding = isBase64Encoded ? 'base64' : 'utf8';
    expect(Buffer.from(String(event['body']), encoding)).toEqual(body);
  });

  it('gives a context like Lambda', async () => {
    const { context, remainingMs } = await echo('/');
    expect(context).toMatchObject({
      functionName: 'Tiny-Echo',
      functionVersion: '$LATEST',
      memoryLimitInMB: '256',
      awsRequestId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
    });
    expect(remainingMs).toBeGreaterThan(9000);
    expect(remainingMs).toBeLessThanOrEqual(10_000);
  });
});

describe('answers', () => {
  it.each([
    ['plain', 200, 'application/json', 'just text'],
    ['object', 200, 'application/json', '{"hello":"world"}'],
    ['nothing', 200, 'application/json', 'null'],
    ['created', 201, 'text/html', '<p>made</p>'],
    ['badStatus', 500, 'application/json', '{"message":"Internal Server Error"}'],
    ['badBody', 500, 'application/json', '{"message":"Internal Server Error"}'],
    ['split', 500, 'application/json', '{"message":"Internal Server Error"}'],
    ['huge', 500, 'application/json', '{"message":"Internal Server Error"}'],
  ])('%s', async (answer, status, contentType, text) => {
    const received = await send(`/?answer=${answer}`);
    expect(received).toMatchObject({ status, text, headers: { 'content-type': contentType } });
  });

  it('passes headers and cookies on', async () => {
    const { headers } = await send('/?answer=created');
    expect(headers).toMatchObject({ 'x-thing': '7', 'set-cookie': ['a=1', 'b=2'] });
  });

  it('decodes a binary body', async () => {
    expect((await send('/?answer=binary')).body).toEqual(Buffer.from([0, 255, 128]));
  });

  it.each([
    ['throw', 500, 'Internal Server Error'],
    ['exit', 500, 'Internal Server Error'],
    ['hang', 503, 'Service Unavailable'],
  ])('a function that does %s gives %d', async (fault, status, message) => {
    const received = await send(`/faulty?fault=${fault}`);
    expect(received).toMatchObject({ status, text: JSON.stringify({ message }) });
  });

  it('answers 404 for a path that no route takes and 400 for a broken one', async () => {
    expect((await send('/nowhere')).status).toBe(404);
    expect((await send(WEBHOOK)).status).toBe(404);
    expect((await send('/%zz')).status).toBe(400);
  });

  it.each([
    ['above the 6 MB of an event', 6 * 1024 * 1024],
    ['above the 10 MB of a request', 10 * 1024 * 1024 + 1],
  ])('answers 413 to a body %s', async (_, bytes) => {
    const headers = { 'content-type': 'application/json' };
    const body = Buffer.alloc(bytes, 'x');
    expect((await send(WEBHOOK, { method: 'POST', headers, body })).status).toBe(413);
  });
});

describe('people and pages', () => {
  it('gives the function the person behind a token as IAM would', async () => {
    const headers = { authorization: 'Bearer ada' };
    const { event } = await echo('/v1/incidents/a%20b', { headers });
    expect(event).toMatchObject({
      rawPath: '/v1/incidents/a b',
      pathParameters: { id: 'a b' },
      requestContext: {
        authorizer: { iam: { userArn: 'arn:aws:iam::000000000000:user/ada', userId: 'ada' } },
      },
    });
  });

  it('answers a refused caller before the function is asked', async () => {
    expect(await send('/v1/incidents/7')).toMatchObject({
      status: 401,
      text: '{"message":"Unknown token"}',
    });
  });

  it.each([
    ['127.0.0.1:1', 200],
    ['localhost', 200],
    ['LOCALHOST:8080', 200],
    ['[::1]:80', 200],
    ['tocsin.example', 200],
    ['rebound.example', 403],
    ['127.0.0.1.rebound.example', 403],
  ])('answers a page with Host %s with %d', async (host, status) => {
    expect((await send('/', { headers: { host } })).status).toBe(status);
    expect((await send('/sandbox/own', { headers: { host } })).status).toBe(status);
  });

  it('takes a webhook under any Host, since its sender proves itself', async () => {
    const headers = { host: 'host.docker.internal:8080', origin: 'https://elsewhere.example' };
    expect((await send(WEBHOOK, { method: 'POST', headers, body: '{}' })).status).toBe(200);
  });

  it.each([
    ['http://localhost:8080', 200],
    ['http://localhost:3000', 403],
    ['https://elsewhere.example', 403],
    ['null', 403],
  ])('lets a page of origin %s change something: %d', async (origin, status) => {
    const headers = { host: 'localhost:8080', origin, authorization: 'Bearer ada' };
    const resolve = await send('/v1/incidents/7/resolve', { method: 'POST', headers });
    expect(resolve.status).toBe(status);
  });

  it('serves what the caller mounted, before the routes', async () => {
    expect((await send('/sandbox/own/deep?x=1')).text).toBe(test.runtime.url);
    expect((await send('/sandbox/owner')).status).toBe(404);
    expect((await send('/sandbox/sns/messages')).text).toBe('{"messages":[]}');
  });
});

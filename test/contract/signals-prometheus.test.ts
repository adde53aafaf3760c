import { createVerify, generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { checkOf, nowMs, prometheusAt, signalsSubject } from './signals-subject.ts';
import { misbehaving, type Behaviour } from './misbehaving-server.ts';
import { tlsServer, type SeenByTls } from './tls-server.ts';

const success = (data: object, more: object = {}): Behaviour => ({
  status: 200,
  body: JSON.stringify({ status: 'success', data, ...more }),
});

const vector = (...values: readonly string[]): Behaviour =>
  success({
    resultType: 'vector',
    result: values.map((value, zone) => ({ metric: { zone: `${zone}` }, value: [1, value] })),
  });

async function measured(behaviour: Behaviour, bounds: Parameters<typeof checkOf>[1] = {}) {
  const server = await misbehaving(behaviour);
  const check = checkOf(prometheusAt(`${server.url}/prom/`), bounds);
  return { server, result: await signalsSubject({ check }).measure() };
}

const value = (number: number) => ({ ok: true, value: { kind: 'value', value: number } });
const none = (why: string) => ({
  ok: true,
  value: { kind: 'none', why: expect.stringContaining(why) as string },
});

describe('a query of Prometheus', () => {
  it('is posted as a form, for the instant that was asked for', async () => {
    const { server, result } = await measured(vector('0.995'));
    expect(result).toEqual(value(0.995));
    expect(server.seen[0]).toMatchObject({ method: 'POST', path: '/prom/api/v1/query' });
    expect(server.seen[0]?.headers).toMatchObject({
      'content-type': 'application/x-www-form-urlencoded',
    });
    expect(Object.fromEntries(new URLSearchParams(server.seen[0]?.body))).toEqual({
      ...{ query: 'up{job="a b"}', time: '1800000000', timeout: '8s' },
    });
  });

  it.each<[string, Behaviour, object, number]>([
    ['the lowest of a floor', vector('0.99', '0.5', '0.97'), { atLeast: 0.9 }, 0.5],
    ['the highest of a ceiling', vector('3', '9', '4'), { atMost: 5 }, 9],
    ['the one nearest to its bound', vector('1', '5', '8'), { atLeast: 0, atMost: 10 }, 1],
    ['a bad one, though another has no number', vector('0.2', 'NaN'), { atLeast: 0.9 }, 0.2],
    ['a scalar', success({ resultType: 'scalar', result: [1, '7'] }), {}, 7],
    ['an exponent', vector('1e-3'), {}, 0.001],
    ['zero, which is a number', vector('0'), { atLeast: 1 }, 0],
  ])('gives %s', async (_what, behaviour, bounds, number) => {
    expect((await measured(behaviour, bounds)).result).toEqual(value(number));
  });

  it.each<[string, Behaviour, string]>([
    ['no series', vector(), 'no such series'],
    ['NaN', vector('NaN'), 'no number'],
    ['infinity', vector('+Inf'), 'no number'],
    ['less than infinity', vector('-Inf'), 'no number'],
    ['one good and one NaN', vector('0.99', 'NaN'), 'Of 2 series 1'],
    ['an empty text', vector(''), 'no number'],
    [
      'a number that is no text',
      success({ resultType: 'vector', result: [{ value: [1, 1] }] }),
      'no number',
    ],
    ['a histogram', success({ resultType: 'vector', result: [{ histogram: [] }] }), 'no number'],
    ['a matrix', success({ resultType: 'matrix', result: [{ values: [[1, '1']] }] }), 'matrix'],
    ['a text', success({ resultType: 'string', result: [1, '1'] }), 'string'],
    ['no data', success({}), 'a check needs'],
    [
      'a warning of partial data',
      success({ resultType: 'scalar', result: [1, '7'] }, { warnings: ['a store is down'] }),
      'a store is down',
    ],
  ])('has no value for %s', async (_what, behaviour, why) => {
    expect((await measured(behaviour, { atLeast: 0.9 })).result).toMatchObject(none(why));
  });

  it.each<[string, Behaviour, string]>([
    ['a bad query', { status: 400, body: '{"status":"error","error":"parse error"}' }, 'rejected'],
    ['one that cannot be run', { status: 422, body: '{"error":"many-to-many"}' }, 'rejected'],
    ['an error that says 200', { status: 200, body: '{"status":"error","error":"x"}' }, 'rejected'],
    ['a proxy in front', { status: 502, body: '<html>' }, 'unavailable'],
    ['too much to do', { status: 503, body: '{"error":"query timed out"}' }, 'unavailable'],
    ['too many questions', { status: 429, headers: { 'retry-after': '5' } }, 'throttled'],
    ['a page of something else', { status: 200, body: '<html>' }, 'unavailable'],
    ['JSON of something else', { status: 200, body: '{}' }, 'unavailable'],
    ['a redirect', { status: 302, headers: { location: 'http://127.0.0.1:1/' } }, 'rejected'],
    ['a cut connection', 'cut', 'unavailable'],
    ['an endless answer', { status: 200, body: 'x'.repeat(4 * 1024 * 1024 + 1) }, 'too_large'],
  ])('fails with %s', async (_what, behaviour, kind) => {
    const { result, server } = await measured(behaviour);
    expect(result).toMatchObject({ ok: false, error: { kind } });
    expect(server.seen).toHaveLength(1);
  });

  it('asks only what stands in the policy, whatever the caller hands in', async () => {
    const [named, other] = [await misbehaving(vector('1')), await misbehaving(vector('2'))];
    const { signals } = signalsSubject({ check: checkOf(prometheusAt(named.url)) });
    const foreign = checkOf(prometheusAt(other.url));
    expect(await signals.measure('acme', foreign, nowMs)).toEqual(value(1));
    expect(await signals.measure('acme', { ...foreign, id: 'c2' }, nowMs)).toMatchObject({
      error: { kind: 'not_found' },
    });
    expect(await signals.measure('other', foreign, nowMs)).toMatchObject({ ok: false });
    expect(other.seen).toEqual([]);
  });

  it.each([
    'http://169.254.169.254',
    'http://[fe80::1]',
    'http://[::ffff:a9fe:a9fe]',
    'http://2852039166',
  ])('never calls the machine itself: %s', async (url) => {
    expect(await signalsSubject({ check: checkOf(prometheusAt(url)) }).measure()).toMatchObject({
      error: { kind: 'rejected', message: expect.stringContaining('never called') as string },
    });
  });
});

describe('the credential of a host', () => {
  it('is shown to that host, and replaced once when it is refused', async () => {
    const server = await misbehaving({ status: 401 }, vector('1'));
    const host = new URL(server.url).host;
    const credentials = [{ [host]: 'Bearer old' }, { [host]: 'Bearer new' }] as const;
    const check = checkOf(prometheusAt(server.url));
    expect(await signalsSubject({ check, credentials }).measure()).toEqual(value(1));
    const shown = server.seen.map(({ headers }) => headers.authorization);
    expect(shown).toEqual(['Bearer old', 'Bearer new']);
  });

  it('is no use a second time', async () => {
    const server = await misbehaving({ status: 401 });
    const credentials = [{ '127.0.0.1': 'Basic x' }, { '127.0.0.1': 'Basic x' }] as const;
    const check = checkOf(prometheusAt(server.url));
    expect(await signalsSubject({ check, credentials }).measure()).toMatchObject({
      error: { kind: 'rejected' },
    });
    expect(server.seen).toHaveLength(1);
  });

  it('is not sent in the clear', async () => {
    const credentials = [{ 'prom.example': 'Bearer x' }, {}] as const;
    const check = checkOf(prometheusAt('http://prom.example'));
    expect(await signalsSubject({ check, credentials }).measure()).toMatchObject({
      error: { kind: 'rejected', message: expect.stringContaining('https') as string },
    });
  });

  it('is needed: without the secret nothing is measured', async () => {
    const server = await misbehaving({ status: 500 });
    const check = checkOf({ kind: 'http', url: server.url, contains: null });
    expect(await signalsSubject({ check, secretsAreDown: true }).measure()).toMatchObject({
      error: { kind: 'unavailable', message: 'The secret is down.' },
    });
    expect(server.seen).toEqual([]);
  });
});

describe('Cloud Monitoring', () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const key = {
    client_email: 'tocsin@acme.iam.gserviceaccount.com',
    private_key_id: 'k1',
    private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    token_uri: 'https://evil.example/token',
  };

  async function start(refuses = '') {
    let granted = 0;
    const server = await tlsServer((seen: SeenByTls) => {
      if (seen.path === '/token') {
        granted += 1;
        const body = { access_token: `ya29.${granted}`, expires_in: 3599, token_type: 'Bearer' };
        return { status: 200, body };
      }
      if (seen.headers['authorization'] === refuses) return { status: 401 };
      return {
        status: 200,
        body: { status: 'success', data: { resultType: 'scalar', result: [1, '4'] } },
      };
    });
    const held = { '127.0.0.1': JSON.stringify(key) };
    const subject = signalsSubject({
      check: checkOf({ kind: 'cloud-monitoring', project: 'acme-prod', query: 'up' }),
      credentials: [held, held],
      google: { monitoring: server.url, token: `${server.url}/token`, ca: server.ca },
    });
    const asked = (path: string) => server.seen.filter((seen) => seen.path === path);
    return { server, subject, asked };
  }

  it('is asked with a token by a signed grant, which is kept', async () => {
    const { server, subject, asked } = await start();
    expect(await subject.measure()).toEqual(value(4));
    subject.move(57 * 60_000);
    await subject.measure();
    const [grant, ...more] = asked('/token');
    expect(more).toEqual([]);
    const form = new URLSearchParams(grant?.body);
    expect(form.get('grant_type')).toBe('urn:ietf:params:oauth:grant-type:jwt-bearer');
    const [header = '', claims = '', signature = ''] = (form.get('assertion') ?? '').split('.');
    const verify = createVerify('RSA-SHA256').update(`${header}.${claims}`);
    expect(verify.verify(publicKey, signature, 'base64url')).toBe(true);
    const read = (part: string): unknown => JSON.parse(Buffer.from(part, 'base64url').toString());
    expect(read(header)).toEqual({ alg: 'RS256', typ: 'JWT', kid: 'k1' });
    expect(read(claims)).toEqual({
      iss: key.client_email,
      scope: 'https://www.googleapis.com/auth/monitoring.read',
      aud: `${server.url}/token`,
      ...{ iat: nowMs / 1000, exp: nowMs / 1000 + 3600 },
    });
    const [query] = asked('/v1/projects/acme-prod/location/global/prometheus/api/v1/query');
    expect(query).toMatchObject({ headers: { authorization: 'Bearer ya29.1' }, method: 'POST' });
  });

  it('gets another token before the first ends', async () => {
    const { subject, asked } = await start();
    await subject.measure();
    subject.move(58 * 60_000);
    await subject.measure();
    expect(asked('/token')).toHaveLength(2);
  });

  it('gets another token when the first is refused', async () => {
    const { subject, asked } = await start('Bearer ya29.1');
    expect(await subject.measure()).toEqual(value(4));
    expect(asked('/token')).toHaveLength(2);
  });

  it.each([
    ['no key', '{}'],
    ['no e-mail', JSON.stringify({ ...key, client_email: '' })],
    ['a key that is none', JSON.stringify({ ...key, private_key: 'PRIVATE-abc' })],
  ])('says that the secret holds %s, and not what it holds', async (_what, text) => {
    const held = { 'monitoring.googleapis.com': text };
    const subject = signalsSubject({
      check: checkOf({ kind: 'cloud-monitoring', project: 'acme-prod', query: 'up' }),
      credentials: [held, held],
    });
    const result = await subject.measure();
    expect(result).toMatchObject({ error: { kind: 'rejected' } });
    expect(JSON.stringify(result)).not.toContain('PRIVATE-abc');
  });
});

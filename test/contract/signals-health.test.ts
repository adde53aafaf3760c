import { describe, expect, it } from 'vitest';
import { epochMs } from '../../lib/domain/shared/time.ts';
import { misbehaving, type Behaviour } from './misbehaving-server.ts';
import { checkOf, nowMs, signalsSubject } from './signals-subject.ts';
import { tlsServer } from './tls-server.ts';

const value = (number: number) => ({ ok: true, value: { kind: 'value', value: number } });

describe('a health check', () => {
  it.each<[string, Behaviour, string | null, number]>([
    ['200', { status: 200 }, null, 1],
    ['204', { status: 204 }, null, 1],
    ['200 with the text', { status: 200, body: '{"version":"v16"}' }, 'v16', 1],
    ['200 without the text', { status: 200, body: '{"version":"v17"}' }, 'v16', 0],
    ['a redirect', { status: 302, headers: { location: 'http://127.0.0.1:1/' } }, null, 0],
    ['500', { status: 500 }, null, 0],
    ['a cut connection', 'cut', null, 0],
    ['half an answer, in two seconds', 'half', null, 0],
    [
      'the text in a page without end',
      { status: 200, body: `ok${'x'.repeat(3_000_000)}` },
      'ok',
      1,
    ],
  ])('makes %s of it', async (_what, behaviour, contains, number) => {
    const server = await misbehaving(behaviour);
    const check = checkOf({ kind: 'http', url: `${server.url}/healthz?deep=1`, contains });
    expect(await signalsSubject({ check }).measure()).toEqual(value(number));
    expect(server.seen).toHaveLength(1);
    expect(server.seen[0]).toMatchObject({ method: 'GET', path: '/healthz?deep=1' });
  });

  it('finds a host by its name', async () => {
    const server = await misbehaving({ status: 200 });
    const url = server.url.replace('127.0.0.1', 'localhost');
    const check = checkOf({ kind: 'http', url, contains: null });
    expect(await signalsSubject({ check }).measure()).toEqual(value(1));
  });

  it('is bad when nobody listens', async () => {
    const check = checkOf({ kind: 'http', url: 'http://127.0.0.1:1/', contains: null });
    expect(await signalsSubject({ check }).measure()).toEqual(value(0));
  });

  it('takes a new connection each time', async () => {
    const server = await misbehaving({ status: 200 });
    const { measure } = signalsSubject({
      check: checkOf({ kind: 'http', url: server.url, contains: null }),
    });
    await measure();
    await measure();
    expect(server.seen.map(({ headers }) => headers.connection)).toEqual(['close', 'close']);
  });

  it('does not overlook a certificate that nobody vouches for', async () => {
    const server = await tlsServer(() => ({ status: 200 }));
    const check = checkOf({ kind: 'http', url: server.url, contains: null });
    expect(await signalsSubject({ check }).measure()).toMatchObject({
      error: { kind: 'rejected' },
    });
    expect(server.seen).toEqual([]);
  });
});

describe('an alert at its source', () => {
  const fired = (labels: object): object => ({ labels, status: { state: 'suppressed' } });
  const json = (body: unknown): Behaviour => ({ status: 200, body: JSON.stringify(body) });
  const uptime = (ms: number): Behaviour => json({ uptime: new Date(nowMs - ms).toISOString() });
  const labels = { alertname: 'Down', pod: 'a"b\\c', region: 'eu', 'odd name': 'x' };

  async function ask(...behaviours: readonly Behaviour[]) {
    const server = await misbehaving(...behaviours);
    const subject = signalsSubject({ source: { apiUrl: `${server.url}/am/` } });
    return { server, said: await subject.atSource(labels) };
  }

  it('is asked for by its labels, but those that the policy added, silenced or not', async () => {
    const own = { alertname: 'Down', pod: 'a"b\\c', 'odd name': 'x' };
    const { server, said } = await ask(json([fired(own)]));
    expect(said).toEqual({ ok: true, value: 'firing' });
    const url = new URL(server.seen[0]?.path ?? '', 'http://test');
    expect(url.pathname).toBe('/am/api/v2/alerts');
    expect(url.searchParams.getAll('filter')).toEqual(['alertname="Down"', 'pod="a\\"b\\\\c"']);
    const states = ['active', 'silenced', 'inhibited'].map((name) => url.searchParams.get(name));
    expect(states).toEqual(['true', 'true', 'true']);
  });

  it.each<[string, readonly Behaviour[], string]>([
    ['resolved when it is not there', [json([]), uptime(3_600_000)], 'resolved'],
    ['another one', [json([fired({ ...labels, pod: 'x' })]), uptime(3_600_000)], 'resolved'],
    ['one of a new Alertmanager', [json([]), uptime(299_000)], 'cannot-tell'],
    ['one of a source that has no status', [json([]), { status: 404 }], 'resolved'],
    ['one with more labels than we kept', [json([fired({ ...labels, extra: '1' })])], 'firing'],
  ])('is %s', async (_what, behaviours, word) => {
    expect((await ask(...behaviours)).said).toEqual({ ok: true, value: word });
  });

  it.each([
    ['before the alert began', 30_000, 'resolved'],
    ['hardly before the alert began', 5_000, 'cannot-tell'],
    ['since the alert began', -60_000, 'cannot-tell'],
  ])('is asked of an Alertmanager that started %s', async (_what, beforeMs, word) => {
    const server = await misbehaving(json([]), uptime(120_000));
    const { atSource } = signalsSubject({ source: { apiUrl: server.url } });
    const startsAtMs = epochMs(nowMs - 120_000 + beforeMs);
    expect(await atSource(labels, 'am', startsAtMs)).toEqual({ ok: true, value: word });
  });

  it.each<[string, readonly Behaviour[], string]>([
    ['no list', [json({})], 'unavailable'],
    ['no JSON', [{ status: 200, body: '<html>' }], 'unavailable'],
    ['a bad filter', [{ status: 400, body: '"bad matcher format"' }], 'rejected'],
    ['nothing', ['cut'], 'unavailable'],
    ['no status', [json([]), { status: 500 }], 'unavailable'],
  ])('is not known from %s', async (_what, behaviours, kind) => {
    expect((await ask(...behaviours)).said).toMatchObject({ ok: false, error: { kind } });
  });

  it.each([
    ['that has no API', { apiUrl: null }, 'am'],
    ['of another kind', { kind: 'cloud-monitoring', apiUrl: 'http://127.0.0.1:1' }, 'am'],
    ['that is not in the policy', { apiUrl: 'http://127.0.0.1:1' }, 'gone'],
  ] as const)('cannot be told of a source %s', async (_what, source, sourceId) => {
    const { atSource } = signalsSubject({ source });
    expect(await atSource(labels, sourceId)).toEqual({ ok: true, value: 'cannot-tell' });
  });
});

import { describe, expect, it } from 'vitest';
import { createMemoryLog } from '../../lib/adapters/memory/log.ts';
import { durationMs } from '../../lib/domain/shared/time.ts';
import { misbehaving, type Behaviour } from './misbehaving-server.ts';
import { OTHER_ROUTING_KEY, start } from './pagerduty-sandbox/harness.ts';
import {
  apiToken,
  fromBundle,
  fromSources,
  otherRoutingKey,
  pageOf,
  patience,
  rotatingSecret,
  routingKey,
  secretOf,
} from './pagerduty-subject.ts';

const bundle = await fromBundle();
const accepted: Behaviour = { status: 202, body: '{"status":"success"}' };
const badKey: Behaviour = {
  status: 400,
  body: JSON.stringify({ status: 'invalid event', errors: [`Invalid routing key ${routingKey}`] }),
};

describe.each([fromSources, bundle])('PagerDuty, from $name', (adapter) => {
  const pagerAt = (eventsUrl: string, secrets = rotatingSecret(secretOf())) =>
    adapter.createPagerDutyPager({ eventsUrl, secrets, log: createMemoryLog() });

  it('posts the event and nothing else', async () => {
    const { url, seen } = await misbehaving(accepted);
    expect(await pagerAt(url).send(pageOf(), patience)).toEqual({ ok: true, value: undefined });
    expect(seen.map(({ method, path }) => [method, path])).toEqual([['POST', '/v2/enqueue']]);
    expect(seen[0]?.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(JSON.parse(seen[0]?.body ?? '')).toEqual({
      routing_key: routingKey,
      event_action: 'trigger',
      dedup_key: 'tocsin:acme:0123456789abcdef:fedcba9876543210',
      client: 'Tocsin',
      client_url: 'https://tocsin.example/incidents/INC-1?sig=1',
      links: [
        { href: 'https://tocsin.example/incidents/INC-1?sig=1', text: 'Incident in Tocsin' },
        { href: 'https://runbooks.example/shop', text: 'Runbook' },
      ],
      payload: {
        summary: '[P0] The shop is down: no order for five minutes',
        source: 'shop',
        severity: 'critical',
        timestamp: '2026-11-21T03:46:00.000Z',
        component: 'shop',
        group: 'payments',
        class: 'ShopDown',
        custom_details: { incident: 'INC-1', alerts: 3, why: 'first page' },
      },
    });
  });

  it.each(['acknowledge', 'resolve'] as const)('needs no payload to %s', async (action) => {
    const { url, seen } = await misbehaving(accepted);
    await pagerAt(url).send(pageOf({ action, dedupKey: 'k' }), patience);
    expect(JSON.parse(seen[0]?.body ?? '')).toEqual({
      routing_key: routingKey,
      event_action: action,
      dedup_key: 'k',
    });
  });

  it.each<[string, Behaviour, string]>([
    ['a 400', { status: 400, body: '{"errors":["bad"]}' }, 'rejected'],
    ['a 403 without JSON', { status: 403, body: '<html>' }, 'rejected'],
    ['a 404', { status: 404, body: '{}' }, 'not_found'],
    ['a 413', { status: 413, body: '' }, 'too_large'],
    ['a redirect', { status: 307, headers: { location: 'http://127.0.0.1:1/' } }, 'rejected'],
    ['a 429', { status: 429, body: '{}' }, 'throttled'],
    ['a 500 with JSON', { status: 500, body: '{"message":"oops"}' }, 'unavailable'],
    ['a 502 with HTML', { status: 502, body: '<html>bad gateway</html>' }, 'unavailable'],
    ['a cut connection', 'cut', 'unavailable'],
  ])('makes of %s: %s', async (_what, behaviour, kind) => {
    const { url } = await misbehaving(behaviour);
    const sent = await pagerAt(url).send(pageOf(), patience);
    expect(sent).toMatchObject({ ok: false, error: { kind } });
    expect(JSON.stringify(sent)).not.toContain(routingKey);
  });

  it('takes an acceptance without JSON for one', async () => {
    const { url } = await misbehaving({ status: 202, body: 'ok' });
    expect(await pagerAt(url).send(pageOf(), patience)).toEqual({ ok: true, value: undefined });
  });

  it('says unavailable when nobody listens', async () => {
    const sent = await pagerAt('http://127.0.0.1:1').send(pageOf(), patience);
    expect(sent).toMatchObject({ ok: false, error: { kind: 'unavailable' } });
  });

  it.each<Behaviour>(['silent', 'half'])(
    'ends in time when the server is %s',
    async (behaviour) => {
      const { url } = await misbehaving(behaviour);
      const sent = await pagerAt(url).send(pageOf(), durationMs(100));
      expect(sent).toMatchObject({ ok: false, error: { kind: 'timeout' } });
    },
  );

  it('ends in time when the secret does not come', async () => {
    const secrets = { pagerduty: () => new Promise<never>(() => undefined) };
    const pager = adapter.createPagerDutyPager({
      eventsUrl: 'http://127.0.0.1:1',
      secrets,
      log: createMemoryLog(),
    });
    const sent = await pager.send(pageOf(), durationMs(50));
    expect(sent).toMatchObject({ ok: false, error: { kind: 'timeout' } });
  });

  it.each([
    ['retry-after', '30', 30_000],
    ['ratelimit-reset', '7', 7_000],
    ['retry-after', '99999999', 3_600_000],
    ['retry-after', 'Wed, 21 Oct 2026 07:28:00 GMT', undefined],
  ])('reads %s: %s', async (header, value, retryAfterMs) => {
    const { url } = await misbehaving({ status: 429, body: '{}', headers: { [header]: value } });
    const sent = await pagerAt(url).send(pageOf(), patience);
    expect(sent.ok ? {} : sent.error.retryAfterMs).toBe(retryAfterMs);
  });

  it('names the routing key that the secret lacks, after a fresh look', async () => {
    const { url, seen } = await misbehaving(accepted);
    const secrets = rotatingSecret(secretOf({ routingKeys: {} }));
    const sent = await pagerAt(url, secrets).send(pageOf(), patience);
    expect(sent).toMatchObject({
      ok: false,
      error: { kind: 'rejected', message: expect.stringContaining('"platform"') as string },
    });
    expect([secrets.freshReads(), seen.length]).toEqual([1, 0]);
  });

  it('does not take a name that every object has for a key', async () => {
    const { url, seen } = await misbehaving(accepted);
    const sent = await pagerAt(url).send(pageOf({ routingKey: 'constructor' }), patience);
    expect([sent.ok, seen.length]).toEqual([false, 0]);
  });

  it('pages with the new key when the old one was rotated away', async () => {
    const { url, seen } = await misbehaving(badKey, accepted);
    const secrets = rotatingSecret(
      secretOf(),
      secretOf({ routingKeys: { platform: otherRoutingKey } }),
    );
    expect(await pagerAt(url, secrets).send(pageOf(), patience)).toEqual({
      ok: true,
      value: undefined,
    });
    const keys = seen.map(({ body }) => (JSON.parse(body) as { routing_key: string }).routing_key);
    expect(keys).toEqual([routingKey, otherRoutingKey]);
  });

  it('does not try the same key twice, and does not repeat it in the message', async () => {
    const { url, seen } = await misbehaving(badKey);
    const secrets = rotatingSecret(secretOf());
    const sent = await pagerAt(url, secrets).send(pageOf(), patience);
    expect(sent).toMatchObject({
      ok: false,
      error: {
        kind: 'rejected',
        message: 'PagerDuty answered 400: Invalid routing key [redacted]',
      },
    });
    expect([seen.length, secrets.freshReads()]).toEqual([1, 1]);
  });

  it('is taken by the sandbox at every limit', async () => {
    const sandbox = await start({ routingKeys: { platform: routingKey } });
    const long = '\u{1F6A8}'.repeat(5000);
    const links = { runbook: `https://x.example/${'r'.repeat(3000)}`, dashboard: 'javascript:1' };
    const page = pageOf({
      dedupKey: long,
      summary: long,
      source: ' ',
      component: ' ',
      group: long,
      class: long,
      details: Object.fromEntries(
        Array.from({ length: 400 }, (_, at) => [`${at} \ud800`, `${long}\udc00`]),
      ),
      links,
      consoleUrl: 'not a link',
    });
    expect(await pagerAt(sandbox.url).send(page, patience)).toEqual({ ok: true, value: undefined });
    expect(await sandbox.incidents()).toHaveLength(1);
  });

  it('finds the keys of every alert, page by page', async () => {
    const alerts = (from: number, more: boolean): Behaviour => ({
      status: 200,
      body: JSON.stringify({ alerts: [{ alert_key: `key-${from}` }, { alert_key: null }], more }),
    });
    const { url, seen } = await misbehaving(
      {
        status: 200,
        body: '{"incident":{"status":"triggered","html_url":"https://pd.example/1"}}',
      },
      alerts(1, true),
      alerts(2, false),
    );
    const directory = directoryAt(url);
    expect(await directory.findIncident('acme', 'Q/1')).toMatchObject({
      ok: true,
      value: { dedupKeys: ['key-1', 'key-2'] },
    });
    expect(seen.map(({ path }) => path)).toEqual([
      '/incidents/Q%2F1',
      '/incidents/Q%2F1/alerts?limit=100&offset=0',
      '/incidents/Q%2F1/alerts?limit=100&offset=100',
    ]);
    expect(seen[0]?.headers['authorization']).toBe(`Token token=${apiToken}`);
  });

  const directoryAt = (apiUrl: string, secrets = rotatingSecret(secretOf())) =>
    adapter.createPagerDutyDirectory({ apiUrl, secrets, log: createMemoryLog() });

  it.each<[Behaviour, string]>([
    [{ status: 401, body: `{"error":{"message":"no ${apiToken}"}}` }, 'rejected'],
    [{ status: 403, body: '{}' }, 'rejected'],
    [{ status: 404, body: '{"error":{"message":"Not Found","code":2100}}' }, 'not_found'],
    [{ status: 429, body: '{}' }, 'throttled'],
    [{ status: 500, body: 'oops' }, 'unavailable'],
    [{ status: 200, body: '{"incident":{"status":"new"}}' }, 'unavailable'],
    [{ status: 200, body: '[1]' }, 'unavailable'],
    ['half', 'timeout'],
  ])('makes of %j when looking something up: %s', async (behaviour, kind) => {
    const { url } = await misbehaving(behaviour);
    const found = await directoryAt(url).findIncident('acme', 'Q1');
    expect(found).toMatchObject({ ok: false, error: { kind } });
    expect(JSON.stringify(found)).not.toContain(apiToken);
  });

  it('looks nothing up without a token', async () => {
    const { url, seen } = await misbehaving({ status: 200 });
    const directory = directoryAt(url, rotatingSecret(secretOf({ apiToken: null })));
    expect(await directory.findIncident('acme', 'Q1')).toMatchObject({
      ok: false,
      error: { kind: 'not_found', message: expect.stringContaining('"apiToken"') as string },
    });
    expect(seen).toHaveLength(0);
  });

  it('looks up with the new token when the old one was rotated away', async () => {
    const { url, seen } = await misbehaving(
      { status: 401, body: '{}' },
      { status: 404, body: '{}' },
    );
    const secrets = rotatingSecret(secretOf(), secretOf({ apiToken: 'another-token' }));
    await directoryAt(url, secrets).findIncident('acme', 'Q1');
    expect(seen.map(({ headers }) => headers['authorization'])).toEqual([
      `Token token=${apiToken}`,
      'Token token=another-token',
    ]);
  });
});

describe('our cross-fetch', () => {
  const pagerAt = (eventsUrl: string) =>
    bundle.createPagerDutyPager({
      eventsUrl,
      secrets: rotatingSecret(secretOf({ routingKeys: { platform: OTHER_ROUTING_KEY } })),
      log: createMemoryLog(),
    });

  it('asks once when it is told 429', async () => {
    const { url, seen } = await misbehaving({ status: 429, body: '{}' });
    await pagerAt(url).send(pageOf(), patience);
    expect(seen).toHaveLength(1);
  });

  it('keeps its connection, and replaces one that died meanwhile', async () => {
    const { url, seen } = await misbehaving(accepted, accepted, 'cut', accepted);
    const pager = pagerAt(url);
    const sent = [];
    for (let count = 0; count < 3; count += 1) sent.push((await pager.send(pageOf(), patience)).ok);
    expect(sent).toEqual([true, true, true]);
    expect(seen.map(({ headers }) => headers.connection)).toEqual(Array(4).fill('keep-alive'));
  });
});

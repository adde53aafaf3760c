import { describe, expect, it } from 'vitest';
import { routeKeys } from '../../../functions/api/routes.ts';
import { createMemoryStore } from '../../../lib/adapters/memory/store.ts';
import { err } from '../../../lib/domain/shared/result.ts';
import { minutes } from '../../../lib/domain/shared/time.ts';
import { ROUTES } from '../../../lib/infra/routes.ts';
import { ada, checkoutDown, createWorld, jsonOf } from './world.ts';

const nowhere = {
  kind: 'not_found',
  message: expect.stringContaining('no such incident') as string,
};

describe('the routes', () => {
  it('are those that the template leads here', () => {
    const deployed = ROUTES.filter(({ target }) => target === 'api');

    expect(routeKeys).toEqual(deployed.map(({ method, path }) => `${method} ${path}`));
  });

  it.each(['/nothing', '/v1/incidents/{id}', '/incidents/a/b/c', '/v1/incidents/..%2f', '//'])(
    'do not have %s',
    async (url) => {
      const response = await createWorld({ isConsoleOpen: true }).ask({ url, as: ada });

      expect(response.statusCode).toBe(404);
      expect(jsonOf(response)['error']).toEqual(nowhere);
    },
  );

  it('tell everybody that the service is up, and nothing else', async () => {
    const response = await createWorld().ask({ url: '/healthz' });

    expect([response.statusCode, jsonOf(response)]).toEqual([
      200,
      { status: 'ok', version: '1.2.3' },
    ]);
  });
});

describe('whoever is not verified', () => {
  it.each([undefined, '', 'ada', 'arn:aws:iam::1:', 'arn:aws:s3:::bucket/ada'])(
    'is refused with caller %s, before anything is read',
    async (as) => {
      const world = createWorld();
      for (const url of [
        '/v1/incidents?limit=x',
        '/v1/incidents/abc',
        '/v1/incidents/abc/timeline',
        '/v1/incidents/abc/postmortem',
      ]) {
        const response = await world.ask({ url, ...(as === undefined ? {} : { as }) });
        expect([response.statusCode, jsonOf(response)]).toEqual([401, { error: 'unauthorized' }]);
      }
    },
  );
});

describe('GET /v1/incidents', () => {
  it('lists open incidents, newest first, a page at a time', async () => {
    const world = createWorld();
    const first = await world.raise(checkoutDown);
    await world.clock.advance(minutes(1));
    const second = await world.raise({ ...checkoutDown, service: 'login' });

    const page = jsonOf(await world.ask({ url: '/v1/incidents?limit=1', as: ada }));
    expect(page).toMatchObject({
      tenant: 'default',
      status: 'open',
      incidents: [{ id: second.id }],
      console: expect.stringMatching(
        /^https:\/\/tocsin\.example\.com\/\?t=default&e=\d+&s=/,
      ) as string,
    });
    const after = encodeURIComponent(String(page['next']));
    const rest = jsonOf(await world.ask({ url: `/v1/incidents?limit=1&after=${after}`, as: ada }));
    expect(rest).toMatchObject({ incidents: [{ id: first.id }], next: null });
    expect(jsonOf(await world.ask({ url: '/v1/incidents?status=closed', as: ada }))).toMatchObject({
      incidents: [],
      console: expect.stringMatching(/\/\?t=default&e=\d+&s=[^&]+&status=closed$/) as string,
    });
  });

  it.each([
    ['status=resolved', { message: 'status is "resolved".', allowed: ['open', 'closed'] }],
    ['limit=0', { message: 'limit is "0"; it must be from 1 to 100.' }],
    ['limit=101', { message: 'limit is "101"; it must be from 1 to 100.' }],
    ['limit=ten', { message: 'limit is "ten"; it must be from 1 to 100.' }],
    ['after=nonsense', { message: 'after is no `next` that a list has given.' }],
    [
      'state=open',
      {
        message: 'There is no parameter "state" here.',
        allowed: ['status', 'limit', 'after', 'tenant'],
      },
    ],
  ])('refuses %s and says what is allowed', async (query, problem) => {
    const response = await createWorld().ask({ url: `/v1/incidents?${query}`, as: ada });

    expect(response.statusCode).toBe(400);
    expect(jsonOf(response)).toEqual({
      error: { kind: 'bad_request', ...problem },
      requestId: 'r1',
    });
  });

  it('answers 503 with a time to come again when the store does not answer', async () => {
    const down = () => Promise.resolve(err({ kind: 'unavailable', message: 'gone' } as const));
    const store = {
      ...createMemoryStore({ clock: { now: () => 0 as never } }),
      listIncidents: down,
    };
    const world = createWorld({ store });

    const response = await world.ask({ url: '/v1/incidents', as: ada });

    expect([response.statusCode, response.headers['retry-after']]).toEqual([503, '2']);
    expect(jsonOf(response)['error']).toMatchObject({ kind: 'unavailable' });
    expect(response.body).not.toContain('gone');
    expect(world.log.lines()).toMatchObject([{ level: 'error', fields: { requestId: 'r1' } }]);
  });
});

describe('GET /v1/incidents/{id}', () => {
  it('gives an incident with its clocks', async () => {
    const world = createWorld();
    const { id } = await world.raise(checkoutDown);
    await world.clock.advance(minutes(5));

    const answer = jsonOf(await world.ask({ url: `/v1/incidents/${id}`, as: ada }));

    expect(answer['incident']).toMatchObject({
      id,
      tenant: 'default',
      state: 'triggered',
      severity: 'P0',
      severityReason: { rule: 'critical-tier-1' },
      service: 'checkout',
      alerts: { episodes: 1, firing: 1, alerts: 1 },
      sla: {
        response: { state: 'running', breached: false, elapsedMs: 300_000, targetMs: 900_000 },
        resolution: { state: 'running', deadlineAt: '2026-05-12T04:04:05.000Z' },
      },
      nextDeadline: { clock: 'response', at: '2026-05-12T03:19:05.000Z' },
      page: 'requested',
      acknowledged: null,
      resolved: null,
    });
    expect(answer['console']).toContain(`/incidents/${id}?t=default&e=`);
  });

  it('says the same of an unknown incident, an unknown tenant and another tenant’s incident', async () => {
    const world = createWorld();
    const { id } = await world.raise(checkoutDown);
    const urls = [
      '/v1/incidents/aaaaa-bbbbbbb',
      `/v1/incidents/${id}?tenant=nobody`,
      `/v1/incidents/${id}?tenant=other`,
      `/v1/incidents/${id}/timeline?tenant=other`,
      `/v1/incidents/${id}/postmortem?tenant=other`,
      '/v1/incidents?tenant=nobody',
      '/v1/incidents?tenant=__proto__',
    ];

    const answers = await Promise.all(urls.map((url) => world.ask({ url, as: ada })));

    expect(new Set(answers.map(({ statusCode, body }) => `${statusCode} ${body}`)).size).toBe(1);
    expect(answers[0]?.statusCode).toBe(404);
    const own = await world.ask({ url: `/v1/incidents/${id}?tenant=default`, as: ada });
    expect(own.statusCode).toBe(200);
  });
});

describe('GET /v1/incidents/{id}/timeline and /postmortem', () => {
  it('tell the story from its first event, with reasons', async () => {
    const world = createWorld();
    const { id, version } = await world.raise(checkoutDown);

    const answer = jsonOf(await world.ask({ url: `/v1/incidents/${id}/timeline`, as: ada }));

    const entries = answer['entries'] as readonly { seq: number; type: string; reason: string }[];
    expect(entries.map(({ seq }) => seq)).toEqual(Array.from({ length: version }, (_, n) => n + 1));
    expect(entries[0]).toMatchObject({ at: '2026-05-12T03:04:05.000Z', type: 'incident.opened' });
    expect(entries[0]?.reason).toContain('rule critical-tier-1');
  });

  it.each([
    ['', undefined, 'text/markdown'],
    ['', '*/*', 'text/markdown'],
    ['', 'application/json, text/markdown', 'application/json'],
    ['', 'text/markdown, application/json', 'text/markdown'],
    ['?format=json', 'text/markdown', 'application/json'],
    ['?format=markdown', 'application/json', 'text/markdown'],
  ])('give the post-mortem%s with accept %s as %s', async (query, accept, type) => {
    const world = createWorld();
    const { id } = await world.raise(checkoutDown);

    const response = await world.ask({
      url: `/v1/incidents/${id}/postmortem${query}`,
      as: ada,
      ...(accept === undefined ? {} : { headers: { accept } }),
    });

    expect(response.headers['content-type']).toBe(`${type}; charset=utf-8`);
    expect(response.body).toMatch(type === 'text/markdown' ? /^# Post-mortem: / : /^\{"schema":1,/);
  });

  it('refuse a format that there is not', async () => {
    const response = await createWorld().ask({
      url: '/v1/incidents/abc/postmortem?format=pdf',
      as: ada,
    });

    expect(response.statusCode).toBe(400);
    expect(jsonOf(response)['error']).toMatchObject({ allowed: ['markdown', 'json'] });
  });
});

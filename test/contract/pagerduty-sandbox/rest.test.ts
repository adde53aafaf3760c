import { api } from '@pagerduty/pdjs';
import { describe, expect, test } from 'vitest';
import {
  ADA,
  API_TOKEN,
  GRACE,
  movableTime,
  only,
  REST_HEADERS,
  start,
  type Running,
} from './harness.ts';

async function startWithIncident(settings: Parameters<typeof start>[0] = {}) {
  const running = await start(settings);
  await running.trigger('disk');
  const id = String(only(await running.incidents())['id']);
  const rest = (method: string, path: string, body?: object) =>
    running.call(method, path, { headers: REST_HEADERS, ...(body !== undefined && { body }) });
  return { ...running, id, rest, put: putter(running, id) };
}

function putter({ call }: Running, id: string) {
  return (change: object) =>
    call('PUT', `/incidents/${id}`, {
      headers: REST_HEADERS,
      body: { incident: { type: 'incident_reference', ...change } },
    });
}

/** What pdjs resolves to, as far as paging goes. */
interface Page {
  readonly data?: unknown;
  readonly next?: () => Promise<Page>;
}

describe('REST API v2, as pdjs sees it', () => {
  test('finds the open incident of a dedup key and changes it', async () => {
    const { url, id } = await startWithIncident();
    const call = (endpoint: string, more: object) =>
      api({
        token: API_TOKEN,
        requestTimeout: 0,
        url: `${url}/sandbox/pagerduty/api${endpoint}`,
        ...more,
      });

    const found = await call('/incidents', {
      queryParameters: { incident_key: 'disk', 'statuses[]': ['triggered', 'acknowledged'] },
    });
    expect(found.data).toMatchObject({ incidents: [{ id, status: 'triggered' }], more: false });

    const changed = await call(`/incidents/${id}`, {
      method: 'PUT',
      headers: { From: ADA },
      data: { incident: { type: 'incident_reference', status: 'acknowledged' } },
    });
    expect(changed.status).toBe(200);
    expect(changed.data).toMatchObject({
      incident: {
        status: 'acknowledged',
        acknowledgements: [{ acknowledger: { summary: 'Ada Oncall' } }],
      },
    });
  });

  test('pages through all incidents', async () => {
    const running = await start({ eventsPerMinute: 'unlimited' });
    await Promise.all(Array.from({ length: 7 }, (_, index) => running.trigger(`k${index}`)));
    const first: Page = await api({
      token: API_TOKEN,
      requestTimeout: 0,
      url: `${running.url}/incidents`,
      queryParameters: { limit: '3', total: 'true' },
    });
    const pages: unknown[] = [first.data];
    for (let page = await first.next?.(); page !== undefined; page = await page.next?.()) {
      pages.push(page.data);
    }
    expect(pages).toMatchObject([
      { offset: 0, total: 7, more: true },
      { offset: 3, more: true },
      { offset: 6, more: false, incidents: [{ title: 'k6 is down' }] },
    ]);
  });
});

describe('REST API v2 credentials', () => {
  test.each([
    ['none', {}, 401, 2006],
    ['another token', { authorization: 'Token token=nope' }, 401, 2006],
    ['another scheme', { authorization: `Basic ${API_TOKEN}` }, 401, 2006],
  ])('%s', async (_name, headers, status, code) => {
    const { call } = await start();
    const answer = await call('GET', '/incidents', { headers });
    expect([answer.status, answer.body.error['code']]).toEqual([status, code]);
  });

  test.each([
    ['without From', {}, 2001],
    ['in the name of a stranger', { from: 'eve@example.com' }, 1008],
  ])('refuses to write %s', async (_name, from, code) => {
    const { call, id } = await startWithIncident();
    const answer = await call('PUT', `/incidents/${id}`, {
      headers: { authorization: `Token token=${API_TOKEN}`, ...from },
      body: { incident: { type: 'incident', status: 'resolved' } },
    });
    expect([answer.status, answer.body.error['code']]).toEqual([400, code]);
  });

  test('counts 960 calls a minute and says so', async () => {
    const time = movableTime(5_000_000);
    const { call } = await start({ timekeeper: time, restPerMinute: 2 });
    const limits = async () => {
      const { status, headers } = await call('GET', '/users', { headers: REST_HEADERS });
      return [status, headers.get('ratelimit-remaining'), headers.get('ratelimit-reset')];
    };
    expect(await limits()).toEqual([200, '1', '60']);
    time.move(20_000);
    expect(await limits()).toEqual([200, '0', '40']);
    expect(await limits()).toEqual([429, '0', '40']);
    time.move(40_000);
    expect(await limits()).toEqual([200, '0', '20']);
  });
});

describe('PUT /incidents/{id}', () => {
  test('walks through the statuses, and refuses what is so already', async () => {
    const { put } = await startWithIncident();
    const steps = [];
    for (const status of [
      'acknowledged',
      'acknowledged',
      'triggered',
      'resolved',
      'resolved',
      'acknowledged',
    ]) {
      const { status: code, body } = await put({ status });
      steps.push(code === 200 ? body.incident['status'] : body.error['code']);
    }
    // A late acknowledgement brings a resolved incident back.
    expect(steps).toEqual(['acknowledged', 1002, 'triggered', 'resolved', 1001, 'acknowledged']);
  });

  test('takes a priority by name, a level, a title and an urgency', async () => {
    const { put } = await startWithIncident();
    const { body } = await put({ priority: 'P2', escalation_level: 2, title: 'T', urgency: 'low' });
    expect(body.incident).toMatchObject({
      title: 'T',
      urgency: 'low',
      priority: { summary: 'P2', type: 'priority_reference' },
      assignments: [{ assignee: { summary: 'Grace Backup' } }],
    });
  });

  test.each([
    ['no type', { type: undefined }],
    ['an unknown status', { status: 'closed' }],
    ['an unknown priority', { priority: 'P9' }],
    ['an unknown assignee', { assignments: [{ assignee: { id: 'PNOBODY' } }] }],
  ])('refuses %s', async (_name, change) => {
    const { put } = await startWithIncident();
    const { status, body } = await put(change);
    expect([status, body.error['code']]).toEqual([400, 2001]);
  });

  test('404 for an incident that is not there', async () => {
    const { rest } = await startWithIncident();
    const { status, body } = await rest('GET', '/incidents/QNOTHERE000000');
    expect([status, body.error['code']]).toEqual([404, 2100]);
  });
});

describe('REST API v2 lists', () => {
  test('the alert of an incident carries the dedup key, the incident does not', async () => {
    const { rest, id } = await startWithIncident();
    const { body } = await rest('GET', `/incidents/${id}/alerts?alert_key=disk`);
    expect(only(body.alerts)).toMatchObject({
      alert_key: 'disk',
      status: 'triggered',
      severity: 'critical',
      incident: { id },
      body: { details: { runbook: 'https://example.com/runbook' } },
    });
    expect((await rest('GET', `/incidents/${id}/alerts?alert_key=cpu`)).body.alerts).toEqual([]);
    expect((await rest('GET', `/incidents/${id}`)).body.incident['incident_key']).toBeNull();
  });

  test('incidents of the last month unless asked otherwise', async () => {
    const time = movableTime(Date.parse('2026-03-01T00:00:00Z'));
    const { rest } = await startWithIncident({ timekeeper: time });
    const count = async (query: string) =>
      (await rest('GET', `/incidents?${query}`)).body.incidents.length;
    expect(await count('')).toBe(1);
    time.move(31 * 24 * 3_600_000);
    expect(await count('')).toBe(0);
    expect(await count('date_range=all')).toBe(1);
    expect(await count('since=2026-02-28T00:00:00Z&until=2026-03-02T00:00:00Z')).toBe(1);
    expect(await count('date_range=all&statuses[]=resolved')).toBe(0);
  });

  test.each(['limit=101', 'limit=100&offset=9901', 'offset=-1', 'statuses[]=open', 'since=now'])(
    'refuses ?%s',
    async (query) => {
      const { rest } = await startWithIncident();
      const { status, body } = await rest('GET', `/incidents?${query}`);
      expect([status, body.error['code']]).toEqual([400, 2001]);
    },
  );

  test('notes are written and listed', async () => {
    const { rest, id } = await startWithIncident();
    const written = await rest('POST', `/incidents/${id}/notes`, { note: { content: 'On it.' } });
    expect(written.status).toBe(201);
    expect(only((await rest('GET', `/incidents/${id}/notes`)).body.notes)).toMatchObject({
      content: 'On it.',
      user: { summary: 'Ada Oncall' },
    });
  });

  test('users by a part of their address', async () => {
    const { rest } = await startWithIncident();
    const user = only((await rest('GET', `/users?query=${GRACE}`)).body.users);
    expect(user).toMatchObject({ name: 'Grace Backup', email: GRACE });
    expect((await rest('GET', `/users/${String(user['id'])}`)).body['user']).toEqual(user);
    expect((await rest('GET', '/users/me')).body['user']).toMatchObject({ email: ADA });
  });
});

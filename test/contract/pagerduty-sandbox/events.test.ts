import { readFileSync } from 'node:fs';
import { api } from '@pagerduty/pdjs';
import { describe, expect, test } from 'vitest';
import {
  movableTime,
  only,
  OTHER_ROUTING_KEY,
  ROUTING_KEY,
  start,
  triggerOf,
  type Body,
} from './harness.ts';

function fixture(name: string): Body {
  const path = new URL(`../../fixtures/pagerduty/${name}`, import.meta.url);
  // A checked-in JSON object.
  return JSON.parse(readFileSync(path, 'utf8')) as Body;
}

/** pdjs as the pager uses it: `event()` knows https only, `api()` reaches any address. */
function enqueueWithPdjs(url: string, data: object) {
  return api({ token: '-', method: 'POST', url: `${url}/v2/enqueue`, data, requestTimeout: 0 });
}

describe('Events API v2, as pdjs sees it', () => {
  test("takes PagerDuty's own example and answers as documented", async () => {
    const { url, incidents } = await start();

    const response = await enqueueWithPdjs(url, fixture('events-v2-request-trigger.json'));

    expect(response.status).toBe(202);
    expect(response.data).toEqual({
      ...fixture('events-v2-response-202.json'),
      dedup_key: 'srv01/mysql',
    });
    expect(only(await incidents())).toMatchObject({
      id: expect.stringMatching(/^Q[0-9A-Z]{13}$/) as string,
      dedup_key: 'srv01/mysql',
      service: 'api',
      status: 'triggered',
      severity: 'critical',
      urgency: 'high',
      title: 'DISK at 99% on machine prod-datapipe03.example.com',
    });
  });

  test('acknowledges and resolves by the same key', async () => {
    const { url, incidents } = await start();
    const statuses: unknown[] = [];
    for (const action of ['trigger', 'acknowledge', 'resolve']) {
      const { status } = await enqueueWithPdjs(url, { ...triggerOf('k'), event_action: action });
      statuses.push(status, only(await incidents())['status']);
    }
    expect(statuses).toEqual([202, 'triggered', 202, 'acknowledged', 202, 'resolved']);
  });

  test('gives a 400 that pdjs resolves with', async () => {
    const { url } = await start();
    const response = await enqueueWithPdjs(url, { ...triggerOf('k'), routing_key: 'short' });
    expect(response.status).toBe(400);
    expect(response.data).toMatchObject({ status: 'invalid event' });
  });
});

const INVALID: readonly (readonly [string, object, string])[] = [
  ['no routing key', { routing_key: undefined }, "'routing_key' is missing or blank"],
  [
    'a short routing key',
    { routing_key: 'abc' },
    "Length of 'routing_key' is incorrect (should be 32 characters)",
  ],
  [
    'signs in the routing key',
    { routing_key: '-'.repeat(32) },
    "'routing_key' cannot contain non-alphanumeric characters.",
  ],
  ['a routing key nobody has', { routing_key: 'f'.repeat(32) }, 'Invalid routing key'],
  [
    'an unknown action',
    { event_action: 'page' },
    "'event_action' is invalid (must be one of the following: 'trigger', 'acknowledge' or 'resolve')",
  ],
  [
    'a dedup key of 256 characters',
    { dedup_key: 'k'.repeat(256) },
    "'dedup_key' is too long (maximum is 255 characters)",
  ],
  [
    'a resolve without a key',
    { event_action: 'resolve', dedup_key: undefined },
    "'dedup_key' is missing or blank",
  ],
  ['no payload', { payload: undefined }, "'payload' is missing or blank"],
  ['no summary', payload({ summary: undefined }), "'payload.summary' is missing or blank"],
  [
    'a summary of 1025 characters',
    payload({ summary: 's'.repeat(1025) }),
    "'payload.summary' is too long (maximum is 1024 characters)",
  ],
  ['no source', payload({ source: '' }), "'payload.source' is missing or blank"],
  [
    'a severity of ours',
    payload({ severity: 'P0' }),
    "'payload.severity' is invalid (must be one of the following: 'critical', 'warning', 'error' or 'info')",
  ],
  [
    'a component that is no text',
    payload({ component: 5 }),
    "'payload.component' must be a string",
  ],
  [
    'a timestamp in words',
    payload({ timestamp: 'yesterday' }),
    "'payload.timestamp' is not an ISO 8601 instant",
  ],
  [
    'details that are a list',
    payload({ custom_details: [] }),
    "'payload.custom_details' must be an object",
  ],
  [
    'a link without href',
    { links: [{ text: 't' }] },
    "'links' must be an array of objects with an 'href'",
  ],
  [
    'an image over http',
    { images: [{ src: 'http://example.com/a.png' }] },
    "'images' must be an array of objects with an 'https' 'src'",
  ],
];

function payload(change: object): object {
  return { payload: { ...triggerOf('k').payload, ...change } };
}

describe('Events API v2 refuses', () => {
  test.each(INVALID)('%s', async (_name, change, message) => {
    const { trigger, incidents } = await start();
    const { status, body } = await trigger('k', change);
    expect({ status, body }).toEqual({
      status: 400,
      body: { status: 'invalid event', message: 'Event object is invalid', errors: [message] },
    });
    expect(await incidents()).toEqual([]);
  });

  test('what is no JSON, as PagerDuty documents', async () => {
    const { call } = await start();
    const { status, body } = await call('POST', '/v2/enqueue', { body: '{' });
    expect({ status, body }).toEqual({
      status: 400,
      body: fixture('events-v2-response-error.json'),
    });
  });

  test('an event over 512 KB, and takes one just below', async () => {
    const { trigger } = await start();
    const withBlob = (bytes: number) => payload({ custom_details: { blob: 'x'.repeat(bytes) } });
    expect((await trigger('large', withBlob(511_000))).status).toBe(202);
    expect((await trigger('larger', withBlob(512_000))).status).toBe(413);
  });
});

describe('Events API v2 keys', () => {
  test('makes a key for a trigger that has none', async () => {
    const { trigger, incidents } = await start();
    const { body } = await trigger('', { dedup_key: undefined });
    expect(only(await incidents())['dedup_key']).toBe(body['dedup_key']);
    expect(body['dedup_key']).toMatch(/^[0-9a-f]{32}$/);
  });

  test('drops what comes through another routing key, with 202', async () => {
    const { trigger, event, incidents } = await start();
    await trigger('k');
    const foreign = { routing_key: OTHER_ROUTING_KEY, event_action: 'resolve', dedup_key: 'k' };
    expect((await event(foreign)).status).toBe(202);
    expect(only(await incidents())['status']).toBe('triggered');
  });

  test('a key such as __proto__ is one like any other', async () => {
    const { trigger, incidents } = await start();
    await trigger('__proto__');
    await trigger('__proto__');
    expect(only(await incidents())).toMatchObject({ dedup_key: '__proto__', triggers: 2 });
  });

  test('change events are taken and make no incident', async () => {
    const { call, incidents } = await start();
    const change = { routing_key: ROUTING_KEY, payload: { summary: 'Deployed 1.2.3' } };
    const { status, body } = await call('POST', '/v2/change/enqueue', { body: change });
    expect({ status, body }).toEqual({
      status: 202,
      body: { status: 'success', message: 'Change event processed' },
    });
    expect(await incidents()).toEqual([]);
    const { body: ledger } = await call('GET', '/sandbox/pagerduty/requests');
    expect(only(ledger.requests)).toMatchObject({ event_action: 'change', service: 'api' });
  });
});

describe('Events API v2 rate', () => {
  test('answers 429 above 120 a minute for one key, over a sliding window', async () => {
    const time = movableTime(1_000_000);
    const { trigger } = await start({ timekeeper: time });
    const statuses = new Set<number>();
    for (let count = 0; count < 120; count += 1) {
      statuses.add((await trigger('k')).status);
      time.move(100);
    }
    expect([...statuses]).toEqual([202]);
    const refused = await trigger('k');
    expect(refused.status).toBe(429);
    expect(refused.body['status']).toBe('throttle exceeded');
    expect((await trigger('k', { routing_key: OTHER_ROUTING_KEY })).status).toBe(202);
    // The first of the 120 leaves the window 60 s after it came.
    time.move(60_000 - 12_000 - 1);
    expect((await trigger('k')).status).toBe(429);
    time.move(1);
    expect((await trigger('k')).status).toBe(202);
    expect((await trigger('k')).status).toBe(429);
  });

  test('a refused event is not ingested', async () => {
    const { trigger, incidents } = await start({ eventsPerMinute: 1 });
    await trigger('first');
    expect((await trigger('second')).status).toBe(429);
    expect(only(await incidents())['dedup_key']).toBe('first');
  });

  test('can be switched off', async () => {
    const { trigger } = await start({ eventsPerMinute: 'unlimited' });
    const answers = await Promise.all(Array.from({ length: 200 }, () => trigger('k')));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
  });
});

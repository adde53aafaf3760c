import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, test, describe } from 'vitest';
import {
  GRACE,
  only,
  receive,
  REST_HEADERS,
  start,
  triggerOf,
  type Behaviour,
  type Body,
} from './harness.ts';

const SECRET = 'whsec-one';
const OLD_SECRET = 'whsec-two';

/** Quick retries; everything else as PagerDuty does it. */
const QUICK = { retryDelayMs: 5, maxRetryDelayMs: 20, timeoutMs: 250 };

async function startWithReceiver(behaviour?: Behaviour, secrets: readonly string[] = [SECRET]) {
  const receiver = await receive(behaviour);
  const running = await start({
    delivery: QUICK,
    webhookTargets: [{ id: 'PSUB001', url: receiver.url, secrets }],
  });
  const open = async (dedupKey: string) => {
    await running.trigger(dedupKey);
    const all = await running.incidents();
    return String(only(all.filter((one) => one['dedup_key'] === dedupKey))['id']);
  };
  const status = async () =>
    only((await running.call('GET', '/sandbox/pagerduty/webhooks')).body.webhooks);
  return { ...running, receiver, open, status };
}

function documented(name: string): Body {
  const path = new URL(`../../fixtures/pagerduty/${name}.json`, import.meta.url);
  // A checked-in webhook.
  return (JSON.parse(readFileSync(path, 'utf8')) as { event: Body }).event;
}

/** The names and kinds of everything in a value, without what it says. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.slice(0, 1).map(shapeOf);
  if (typeof value !== 'object' || value === null) return typeof value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, member]) => [name, shapeOf(member)]),
  );
}

describe('v3 webhooks', () => {
  test('are signed over the raw bytes, once for each secret', async () => {
    const { receiver, open } = await startWithReceiver(undefined, [SECRET, OLD_SECRET]);
    await open('k');
    const { headers, raw } = await receiver.next();
    const signature = (secret: string) =>
      `v1=${createHmac('sha256', secret).update(raw).digest('hex')}`;
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      'user-agent': 'PagerDuty-Webhook/V3.0',
      'x-pagerduty-signature': `${signature(SECRET)},${signature(OLD_SECRET)}`,
      'x-webhook-id': expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      'x-webhook-subscription': 'PSUB001',
    });
  });

  test('reach a subscription only for the events that it asks for', async () => {
    const wants = await receive();
    const { trigger, event } = await start({
      webhookTargets: [{ url: wants.url, secrets: [SECRET], events: ['incident.resolved'] }],
    });
    await trigger('k');
    await event({ event_action: 'acknowledge', dedup_key: 'k' });
    await event({ event_action: 'resolve', dedup_key: 'k' });
    expect((await wants.next()).event['event_type']).toBe('incident.resolved');
    expect(wants.received).toHaveLength(1);
  });

  test('tell nobody of an event that changed nothing', async () => {
    const { receiver, open, event } = await startWithReceiver();
    await open('k');
    for (const action of ['acknowledge', 'acknowledge', 'trigger', 'resolve', 'resolve']) {
      await event({ ...triggerOf('k'), event_action: action });
    }
    const types = (await receiver.take(3)).map(({ event: told }) => told['event_type']);
    expect(types).toEqual(['incident.triggered', 'incident.acknowledged', 'incident.resolved']);
  });

  test('say who did what in each of the things that people do', async () => {
    const { receiver, open, click, call } = await startWithReceiver();
    const id = await open('k');
    const clicks: readonly (readonly [string, object?])[] = [
      ['acknowledge', { by: GRACE }],
      ['unacknowledge'],
      ['escalate'],
      ['reassign', { to: GRACE }],
      ['delegate', { to: GRACE, policy: 'Database' }],
      ['annotate', { note: 'Looking.' }],
      ['priority', { priority: 'P1' }],
      ['resolve', { note: 'Fixed.' }],
      ['reopen'],
    ];
    for (const [action, fields] of clicks) {
      expect((await click(id, action, fields)).status).toBe(200);
    }
    expect((await call('POST', '/sandbox/pagerduty/ping')).body).toEqual({ subscriptions: 1 });
    const received = await receiver.take(12);
    // A ping is about no incident, so it waits for none.
    const ofIncident = received.filter(({ event }) => event['resource_type'] === 'incident');
    expect(ofIncident.map(({ event }) => event['event_type'])).toEqual([
      'incident.triggered',
      'incident.acknowledged',
      'incident.unacknowledged',
      'incident.escalated',
      'incident.reassigned',
      'incident.delegated',
      'incident.annotated',
      'incident.priority_updated',
      'incident.resolved',
      'incident.annotated',
      'incident.reopened',
    ]);
    expect(ofIncident.map(({ event }) => statusIn(event))).toEqual([
      'triggered',
      'acknowledged',
      ...Array.from({ length: 4 }, () => 'triggered'),
      undefined,
      'triggered',
      'resolved',
      undefined,
      'triggered',
    ]);
    expect(ofIncident[1]?.event['agent']).toMatchObject({ summary: 'Grace Backup' });
    expect(ofIncident[6]?.event['data']).toMatchObject({
      type: 'incident_note',
      content: 'Looking.',
      incident: { id },
    });
    expect(new Set(received.map(({ event }) => event['id'])).size).toBe(12);
  });

  test.each([
    ['incident.triggered', []],
    ['incident.acknowledged', ['acknowledge']],
    ['incident.annotated', ['annotate']],
    ['incident.priority_updated', ['priority']],
  ])('%s has the documented shape', async (type, actions) => {
    const { receiver, trigger, incidents, click } = await startWithReceiver();
    await trigger('k', { client: 'Tocsin', client_url: 'https://tocsin.example.com' });
    const id = only(await incidents())['id'];
    for (const action of actions) {
      await click(id, action, {
        by: GRACE,
        ...(action !== 'acknowledge' && { note: 'n', priority: 'P1' }),
      });
    }
    const expected = documented(type);
    const { event } =
      (await receiver.take(1 + actions.length).then((all) => all.at(-1) ?? all[0])) ?? {};
    const { data, ...envelope } = shapeOf(event) as Record<string, object>;
    const { data: wanted, ...wantedEnvelope } = shapeOf(expected) as Record<string, object>;
    expect(envelope).toEqual(wantedEnvelope);
    // The sandbox leaves empty what an account may have empty.
    const empty = [
      'teams',
      'conference_bridge',
      'priority',
      'reopened_at',
      'incident_key',
      'incident_type',
    ];
    const compared = (shape: object) =>
      Object.entries(shape).filter(([name]) => !empty.includes(name));
    expect(compared(data ?? {})).toEqual(compared(wanted ?? {}));
  });

  test('pagey.ping is exactly as documented', async () => {
    const { receiver, call } = await startWithReceiver();
    await call('POST', '/sandbox/pagerduty/ping');
    const { event } = await receiver.next();
    const { id, occurred_at: occurredAt } = event;
    expect(event).toEqual({ ...documented('pagey.ping'), id, occurred_at: occurredAt });
  });

  test('follow what is written over REST too', async () => {
    const { receiver, open, call } = await startWithReceiver();
    const id = await open('k');
    const put = (status: string) =>
      call('PUT', `/incidents/${id}`, {
        headers: REST_HEADERS,
        body: { incident: { type: 'incident', status } },
      });
    await put('resolved');
    await put('acknowledged');
    const types = (await receiver.take(4)).map(({ event }) => event['event_type']);
    expect(types.slice(1)).toEqual([
      'incident.resolved',
      'incident.reopened',
      'incident.acknowledged',
    ]);
  });
});

describe('v3 webhooks that fail', () => {
  test.each([[500], [503], [429], ['silent' as const], ['cut' as const]])(
    'after %s are retried with the same id and bytes, and later ones wait',
    async (reaction) => {
      const { receiver, open, click } = await startWithReceiver((_received, index) =>
        index < 2 ? reaction : 200,
      );
      const id = await open('k');
      await click(id, 'acknowledge');
      const [first, second, third, next] = await receiver.take(4);
      expect(second?.headers['x-webhook-id']).toBe(first?.headers['x-webhook-id']);
      expect(third?.raw).toEqual(first?.raw);
      expect(next?.event['event_type']).toBe('incident.acknowledged');
    },
  );

  test('hold up only their own incident', async () => {
    const { receiver, open } = await startWithReceiver(({ event }) =>
      JSON.stringify(event).includes('stuck') ? 503 : 200,
    );
    await open('stuck');
    await open('free');
    await expect
      .poll(() => receiver.received.some(({ event }) => JSON.stringify(event).includes('free')))
      .toBe(true);
  });

  test('are dropped on another 4xx, and three in a row disable the subscription', async () => {
    const { receiver, open, click, call, status } = await startWithReceiver(({ event }) =>
      String(event['event_type']) === 'incident.reopened' ? 200 : 401,
    );
    const id = await open('k');
    await click(id, 'acknowledge');
    await expect.poll(status).toMatchObject({ dropped: 2, enabled: true });
    await click(id, 'resolve');
    await expect.poll(status).toMatchObject({ dropped: 3, enabled: false });

    await click(id, 'reopen');
    expect(await status()).toMatchObject({ pending: 0 });
    await call('POST', '/sandbox/pagerduty/webhooks/PSUB001/enable');
    await click(id, 'resolve');
    await click(id, 'reopen');
    await expect.poll(status).toMatchObject({ delivered: 1, dropped: 4, enabled: true });
    expect(receiver.received.map(({ event }) => event['event_type'])).toEqual([
      'incident.triggered',
      'incident.acknowledged',
      'incident.resolved',
      'incident.resolved',
      'incident.reopened',
    ]);
  });

  test('a delivery in between forgives the drops', async () => {
    const { open, status } = await startWithReceiver((_received, index) =>
      index % 3 === 2 ? 200 : 400,
    );
    for (let count = 0; count < 6; count += 1) {
      await open(`k${count}`);
      await expect.poll(async () => (await status())['pending']).toBe(0);
    }
    expect(await status()).toMatchObject({ delivered: 2, dropped: 4, enabled: true });
  });

  test('wait for a receiver whose address is known late', async () => {
    const late = await receive();
    const running = await start({
      delivery: QUICK,
      webhookTargets: [{ id: 'P1', url: 'http://127.0.0.1:9/', secrets: [SECRET] }],
    });
    await running.trigger('k');
    running.sandbox.setWebhookTargets([{ id: 'P1', url: late.url, secrets: [OLD_SECRET] }]);
    const { raw, headers } = await late.next();
    const expected = createHmac('sha256', OLD_SECRET).update(raw).digest('hex');
    expect(headers['x-pagerduty-signature']).toBe(`v1=${expected}`);
  });
});

describe('what people do', () => {
  test('is refused where PagerDuty has no button for it', async () => {
    const { open, click } = await startWithReceiver();
    const id = await open('k');
    const codes = async (...actions: readonly (readonly [string, object?])[]) => {
      const all = [];
      for (const [action, fields] of actions) all.push((await click(id, action, fields)).status);
      return all;
    };
    expect(await codes(['unacknowledge'], ['reopen'], ['juggle'])).toEqual([409, 409, 400]);
    expect(await codes(['resolve'], ['resolve'], ['acknowledge'])).toEqual([200, 409, 409]);
    expect(
      await codes(['annotate'], ['priority', { priority: 'P0' }], ['reopen', { by: 'Eve' }]),
    ).toEqual([400, 400, 400]);
    expect((await click('QNONE', 'resolve')).status).toBe(404);
  });

  test('a reopened incident takes its alert back', async () => {
    const { open, click, trigger, event, incidents } = await startWithReceiver();
    const id = await open('k');
    await click(id, 'resolve');
    await click(id, 'reopen');
    await trigger('k');
    await event({ event_action: 'resolve', dedup_key: 'k' });
    expect(only(await incidents())).toMatchObject({ id, status: 'resolved', triggers: 2 });
  });

  test('a web page of somebody else may do nothing', async () => {
    const { open, url } = await startWithReceiver();
    const id = await open('k');
    const response = await fetch(`${url}/sandbox/pagerduty/incidents/${id}/resolve`, {
      method: 'POST',
      headers: { origin: 'https://evil.example.com' },
    });
    expect(response.status).toBe(403);
  });
});

function statusIn(event: Body): unknown {
  // The data of an incident event is an object.
  return (event['data'] as Body)['status'];
}

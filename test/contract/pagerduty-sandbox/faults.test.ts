import { describe, expect, test } from 'vitest';
import { only, OTHER_ROUTING_KEY, ROUTING_KEY, start, triggerOf, type Running } from './harness.ts';

const FAULTS = '/sandbox/pagerduty/faults';

function setFaults({ call }: Running, ...faults: readonly object[]) {
  return call('PUT', FAULTS, { body: { faults } });
}

describe('faults of the sandbox', () => {
  test('down cuts the connection and accepts nothing', async () => {
    const running = await start();
    await setFaults(running, { kind: 'down' });
    await expect(running.trigger('k')).rejects.toThrow();
    await setFaults(running);
    expect(await running.incidents()).toEqual([]);
    expect((await running.trigger('k')).status).toBe(202);
  });

  test('status is answered as many times as it was asked for', async () => {
    const running = await start();
    await setFaults(running, { kind: 'status', status: 429, times: 2 });
    const statuses = [];
    for (let count = 0; count < 3; count += 1) statuses.push((await running.trigger('k')).status);
    expect(statuses).toEqual([429, 429, 202]);
    expect(only(await running.incidents())['triggers']).toBe(1);
    expect((await running.call('GET', FAULTS)).body['faults']).toEqual([]);
  });

  test('a status may come with a body that is no JSON', async () => {
    const running = await start();
    running.sandbox.setFaults([{ kind: 'status', status: 502, body: '<h1>Bad Gateway</h1>' }]);
    const response = await fetch(`${running.url}/v2/enqueue`, {
      method: 'POST',
      body: JSON.stringify(triggerOf('k')),
    });
    expect([response.status, await response.text()]).toEqual([502, '<h1>Bad Gateway</h1>']);
  });

  test('hang accepts the event and never answers', async () => {
    const running = await start();
    await setFaults(running, { kind: 'hang', times: 1 });
    const leave = new AbortController();
    const hanging = fetch(`${running.url}/v2/enqueue`, {
      method: 'POST',
      body: JSON.stringify(triggerOf('k')),
      signal: leave.signal,
    });
    await expect.poll(running.incidents).toHaveLength(1);
    leave.abort();
    await expect(hanging).rejects.toThrow();
    // The sender tries again, and the key keeps it one incident.
    expect((await running.trigger('k')).status).toBe(202);
    expect(only(await running.incidents())['triggers']).toBe(2);
  });

  test('lost accepts the event and cuts the connection in place of the answer', async () => {
    const running = await start();
    await setFaults(running, { kind: 'lost', times: 1 });
    await expect(running.trigger('k')).rejects.toThrow();
    expect(only(await running.incidents())['dedup_key']).toBe('k');
  });

  test('slow answers after its time', async () => {
    const delays: number[] = [];
    const running = await start({
      timekeeper: {
        nowMs: () => 0,
        after: (delayMs, run) => {
          delays.push(delayMs);
          const timer = setImmediate(run);
          return () => clearImmediate(timer);
        },
      },
    });
    await setFaults(running, { kind: 'slow', delayMs: 1500 });
    expect((await running.trigger('k')).status).toBe(202);
    expect(delays).toEqual([1500]);
  });

  test('strikes only its API and its routing key', async () => {
    const running = await start({ apiTokens: ['t'] });
    await setFaults(
      running,
      { kind: 'status', status: 500, surface: 'events', routingKey: ROUTING_KEY },
      { kind: 'status', status: 503, surface: 'events', routingKey: 'web' },
    );
    expect((await running.trigger('k')).status).toBe(500);
    expect((await running.trigger('k', { routing_key: OTHER_ROUTING_KEY })).status).toBe(503);
    const headers = { authorization: 'Token token=t' };
    expect((await running.call('GET', '/incidents', { headers })).status).toBe(200);
  });

  test.each([
    [{ kind: 'explode' }],
    [{ kind: 'slow' }],
    [{ kind: 'status', status: 99 }],
    [{ kind: 'down', times: 0 }],
    [{ kind: 'down', surface: 'chat' }],
    [{ kind: 'down', ofTime: 3 }],
  ])('refuses %j', async (fault) => {
    const running = await start();
    expect((await setFaults(running, fault)).status).toBe(400);
    expect((await running.trigger('k')).status).toBe(202);
  });
});

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, readFileSync, statSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import {
  ADA,
  only,
  receive,
  ROUTING_KEY,
  start,
  temporaryPath,
  triggerOf,
  type Running,
} from './harness.ts';

async function view({ call }: Running) {
  const { incidents } = (await call('GET', '/sandbox/pagerduty/incidents')).body;
  const { requests } = (await call('GET', '/sandbox/pagerduty/requests')).body;
  return { incidents, requests };
}

/** Everything that can be written: events, people, notes, change events. */
async function useAll({ trigger, event, call, click, incidents }: Running): Promise<void> {
  await trigger('a');
  await trigger('a');
  await trigger('b', { client: 'Tocsin' });
  await event({ event_action: 'acknowledge', dedup_key: 'a' });
  await event({ event_action: 'resolve', dedup_key: 'b' });
  await event({ event_action: 'resolve', dedup_key: 'nothing' });
  const [first] = await incidents();
  await click(first?.['id'], 'priority', { priority: 'P1', note: 'Ünïcode 😀' });
  await click(first?.['id'], 'escalate', { by: ADA });
  await call('POST', '/v2/change/enqueue', {
    body: { routing_key: ROUTING_KEY, payload: { summary: 'deployed' } },
  });
}

describe('the ledger', () => {
  test('gives back the same state after a restart', async () => {
    const ledgerPath = temporaryPath('ledger.jsonl');
    const first = await start({ ledgerPath });
    await useAll(first);
    const before = await view(first);
    await first.sandbox.close();

    const second = await start({ ledgerPath });
    expect(await view(second)).toEqual(before);
    expect(before.incidents).toHaveLength(2);
    // Numbers and sequences go on where they were.
    await second.trigger('c');
    expect((await view(second)).incidents.map((incident) => incident['number'])).toEqual([1, 2, 3]);
  });

  test('cuts a torn last line off and goes on', async () => {
    const ledgerPath = temporaryPath('ledger.jsonl');
    const first = await start({ ledgerPath });
    await first.trigger('a');
    await first.sandbox.close();
    appendFileSync(ledgerPath, '{"kind":"event","sequence":2,"arrivedAt');

    const second = await start({ ledgerPath });
    await second.trigger('b');
    await second.sandbox.close();
    const third = await start({ ledgerPath });
    expect((await view(third)).incidents.map((one) => one['dedup_key'])).toEqual(['a', 'b']);
  });

  test('a broken line in the middle is an error that names it', async () => {
    const ledgerPath = temporaryPath('ledger.jsonl');
    appendFileSync(ledgerPath, 'hello\n');
    await expect(start({ ledgerPath })).rejects.toThrow(/^Line 1 of .*ledger\.jsonl is no JSON/);
  });

  test('holds no routing key, and is for its owner only', async () => {
    const ledgerPath = temporaryPath('ledger.jsonl');
    const running = await start({ ledgerPath });
    await useAll(running);
    expect(readFileSync(ledgerPath, 'utf8')).not.toContain(ROUTING_KEY);
    expect(statSync(ledgerPath).mode & 0o777).toBe(0o600);
  });

  test('is emptied by DELETE', async () => {
    const ledgerPath = temporaryPath('ledger.jsonl');
    const running = await start({ ledgerPath, eventsPerMinute: 1 });
    await running.trigger('a');
    await running.call('DELETE', '/sandbox/pagerduty');
    expect(await view(running)).toEqual({ incidents: [], requests: [] });
    expect(statSync(ledgerPath).size).toBe(0);
    expect((await running.trigger('a')).status).toBe(202);
    await running.sandbox.close();
    expect(only((await view(await start({ ledgerPath }))).incidents)['number']).toBe(1);
  });

  test('owes a webhook until it is delivered, over a restart', async () => {
    const ledgerPath = temporaryPath('ledger.jsonl');
    let isUp = false;
    const receiver = await receive(() => (isUp ? 200 : 503));
    const webhookTargets = [{ id: 'PSUB', url: receiver.url, secrets: ['s'] }];
    const first = await start({ ledgerPath, webhookTargets });
    await first.trigger('k');
    await first.event({ event_action: 'acknowledge', dedup_key: 'k' });
    const before = await receiver.next();
    await first.sandbox.close();

    isUp = true;
    const second = await start({ ledgerPath, webhookTargets });
    const [again, next] = await receiver.take(2);
    expect(again?.headers['x-webhook-id']).toBe(before.headers['x-webhook-id']);
    // The state when the event was made, not at delivery.
    expect(again?.raw).toEqual(before.raw);
    expect(next?.event['event_type']).toBe('incident.acknowledged');
    await expect
      .poll(async () => (await second.call('GET', '/sandbox/pagerduty/webhooks')).body.webhooks)
      .toMatchObject([{ delivered: 2, pending: 0 }]);
    await second.sandbox.close();

    const third = await start({ ledgerPath, webhookTargets });
    expect((await third.call('GET', '/sandbox/pagerduty/webhooks')).body.webhooks).toMatchObject([
      { delivered: 2, pending: 0 },
    ]);
    expect(receiver.received).toHaveLength(3);
  });
});

describe('kill -9', () => {
  test('every event that was answered 202 is in the ledger', async () => {
    const ledgerPath = temporaryPath('ledger.jsonl');
    const accepted = new Set<string>();
    for (let round = 0; round < 3; round += 1) {
      const child = spawn(process.execPath, [
        fileURLToPath(new URL('./ledger-writer.ts', import.meta.url)),
        ledgerPath,
      ]);
      const line: unknown[] = await once(createInterface(child.stdout), 'line');
      const senders = Array.from({ length: 8 }, (_, sender) =>
        sendUntilRefused(String(line[0]), `${round}-${sender}`, accepted),
      );
      const goal = accepted.size + 200;
      await expect
        .poll(() => accepted.size, { timeout: 10_000, interval: 5 })
        .toBeGreaterThan(goal);
      child.kill('SIGKILL');
      await Promise.all(senders);
    }
    const running = await start({ ledgerPath });
    const keys = (await running.incidents()).map((incident) => String(incident['dedup_key']));
    expect(new Set(keys).size).toBe(keys.length);
    expect([...accepted].filter((key) => !keys.includes(key))).toEqual([]);
  });
});

async function sendUntilRefused(url: string, name: string, accepted: Set<string>): Promise<void> {
  for (let count = 0; count < 100_000; count += 1) {
    const key = `${name}-${count}`;
    const body = JSON.stringify(triggerOf(key));
    const response = await fetch(`${url}/v2/enqueue`, { method: 'POST', body }).catch(
      () => undefined,
    );
    if (response?.status !== 202) return;
    accepted.add(key);
  }
}

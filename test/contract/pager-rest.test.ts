import { describe, expect, it } from 'vitest';
import { createMemoryLog } from '../../lib/adapters/memory/log.ts';
import { createPagerDutyRest } from '../../lib/adapters/pagerduty/rest.ts';
import { durationMs, epochMs, hours } from '../../lib/domain/shared/time.ts';
import type { PagerDutySandboxSettings } from '../../lib/local/sandbox/pagerduty/settings.ts';
import type { PagerIncidentRecord } from '../../lib/ports/pager.ts';
import { misbehaving } from './misbehaving-server.ts';
import {
  ADA,
  API_TOKEN,
  GRACE,
  movableTime,
  only,
  ROUTING_KEY,
  start,
} from './pagerduty-sandbox/harness.ts';
import { patience, rotatingSecret, secretOf } from './pagerduty-subject.ts';

const t0 = Date.UTC(2026, 10, 21, 3, 46);

const heldSecret = (more: Parameters<typeof secretOf>[0] = {}) =>
  rotatingSecret(secretOf({ routingKeys: { api: ROUTING_KEY }, apiFrom: ADA, ...more }));

const restAt = (apiUrl: string, secrets = heldSecret()) =>
  createPagerDutyRest({ apiUrl, secrets, log: createMemoryLog() });

/** The sandbox with one incident of key `disk`, and the adapter that looks at it. */
async function withIncident(settings: Partial<PagerDutySandboxSettings> = {}) {
  const time = movableTime(t0);
  const running = await start({ timekeeper: time, ...settings });
  await running.trigger('disk');
  const id = String(only(await running.incidents())['id']);
  return { ...running, id, time, rest: restAt(running.url) };
}

function valueOf<Value>(result: {
  readonly ok: boolean;
  readonly value?: Value;
  readonly error?: unknown;
}): Value {
  if (!result.ok || result.value === undefined) throw new Error(JSON.stringify(result.error));
  return result.value;
}

describe('incidents over REST', () => {
  it('are found by id and by the key of their alert', async () => {
    const { id, rest } = await withIncident();
    const expected: Partial<PagerIncidentRecord> = {
      pagerIncidentId: id,
      status: 'triggered',
      title: 'disk is down',
      dedupKey: null,
      urgency: 'high',
      priority: null,
      createdAtMs: epochMs(t0),
      changedAtMs: epochMs(t0),
    };
    expect(valueOf(await rest.findIncident(id, patience))).toMatchObject(expected);
    expect(valueOf(await rest.findByDedupKey('disk', patience))).toMatchObject(expected);
    expect(await rest.findByDedupKey('other', patience)).toEqual({ ok: true, value: null });
    expect(valueOf(await rest.dedupKeys(id, patience))).toEqual(['disk']);
  });

  it('tell since when they are acknowledged or resolved, and by whom', async () => {
    const { id, rest, click, time } = await withIncident();
    time.move(60_000);
    await click(id, 'acknowledge', { by: GRACE });
    time.move(60_000);
    await click(id, 'annotate', { note: 'looking' });
    expect(valueOf(await rest.findIncident(id, patience))).toMatchObject({
      status: 'acknowledged',
      changedAtMs: t0 + 60_000,
      changedBy: { name: 'Grace Backup' },
    });
    await click(id, 'resolve', { by: ADA });
    expect(valueOf(await rest.findByDedupKey('disk', patience))).toMatchObject({
      status: 'resolved',
      changedAtMs: t0 + 120_000,
      changedBy: { name: 'Ada Oncall' },
    });
  });

  it('are found open before resolved', async () => {
    const { id, rest, click, trigger, time } = await withIncident();
    await click(id, 'resolve');
    time.move(1000);
    await trigger('disk');
    expect(valueOf(await rest.findByDedupKey('disk', patience))).toMatchObject({
      status: 'triggered',
      createdAtMs: t0 + 1000,
    });
    expect(valueOf(await rest.listOpen([], patience))).toHaveLength(1);
  });

  it('take a status, an urgency and a priority', async () => {
    const { id, rest, incidents } = await withIncident();
    const of = { pagerIncidentId: id };
    await rest.setStatus({ ...of, status: 'acknowledged' }, patience);
    await rest.setStatus({ ...of, status: 'triggered' }, patience);
    await rest.setUrgency({ ...of, urgency: 'low' }, patience);
    await rest.setPriority({ ...of, priority: 'P2' }, patience);
    expect(only(await incidents())).toMatchObject({
      status: 'triggered',
      urgency: 'low',
      priority: 'P2',
    });
    expect(await rest.setPriority({ ...of, priority: 'SEV-1' }, patience)).toMatchObject({
      ok: false,
      error: { kind: 'rejected', message: expect.stringContaining('it has P1, P2, P3') as string },
    });
  });

  it('take notes, status updates and responders, and show what was written', async () => {
    const { id, rest, incidents } = await withIncident();
    const of = { pagerIncidentId: id };
    const [ada] = valueOf(
      await rest.onCalls({ ...now, escalationPolicyId: await policyOf(rest) }, patience),
    );
    expect(await rest.addNote({ ...of, text: 'it is the disk' }, patience)).toMatchObject({
      ok: true,
    });
    await rest.publishStatusUpdate({ ...of, subject: 'Disk', message: 'half is back' }, patience);
    const userId = ada?.user.id ?? '';
    await rest.requestResponder({ ...of, userId, message: 'please help' }, patience);
    expect(valueOf(await rest.notes(id, patience))).toMatchObject([
      { by: { name: 'Ada Oncall' }, text: 'it is the disk', atMs: t0 },
    ]);
    expect(valueOf(await rest.responderMessages(id, patience))).toContain('please help');
    expect(only(await incidents())).toMatchObject({
      status_updates: [{ message: 'half is back' }],
      responders: [{ to: ADA, message: 'please help' }],
    });
  });

  it('go to the next level once, and not past the last', async () => {
    const { id, rest, incidents, time } = await withIncident();
    time.move(5000);
    const of = { pagerIncidentId: id, askedAtMs: epochMs(t0 + 2000) };
    expect(await rest.escalate(of, patience)).toEqual({ ok: true, value: 2 });
    expect(only(await incidents())).toMatchObject({ assignees: [GRACE] });
    expect(await rest.escalate(of, patience)).toEqual({ ok: true, value: 2 });
    const again = { ...of, askedAtMs: epochMs(t0 + 9000) };
    expect(await rest.escalate(again, patience)).toMatchObject({
      ok: false,
      error: { kind: 'rejected', message: expect.stringContaining('last level (2)') as string },
    });
  });
});

const now = { sinceMs: epochMs(t0), untilMs: epochMs(t0 + hours(24)) };

const policyOf = async (rest: ReturnType<typeof restAt>): Promise<string> => {
  const { services } = valueOf(await rest.services(patience));
  return services[0]?.escalationPolicy.id ?? '';
};

describe('the account over REST', () => {
  it('tells where our routing keys lead', async () => {
    const { rest } = await withIncident({ disabledServices: ['web'] });
    const { services, routingKeys, orchestrated } = valueOf(await rest.services(patience));
    expect(services.map(({ name, isEnabled, routingKeys: own }) => [name, isEnabled, own])).toEqual(
      [
        ['api', true, ['api']],
        ['web', false, []],
      ],
    );
    expect([routingKeys, orchestrated]).toEqual([['api'], []]);
  });

  it('tells who is on call, by service and by level', async () => {
    const shifts = [
      { email: GRACE, level: 2 },
      { email: ADA, level: 1, fromMs: t0, untilMs: t0 + 3_600_000 },
      { email: GRACE, level: 1, fromMs: t0 - 7_200_000, untilMs: t0 - 3_600_000 },
    ];
    const { rest } = await withIncident({ shifts });
    const { services } = valueOf(await rest.services(patience));
    const query = { ...now, serviceId: services[0]?.id ?? '' };
    expect(valueOf(await rest.onCalls(query, patience))).toMatchObject([
      { level: 1, user: { name: 'Ada Oncall' }, schedule: 'Level 1', untilMs: t0 + 3_600_000 },
      { level: 2, user: { name: 'Grace Backup' }, schedule: null, fromMs: null, untilMs: null },
    ]);
  });

  it('tells how a person is reached', async () => {
    const people = [{ name: 'Ada Oncall', email: ADA, contacts: ['email', 'sms'] as const }];
    const { rest } = await withIncident({ people });
    const userId = valueOf(await rest.actingUser(patience));
    expect(valueOf(await rest.user(userId, patience))).toMatchObject({
      name: 'Ada Oncall',
      email: ADA,
      reachedBy: ['email', 'sms'],
    });
  });

  it('finds its webhook subscriptions and switches one on again', async () => {
    const url = 'http://127.0.0.1:9';
    const { rest, call } = await withIncident({
      webhookTargets: [
        { id: 'OURS', url: `${url}/v1/pagerduty/webhook`, secrets: ['s'] },
        { id: 'OTHERS', url: `${url}/elsewhere`, secrets: ['s'] },
      ],
    });
    expect(valueOf(await rest.subscriptions(patience))).toEqual([{ id: 'OURS', state: 'on' }]);
    await call('POST', '/sandbox/pagerduty/webhooks/OURS/disable');
    expect(valueOf(await rest.subscriptions(patience))).toEqual([{ id: 'OURS', state: 'paused' }]);
    expect(await rest.enableSubscription('OURS', patience)).toMatchObject({ ok: true });
    expect(valueOf(await rest.subscriptions(patience))).toEqual([{ id: 'OURS', state: 'on' }]);
  });
});

describe('the REST API in trouble', () => {
  it('says what is missing in the secret', async () => {
    const { url } = await start();
    const without = restAt(url, heldSecret({ apiToken: null }));
    expect(await without.isConfigured()).toEqual({ ok: true, value: false });
    expect(await without.listOpen([], patience)).toMatchObject({
      ok: false,
      error: { kind: 'not_found', message: expect.stringContaining('"apiToken"') as string },
    });
    const nobody = restAt(url, heldSecret({ apiFrom: null }));
    const added = await nobody.addNote({ pagerIncidentId: 'P', text: 'x' }, patience);
    expect(added).toMatchObject({
      ok: false,
      error: { message: expect.stringContaining('"apiFrom"') as string },
    });
  });

  it('reads the secret again when the token is refused', async () => {
    const { url } = await start();
    const secrets = rotatingSecret(
      secretOf({ apiToken: 'old' }),
      secretOf({ apiToken: API_TOKEN }),
    );
    expect(await restAt(url, secrets).listOpen([], patience)).toEqual({ ok: true, value: [] });
    expect(secrets.freshReads()).toBe(1);
  });

  it.each([
    [{ status: 402, body: '{"error":{"message":"no priorities","code":2014}}' }, 'rejected'],
    [{ status: 429, body: '{}' }, 'throttled'],
    [{ status: 503, body: '<html>' }, 'unavailable'],
    [{ status: 200, body: '[]' }, 'unavailable'],
    ['cut', 'unavailable'],
    ['silent', 'timeout'],
  ] as const)('makes of %j: %s', async (behaviour, kind) => {
    const { url, seen } = await misbehaving(behaviour);
    const rest = restAt(url);
    const listed = await rest.listOpen([], durationMs(300));
    expect(listed).toMatchObject({ ok: false, error: { kind } });
    expect(JSON.stringify(listed)).not.toContain(API_TOKEN);
    expect(seen.length).toBeGreaterThan(0);
  });
});

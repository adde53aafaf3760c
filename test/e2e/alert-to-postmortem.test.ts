import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAlertmanager, type Alertmanager } from './harness/alertmanager.ts';
import { eventually } from './harness/eventually.ts';
import { startExporter, type Exporter } from './harness/exporter.ts';
import { viewPagerDuty, type PagerDutyView, type PagerIncident } from './harness/pagerduty.ts';
import { startPrometheus } from './harness/prometheus.ts';
import { readTable } from './harness/table.ts';
import { sourceToken, startTocsin, TEST_POLICY, type Tocsin } from './harness/tocsin.ts';
import { createUndo } from './harness/undo.ts';
import {
  readIncident,
  readIncidents,
  readSns,
  runTocsin,
  storedObjects,
  type ApiIncident,
} from './harness/views.ts';

const folder = mkdtempSync(join(tmpdir(), 'tocsin-e2e-'));
const undo = createUndo();
let tocsin: Tocsin;
let exporter: Exporter;
let alertmanagers: readonly Alertmanager[];
let pagerDuty: PagerDutyView;

beforeAll(async () => {
  undo.add(() => rmSync(folder, { recursive: true, force: true }));
  tocsin = await startTocsin({ folder, policyFile: TEST_POLICY });
  undo.add(tocsin.stop);
  pagerDuty = viewPagerDuty(`${tocsin.url}/sandbox/pagerduty`);
  writeFileSync(join(folder, 'token'), sourceToken(tocsin, 'prometheus'));
  alertmanagers = await startCluster();
  exporter = await startExporter({ CheckoutDown: 0, CartDown: 0 });
  undo.add(exporter.close);
  const prometheus = await startPrometheus({
    folder: join(folder, 'prometheus'),
    target: exporter.target,
    alertmanagers: alertmanagers.map(({ address }) => address),
    rules: RULES,
  });
  undo.add(prometheus.stop);
}, 180_000);

afterAll(undo.run, 60_000);

/** Two problems, so that one can be acknowledged while its twin is left to breach. */
const RULES = `
groups:
  - name: shop
    rules:
${['CheckoutDown', 'CartDown']
  .map(
    (name) => `
      - alert: ${name}
        expr: tocsin_test_error_ratio{name="${name}"} > 0.5
        labels: { severity: critical, service: checkout, environment: production }
        annotations:
          summary: '{{ $value | humanizePercentage }} of requests fail: ${name}'
          runbook_url: https://runbooks.example.com/${name}
`,
  )
  .join('')}`;

/** Both post to Tocsin; in production their position in the cluster would make one wait. */
async function startCluster(): Promise<readonly Alertmanager[]> {
  const config = `
route: { receiver: tocsin, group_by: [alertname], group_wait: 1s, group_interval: 5s, repeat_interval: 15s }
receivers:
  - name: tocsin
    webhook_configs:
      - url: ${tocsin.url}/v1/alerts/alertmanager
        send_resolved: true
        http_config:
          authorization: { credentials_file: ${join(folder, 'token')} }
`;
  const first = await startAlertmanager({ folder: join(folder, 'alertmanager-1'), config });
  undo.add(first.stop);
  const second = await startAlertmanager({
    folder: join(folder, 'alertmanager-2'),
    config,
    peer: first.clusterAddress,
  });
  undo.add(second.stop);
  return [first, second];
}

const open = async (title: string): Promise<ApiIncident | undefined> =>
  (await readIncidents(tocsin, 'open')).find((incident) => incident.title.includes(title));

const paged = async (title: string): Promise<PagerIncident | undefined> =>
  (await pagerDuty.incidents()).find((incident) => incident.title.includes(title));

const eventsOf = (incidentId: string) =>
  readTable(tocsin.dataDir)
    .commits.filter((commit) => commit.incidentId === incidentId)
    .flatMap(({ events, atMs }) => events.map((event) => ({ ...event, atMs })));

describe('from a real alert to a post-mortem', { timeout: 240_000 }, () => {
  let checkout: ApiIncident;
  let cart: ApiIncident;

  it('opens one P0 for each rule that fires, and pages PagerDuty once', async () => {
    exporter.set('CheckoutDown', 0.97);
    exporter.set('CartDown', 0.73);
    checkout = await eventually('CheckoutDown is open', () => open('CheckoutDown'), SOON);
    cart = await eventually('CartDown is open', () => open('CartDown'), SOON);
    expect([checkout.severity, cart.severity]).toEqual(['P0', 'P0']);
    await eventually('both are paged', async () => (await bothPaged()) || undefined, SOON);
    expect(await pagerDuty.incidents()).toHaveLength(2);
  });

  it('stops the response clock when somebody acknowledges in PagerDuty', async () => {
    const page = await paged('CheckoutDown');
    await pagerDuty.click(page?.id ?? '', 'acknowledge', { by: 'grace@example.com' });
    const acknowledged = await eventually(
      'CheckoutDown is acknowledged',
      async () =>
        ifSo(await readIncident(tocsin, checkout.id), ({ state }) => state === 'acknowledged'),
      SOON,
    );
    expect(acknowledged.sla.response).toMatchObject({ state: 'met', breached: false });
    expect(acknowledged.sla.resolution.state).toBe('running');
  });

  it('takes the same from both Alertmanagers of a cluster: still one page each', async () => {
    for (const { address } of alertmanagers) {
      await eventually(`notifications of ${address}`, () => hasNotified(address), SOON);
    }
    const repeats = await eventually(
      'receipts of repeats',
      () => ifSo(readTable(tocsin.dataDir).receipts, ({ length }) => length > 0),
      SOON,
    );
    const deliveries = readTable(tocsin.dataDir).deliveries.map(({ deliveryId }) => deliveryId);
    for (const { firstDeliveryId } of repeats) expect(deliveries).toContain(firstDeliveryId);
    expect(await readIncidents(tocsin, 'open')).toHaveLength(2);
    // Ingest and the stream may both hand one page over; neither PagerDuty nor the log has two.
    expect(await pagerDuty.incidents()).toHaveLength(2);
    for (const { id } of [checkout, cart]) {
      const pages = eventsOf(id).filter(
        (event) => event.type === 'page.requested' && event.purpose === 'open',
      );
      expect(pages).toHaveLength(1);
    }
  });

  it('records the breach of the twin at its instant, once, and tells the second channel', async () => {
    const deadlineAtMs = Date.parse(cart.sla.response.deadlineAt);
    expect(deadlineAtMs - Date.parse(cart.openedAt)).toBe(120_000);
    await eventually(
      'CartDown is breached',
      async () => ifSo(await readIncident(tocsin, cart.id), ({ sla }) => sla.response.breached),
      { withinMs: deadlineAtMs - Date.now() + 20_000 },
    );
    const message = await eventually(
      'the breach on the second channel',
      async () => (await readSns(tocsin)).find(({ message: text }) => text.includes('CartDown')),
      SOON,
    );
    expect(message.message).toMatch(/SLA breached: not acknowledged in time/);
    const breaches = eventsOf(cart.id).filter(({ type }) => type === 'sla.breached');
    expect(breaches).toEqual([
      expect.objectContaining({ clock: 'response', version: 1, severity: 'P0', deadlineAtMs }),
    ]);
    const lateMs = (breaches[0]?.atMs ?? 0) - deadlineAtMs;
    expect(lateMs).toBeGreaterThanOrEqual(0);
    expect(lateMs).toBeLessThan(1000);
    expect(eventsOf(checkout.id).map(({ type }) => type)).not.toContain('sla.breached');
  });

  it('closes both sides when the alerts are over at their source', async () => {
    exporter.set('CheckoutDown', 0);
    exporter.set('CartDown', 0);
    await eventually(
      'both incidents are closed',
      async () => ifSo(await readIncidents(tocsin, 'closed'), ({ length }) => length === 2),
      SOON,
    );
    const cause = (await readIncident(tocsin, checkout.id)).resolved?.cause;
    expect(cause).toBe('source');
    await eventually(
      'both are resolved in PagerDuty',
      async () =>
        ifSo(await pagerDuty.incidents(), (all) =>
          all.every(({ status }) => status === 'resolved'),
        ),
      SOON,
    );
    expect(await pagerDuty.incidents()).toHaveLength(2);
    expect(eventsOf(cart.id).filter(({ type }) => type === 'sla.breached')).toHaveLength(1);
  });

  it('writes the post-mortems, which the command line prints as they are', async () => {
    for (const { id } of [checkout, cart]) {
      await eventually(
        `the post-mortem of ${id}`,
        () => ifSo(storedObjects(tocsin, `${id}/latest.*`), ({ length }) => length === 2),
        SOON,
      );
    }
    const [markdown] = storedObjects(tocsin, `${cart.id}/latest.md`);
    const text = readFileSync(markdown ?? '', 'utf8');
    expect(text).toContain('CartDown');
    expect(text).toMatch(/breached/i);
    expect(await runTocsin(tocsin, ['postmortem', cart.id])).toContain('CartDown');
    const asJson: unknown = JSON.parse(
      await runTocsin(tocsin, ['postmortem', checkout.id, '--json']),
    );
    expect(asJson).toMatchObject({ people: [{ name: 'Grace Murray' }] });
  });

  async function bothPaged(): Promise<boolean> {
    return (await paged('CheckoutDown')) !== undefined && (await paged('CartDown')) !== undefined;
  }
});

describe('an alert of Google Cloud Monitoring', { timeout: 60_000 }, () => {
  const fixture = readFileSync(
    join(import.meta.dirname, '../fixtures/cloud-monitoring/v1.2-open-critical.json'),
    'utf8',
  );
  const closed = (): string => {
    const message = JSON.parse(fixture) as { incident: Record<string, unknown> };
    const endedAtS = Math.floor(Date.now() / 1000);
    return JSON.stringify({
      ...message,
      incident: { ...message.incident, state: 'closed', ended_at: endedAtS },
    });
  };
  const post = async (query: string, headers: Record<string, string>, body: string) =>
    await fetch(`${tocsin.url}/v1/alerts/cloud-monitoring${query}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    });

  it('goes the whole way to a page and back to closed', async () => {
    const token = sourceToken(tocsin, 'google-cloud');
    const basic = `Basic ${Buffer.from(`google-cloud:${token}`).toString('base64')}`;
    expect((await post('', { authorization: basic }, fixture)).status).toBe(202);
    expect((await post(`?auth_token=${token}`, {}, fixture)).status).toBe(202);
    await eventually('the page', () => paged('CPU utilization'), SOON);
    expect((await post(`?auth_token=${token}`, {}, closed())).status).toBe(202);
    await eventually(
      'the incident is resolved in PagerDuty',
      async () => ifSo(await paged('CPU utilization'), ({ status }) => status === 'resolved'),
      SOON,
    );
    const incident = (await readIncidents(tocsin, 'closed')).find(({ summary }) =>
      summary.includes('CPU utilization'),
    );
    expect(incident).toMatchObject({ state: 'resolved', severity: 'P0' });
  });

  it('is refused without a credential, and no token reaches a log', async () => {
    const offered = 'a-wrong-token-that-somebody-tried';
    expect((await post('', {}, fixture)).status).toBe(401);
    expect((await post(`?auth_token=${offered}`, {}, fixture)).status).toBe(401);
    const logs = logFiles(tocsin.dataDir);
    expect(logs.length).toBeGreaterThan(0);
    for (const secret of [offered, sourceToken(tocsin, 'google-cloud')]) {
      for (const { path, text } of logs) expect(text.includes(secret), path).toBe(false);
    }
  });
});

/** Prometheus, Alertmanager and Tocsin each wait a second or five before they speak. */
const SOON = { withinMs: 40_000 };

const ifSo = <T>(value: T | undefined, holds: (value: T) => boolean): T | undefined =>
  value !== undefined && holds(value) ? value : undefined;

const NOTIFIED = /^alertmanager_notifications_total\{integration="webhook"\} ([\d.]+)/m;

/** Whether this Alertmanager itself has posted to Tocsin. */
async function hasNotified(address: string): Promise<true | undefined> {
  const metrics = await (await fetch(`http://${address}/metrics`)).text();
  return Number(NOTIFIED.exec(metrics)?.[1] ?? 0) > 0 ? true : undefined;
}

const logFiles = (dataDir: string): readonly { readonly path: string; readonly text: string }[] =>
  globSync('log/**/*', { cwd: dataDir, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ path, text: readFileSync(path, 'utf8') }));

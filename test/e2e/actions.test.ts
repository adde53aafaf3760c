import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type Locator, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAlertmanager } from './harness/alertmanager.ts';
import { eventually } from './harness/eventually.ts';
import { startExporter } from './harness/exporter.ts';
import { readDeployment } from './harness/kubectl.ts';
import { freePort } from './harness/program.ts';
import { startPrometheus } from './harness/prometheus.ts';
import { startShop, writePolicy, type ApiAction, type Shop } from './harness/shop.ts';
import { sourceToken, type Tocsin } from './harness/tocsin.ts';
import { createUndo } from './harness/undo.ts';
import { readIncident, readIncidents, runTocsin, type ApiIncident } from './harness/views.ts';
import { programPath } from './programs/programs.ts';

const PATCH_WITHIN_MS = 15_000;
const CONVERGE_WITHIN_MS = 120_000;
const SOAK_MS = 30_000;

const folder = mkdtempSync(join(tmpdir(), 'tocsin-actions-'));
/** Kept where `TOCSIN_SCREENSHOTS` names a folder, for a person to look at. */
const screenshots = process.env['TOCSIN_SCREENSHOTS'] ?? folder;
const undo = createUndo();
let shop: Tocsin & Shop;
let browser: Browser;
let slack: Page;
const complaints: string[] = [];

beforeAll(async () => {
  undo.add(() => rmSync(folder, { recursive: true, force: true }));
  const port = await freePort();
  const places = await startMonitoring(`http://127.0.0.1:${port}`);
  const policyFile = writePolicy(folder, places);
  shop = await startShop({ folder, policyFile, port });
  undo.add(shop.stop);
  writeFileSync(join(folder, 'token'), sourceToken(shop, 'prometheus'));
  browser = await chromium.launch({
    executablePath: programPath('chromium'),
    args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update'],
  });
  undo.add(() => browser.close());
  slack = await openPage();
}, 180_000);

afterAll(undo.run, 60_000);

async function openPage(): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 1000 } });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('dialog', (dialog) => dialog.accept());
  return page;
}

/** Errors are as many as the cluster's checkout makes: nobody sets them. */
async function startMonitoring(url: string): Promise<{ alertmanager: string; prometheus: string }> {
  const health = `${url}/sandbox/kubernetes/health/shop/checkout`;
  const errors = async (): Promise<number> => ((await fetch(health)).ok ? 0.002 : 0.64);
  const exporter = await startExporter({ checkout: errors });
  undo.add(exporter.close);
  const alertmanager = await startAlertmanager({
    folder: join(folder, 'alertmanager'),
    isClustered: false,
    config: `
route: { receiver: tocsin, group_by: [alertname], group_wait: 1s, group_interval: 5s }
receivers:
  - name: tocsin
    webhook_configs:
      - url: ${url}/v1/alerts/alertmanager
        http_config: { authorization: { credentials_file: ${join(folder, 'token')} } }
`,
  });
  undo.add(alertmanager.stop);
  const prometheus = await startPrometheus({
    folder: join(folder, 'prometheus'),
    target: exporter.target,
    alertmanagers: [alertmanager.address],
    rules: `
groups:
  - name: shop
    rules:
      - alert: ${ALERT}
        expr: tocsin_test_error_ratio{name="checkout"} > 0.05
        labels: { severity: critical, service: checkout, environment: production }
        annotations: { summary: '{{ $value | humanizePercentage }} of requests fail' }
`,
  });
  undo.add(prometheus.stop);
  return { alertmanager: alertmanager.address, prometheus: prometheus.address };
}

const ALERT = 'CheckoutErrors';
const BROKEN = 'shop/checkout:1.4.3-broken';
const GOOD = 'shop/checkout:1.4.2';

/** On a busy machine everything takes its time. */
const SOON = { withinMs: 45_000 };
const SEEN = { timeout: 45_000 };

/** A Deployment with the history of checkout, for kubectl to undo. */
async function makeTwin(): Promise<void> {
  const { spec } = await readDeployment(shop.kubectl, 'checkout');
  const file = join(folder, 'twin.json');
  const text = JSON.stringify({ apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec });
  writeFileSync(file, text.replaceAll('checkout', 'twin').replace('1.4.2', '1.4.0'));
  await shop.kubectl('create', '-f', file);
  for (const version of ['1.4.1', '1.4.2']) {
    await settled('twin');
    await shop.kubectl('set', 'image', 'deployment/twin', `app=shop/twin:${version}`);
  }
  await settled('twin');
}

const metadata = { name: 'twin', labels: { app: 'twin' } };

const settled = (name: string): Promise<string> =>
  shop.kubectl('rollout', 'status', `deployment/${name}`, '--timeout=40s');

/** Each deploy names its cause, as many pipelines have it. */
async function breakWith(name: string, version: string): Promise<void> {
  const cause = (text: string): Promise<string> =>
    shop.kubectl(
      'annotate',
      '--overwrite',
      `deployment/${name}`,
      `kubernetes.io/change-cause=${text}`,
    );
  await cause('pipeline 41: 1.4.2');
  await shop.kubectl('set', 'image', `deployment/${name}`, `app=shop/${name}:${version}`);
  await cause(`pipeline 42: ${version}`);
}

async function become(person: string): Promise<void> {
  await slack.getByLabel('You are').selectOption({ label: person });
  await slack.waitForLoadState();
}

async function openChannel(name: string): Promise<void> {
  await slack.locator('#channels a', { hasText: name }).click();
  await slack.getByRole('heading', { level: 1, name }).waitFor(SEEN);
}

/** The message with the plan, while it can be answered. */
const plan = (): Locator =>
  slack
    .locator('#stream li.message', { hasText: 'Roll back Deployment shop/checkout to revision 3' })
    .filter({ has: slack.getByRole('button', { name: 'Approve' }) })
    .last();

const ms = (from: string | null, to: string | null): number =>
  Date.parse(to ?? '') - Date.parse(from ?? '');

describe('a broken deploy, from the alert to a verified rollback', { timeout: 240_000 }, () => {
  let incident: ApiIncident;
  let action: ApiAction;
  /** By our own watch and kubectl, from the click that approves. */
  let patchedMs = Number.NaN;

  it('is noticed by Prometheus, and is a P0 that names the change', async () => {
    await makeTwin();
    await breakWith('twin', '1.4.3-broken');
    await breakWith('checkout', '1.4.3-broken');
    await shop.tellChange({
      id: 'checkout-1.4.3',
      service: 'checkout',
      status: 'succeeded',
      title: 'Deployed checkout 1.4.3',
      author: 'hkiesler',
      environment: 'production',
      versions: [BROKEN],
      previous: [GOOD],
    });
    incident = await eventually(
      'an incident',
      async () => (await readIncidents(shop, 'open')).find(({ title }) => title.includes(ALERT)),
      SOON,
    );
    expect(incident.severity).toBe('P0');
    await slack.goto(`${shop.url}/sandbox/slack`);
    await slack
      .locator('li.message', { hasText: ALERT })
      .getByText('Likeliest cause')
      .first()
      .waitFor(SEEN);
  });

  it('is planned for who asks, in words, with its risk and its undo', async () => {
    await become('Ada Byron');
    await openChannel(`inc-${incident.id}`);
    const composer = slack.locator('section.channel form.composer');
    await composer.locator('input[name=text]').fill('/incident rollback checkout');
    await composer.locator('button[type=submit]').click();
    await plan().waitFor(SEEN);
    const text = await plan().innerText();
    expect(text).toContain(`${BROKEN} → ${GOOD}`);
    expect(text).toMatch(/Risk[\s\S]*Undo[\s\S]*Grace Murray may/);
    await slack.screenshot({ path: join(screenshots, 'action-plan.png'), fullPage: true });
    action = await shop.actionOn(
      { incident: incident.id, target: 'checkout', what: 'proposed' },
      ({ state }) => state === 'proposed',
    );
    // The change feed told who made the change: one other person is enough.
    expect(action.approvalsNeeded).toBe(1);
  });

  it('is not approved by who asked, who made the change, or who may only look', async () => {
    const refusals = {
      'Ada Byron': /nobody approves what they ask for/,
      'Hedy Kiesler': /nobody approves about their own/,
      'Lin Park (observer)': /needs the role approver/,
    };
    for (const [person, refusal] of Object.entries(refusals)) {
      await become(person);
      await openChannel(`inc-${incident.id}`);
      await plan().getByRole('button', { name: 'Approve' }).click();
      const answer = slack.getByRole('dialog');
      await answer.getByText(refusal).waitFor(SEEN);
      await answer.getByRole('button', { name: 'Close' }).click();
      await answer.waitFor({ state: 'hidden', ...SEEN });
    }
    expect((await shop.action(action.id)).state).toBe('proposed');
    const { spec } = await readDeployment(shop.kubectl, 'checkout');
    expect(JSON.stringify(spec.template)).toContain(BROKEN);
  });

  it('is approved by a click of somebody else, and done at once', async () => {
    const before = (await readDeployment(shop.kubectl, 'checkout')).metadata.generation;
    await become('Grace Murray');
    await openChannel(`inc-${incident.id}`);
    await plan().getByRole('button', { name: 'Approve' }).click();
    const clickedMs = performance.now();
    await eventually(
      'the patch',
      async () =>
        (await readDeployment(shop.kubectl, 'checkout')).metadata.generation > before || undefined,
      SOON,
    );
    patchedMs = performance.now() - clickedMs;
    expect(patchedMs).toBeLessThan(PATCH_WITHIN_MS);
    await settled('checkout');
  });

  it('is verified once workload, alert and metric were good for the soak time', async () => {
    action = await shop.actionOn(
      { incident: incident.id, target: 'checkout', what: 'over' },
      ({ endedAt }) => endedAt !== null,
      150_000,
    );
    expect([action.state, action.outcome]).toEqual([
      'verified',
      expect.stringMatching(/^All three signals were good for/),
    ]);
    const approvedAt = action.approvals[0]?.at ?? null;
    const times = {
      'request to plan, and to the approval': ms(action.createdAt, approvedAt),
      'approval to the patch': ms(approvedAt, action.appliedAt),
      'click to the patch as kubectl saw it': Math.round(patchedMs),
      'approval to convergence': ms(approvedAt, action.convergedAt),
      'convergence to the verdict': ms(action.convergedAt, action.endedAt),
      'broken deploy noticed to verdict': ms(incident.openedAt, action.endedAt),
    };
    console.log(
      Object.entries(times)
        .map(([name, value]) => `${name}: ${value} ms`)
        .join('\n'),
    );
    expect(times['approval to the patch']).toBeLessThan(PATCH_WITHIN_MS);
    expect(times['approval to convergence']).toBeLessThan(CONVERGE_WITHIN_MS);
    expect(times['convergence to the verdict']).toBeGreaterThanOrEqual(SOAK_MS);
    expect((await readIncident(shop, incident.id)).state).toBe('resolved');
  });

  it('is what kubectl’s own undo leaves', async () => {
    await shop.kubectl('rollout', 'undo', 'deployment/twin');
    const ours = await standing('checkout');
    const theirs = await standing('twin');
    expect(ours.mark).toBe(`${action.id}.s1`);
    expect(theirs.mark).toBeUndefined();
    expect({ ...ours, mark: null }).toEqual({ ...theirs, mark: null });
    expect(ours.history).toContain('pipeline 41: 1.4.2');
  });

  async function standing(name: string) {
    const status = await settled(name);
    const alike = (text: string): string => text.replaceAll(name, 'it');
    const { metadata: found, spec } = await readDeployment(shop.kubectl, name);
    const { 'tocsin.dev/action': mark, ...annotations } = found.annotations;
    const replicaSets = await shop.kubectl(
      ...['get', 'replicasets', '-l', `app=${name}`, '--sort-by=.metadata.creationTimestamp', '-o'],
      String.raw`jsonpath={range .items[*]}{.spec.template.spec.containers[0].image} ` +
        String.raw`{.spec.replicas} {.metadata.annotations.deployment\.kubernetes\.io/revision} ` +
        String.raw`{.metadata.annotations.deployment\.kubernetes\.io/revision-history}{"\n"}{end}`,
    );
    return {
      mark,
      status: alike(status),
      template: alike(JSON.stringify(spec.template)),
      annotations,
      history: alike(await shop.kubectl('rollout', 'history', `deployment/${name}`)),
      replicaSets: alike(replicaSets).split('\n').toSorted(),
    };
  }

  it('stands whole in Slack, the console and the post-mortem', async () => {
    await slack.locator('#stream').getByText('All three signals were good').first().waitFor(SEEN);
    await slack.screenshot({ path: join(screenshots, 'action-verified.png'), fullPage: true });
    const console = await openPage();
    await console.goto(`${shop.url}/incidents/${incident.id}`);
    const part = console.getByRole('region', { name: 'Actions' });
    await part.getByText('verified').first().waitFor(SEEN);
    expect(await part.innerText()).toContain(action.planHash.slice(0, 8));
    await console.screenshot({ path: join(screenshots, 'action-console.png'), fullPage: true });
    const postmortem = await runTocsin(shop, ['postmortem', incident.id]);
    for (const words of [
      'Ada Byron (slack) asked for action',
      'Grace Murray (slack) approved plan',
      'Deployed checkout 1.4.3',
      'verified',
    ]) {
      expect(postmortem).toContain(words);
    }
    expect(complaints).toEqual([]);
    expect(deadLetters()).toEqual([]);
  });
});

/** What failed for good lies in a file for each queue; without any there is no folder. */
const deadLetters = (): readonly string[] =>
  globSync('queues/*', { cwd: shop.dataDir })
    .map((path) => readFileSync(join(shop.dataDir, path), 'utf8'))
    .filter((text) => text !== '');

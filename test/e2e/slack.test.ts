import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type Locator, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAlertmanager, type Alertmanager } from './harness/alertmanager.ts';
import { eventually } from './harness/eventually.ts';
import { viewPagerDuty, type PagerDutyView, type PagerIncident } from './harness/pagerduty.ts';
import { sourceToken, startTocsin, TEST_POLICY, type Tocsin } from './harness/tocsin.ts';
import { createUndo } from './harness/undo.ts';
import { readIncident, readIncidents, readTimeline, type ApiIncident } from './harness/views.ts';
import { programPath } from './programs/programs.ts';

const folder = mkdtempSync(join(tmpdir(), 'tocsin-slack-'));
/** Kept where `TOCSIN_SCREENSHOTS` names a folder, for a person to look at. */
const screenshots = process.env['TOCSIN_SCREENSHOTS'] ?? folder;
const undo = createUndo();
let tocsin: Tocsin;
let alertmanager: Alertmanager;
let pagerDuty: PagerDutyView;
let browser: Browser;
let slack: Page;
const complaints: string[] = [];

beforeAll(async () => {
  undo.add(() => rmSync(folder, { recursive: true, force: true }));
  tocsin = await startTocsin({ folder, policyFile: TEST_POLICY });
  undo.add(tocsin.stop);
  pagerDuty = viewPagerDuty(`${tocsin.url}/sandbox/pagerduty`);
  writeFileSync(join(folder, 'token'), sourceToken(tocsin, 'prometheus'));
  alertmanager = await startAlertmanager({
    folder: join(folder, 'alertmanager'),
    isClustered: false,
    config: `
route: { receiver: tocsin, group_by: [alertname], group_wait: 1s, group_interval: 5s }
receivers:
  - name: tocsin
    webhook_configs:
      - url: ${tocsin.url}/v1/alerts/alertmanager
        http_config:
          authorization: { credentials_file: ${join(folder, 'token')} }
`,
  });
  undo.add(alertmanager.stop);
  browser = await chromium.launch({
    executablePath: programPath('chromium'),
    args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update'],
  });
  undo.add(() => browser.close());
  slack = await browser.newPage({ viewport: { width: 1280, height: 1000 } });
  slack.on('pageerror', (error) => complaints.push(error.message));
  slack.on('dialog', (dialog) => dialog.accept());
}, 180_000);

afterAll(undo.run, 60_000);

/** Slack's view asks for news by itself; on a busy machine everything takes its time. */
const SOON = { withinMs: 30_000 };
const SEEN = { timeout: 30_000 };

async function fire(alertname: string, severity: string): Promise<void> {
  const labels = { alertname, severity, service: 'checkout', environment: 'production' };
  const annotations = { summary: 'Nobody can pay: <!channel> & co' };
  const response = await fetch(`http://${alertmanager.address}/api/v2/alerts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify([{ labels, annotations }]),
  });
  expect(response.status).toBe(200);
}

const opened = (title: string): Promise<ApiIncident> =>
  eventually(
    `${title} is open`,
    async () => (await readIncidents(tocsin, 'open')).find((one) => one.title.includes(title)),
    SOON,
  );

const paged = async (title: string): Promise<PagerIncident> =>
  eventually(
    `${title} in PagerDuty`,
    async () => (await pagerDuty.incidents()).find((one) => one.title.includes(title)),
    SOON,
  );

const inPagerDuty = (title: string, holds: (incident: PagerIncident) => boolean) =>
  eventually(
    `what was said of ${title} in PagerDuty`,
    async () =>
      (await pagerDuty.incidents()).find((one) => one.title.includes(title) && holds(one)),
    SOON,
  );

const inTimeline = (id: string, words: string) =>
  eventually(
    `"${words}" in the timeline`,
    async () => (await readTimeline(tocsin, id)).find(({ text }) => text.includes(words)),
    SOON,
  );

const card = (title: string): Locator =>
  slack.locator('li.message', { hasText: title }).filter({ has: slack.locator('.button') });

/** Types into the channel that is open, and sends. */
async function say(text: string): Promise<void> {
  await slack.locator('section.channel form.composer input[name=text]').fill(text);
  await slack.locator('section.channel form.composer button[type=submit]').click();
}

const whisper = (): Locator => slack.locator('li.whisper').last();

async function become(person: string): Promise<void> {
  await slack.getByLabel('You are').selectOption({ label: person });
  await slack.waitForLoadState();
}

describe('an incident in Slack, in a browser', { timeout: 180_000 }, () => {
  let incident: ApiIncident;
  const title = 'CheckoutDown';

  it('has a card for everybody and, as a P0, a channel of its own', async () => {
    await slack.goto(`${tocsin.url}/sandbox/slack`);
    await fire(title, 'critical');
    incident = await opened(title);
    expect(incident.severity).toBe('P0');
    await card(title).waitFor(SEEN);
    const text = await card(title).innerText();
    expect(text).toMatch(/P0 TRIGGERED[\s\S]*Nobody has it yet/);
    // Text of an alert pings nobody: it stands there as it was written.
    expect(text).toContain('<!channel> & co');
    await slack.locator('#channels a', { hasText: `inc-${incident.id}` }).waitFor(SEEN);
    await slack.screenshot({ path: join(screenshots, 'slack-card.png'), fullPage: true });
  });

  it('is not acknowledged by who may only look, nor by a stranger', async () => {
    const refusals = {
      'Lin Park (observer)': /needs the role responder/,
      Sam: /cannot steer incidents from here/,
    };
    for (const [person, refusal] of Object.entries(refusals)) {
      await become(person);
      await say(`/incident ack ${incident.id}`);
      await whisper().getByText(refusal).waitFor(SEEN);
    }
    expect((await readIncident(tocsin, incident.id)).state).toBe('triggered');
    await become('Ada Byron');
  });

  it('is acknowledged by a click, there and in PagerDuty, and its response clock stops', async () => {
    await card(title).getByRole('button', { name: 'Acknowledge' }).click();
    await inPagerDuty(title, ({ status }) => status === 'acknowledged');
    const { state, sla } = await readIncident(tocsin, incident.id);
    expect([state, sla.response]).toEqual([
      'acknowledged',
      expect.objectContaining({ state: 'met', breached: false }),
    ]);
    await card(title).getByText('Taken by').waitFor(SEEN);
    await inTimeline(incident.id, 'Acknowledged by Ada Byron (slack)');
  });

  it('takes a note from its channel, which PagerDuty and the timeline have too', async () => {
    await slack.locator('#channels a', { hasText: `inc-${incident.id}` }).click();
    await slack.getByRole('heading', { level: 1, name: `inc-${incident.id}` }).waitFor(SEEN);
    await say('/incident note The cache of the checkout is cold');
    await inTimeline(incident.id, 'The cache of the checkout is cold');
    await inPagerDuty(title, ({ notes }) =>
      notes.some(({ content }) => content.includes('The cache of the checkout is cold')),
    );
    await slack.locator('#stream').getByText('The cache of the checkout is cold').waitFor(SEEN);
  });

  it('takes a note from PagerDuty, which its channel shows', async () => {
    const { id } = await paged(title);
    await pagerDuty.click(id, 'annotate', {
      note: 'Rolling the deploy back',
      by: 'ada@example.com',
    });
    await slack.locator('#stream').getByText('Rolling the deploy back').waitFor(SEEN);
    await inTimeline(incident.id, 'Rolling the deploy back');
  });

  it('changes severity by command: down by a person, and up again', async () => {
    await say('/incident severity P1 half of the customers can pay');
    await inTimeline(incident.id, 'Severity changed from P0 to P1 by Ada Byron (slack)');
    await say('/incident sev P0 now nobody can');
    await inTimeline(incident.id, 'Severity changed from P1 to P0 by Ada Byron (slack)');
    expect((await readIncident(tocsin, incident.id)).severity).toBe('P0');
    await inPagerDuty(title, ({ severity }) => severity === 'critical');
  });

  it('has roles, which the card names', async () => {
    await say('/incident assign commander @grace');
    await inTimeline(incident.id, 'Grace Murray');
    await card(title).getByText('Grace Murray').first().waitFor(SEEN);
  });

  it('tells stakeholders by a form, in PagerDuty too', async () => {
    await card(title).getByRole('button', { name: 'Update…' }).click();
    const form = slack.getByRole('dialog');
    await form.getByLabel('Issue').fill('Nobody can pay');
    await form.getByLabel('Impact').fill('All customers');
    await form.getByLabel('Actions').fill('We roll back');
    await slack.screenshot({ path: join(screenshots, 'slack-form.png'), fullPage: true });
    await form.locator('button[type=submit]').click();
    await form.waitFor({ state: 'hidden', ...SEEN });
    await inTimeline(incident.id, 'Nobody can pay');
    await inPagerDuty(title, ({ status_updates: updates }) =>
      updates.some(({ message }) => message.includes('Nobody can pay')),
    );
  });

  it('is resolved by a click, everywhere', async () => {
    await card(title).getByRole('button', { name: 'Resolve' }).click();
    await inPagerDuty(title, ({ status }) => status === 'resolved');
    expect((await readIncident(tocsin, incident.id)).state).toBe('resolved');
    await slack.locator('li.message', { hasText: 'P0 RESOLVED' }).first().waitFor(SEEN);
    await slack.screenshot({ path: join(screenshots, 'slack-resolved.png'), fullPage: true });
    await inTimeline(incident.id, 'Resolved by Ada Byron (slack)');
  });

  it('declares one by the shortcut, which pages', async () => {
    await slack.locator('section.channel summary[aria-label=Shortcuts]').click();
    await slack.getByRole('button', { name: 'Declare incident' }).click();
    const form = slack.getByRole('dialog');
    await form.getByLabel('What is wrong?').fill('Refunds hang');
    await form.getByRole('radio', { name: 'P1' }).check();
    await form.locator('button[type=submit]').click();
    await form.getByText('its page is on the way').waitFor(SEEN);
    await form.getByRole('button', { name: 'Close' }).click();
    const declared = await opened('Refunds hang');
    expect(declared.severity).toBe('P1');
    await paged('Refunds hang');
    expect(complaints).toEqual([]);
  });
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { alertmanagerBody } from './harness/episodes.ts';
import { viewPagerDuty } from './harness/pagerduty.ts';
import { sourceToken, startTocsin, TEST_POLICY, type Tocsin } from './harness/tocsin.ts';
import { createUndo } from './harness/undo.ts';
import { programPath } from './programs/programs.ts';

const folder = mkdtempSync(join(tmpdir(), 'tocsin-console-'));
/** Kept where `TOCSIN_SCREENSHOTS` names a folder, for a person to look at. */
const screenshots = process.env['TOCSIN_SCREENSHOTS'] ?? folder;
const undo = createUndo();
let tocsin: Tocsin;
let browser: Browser;

beforeAll(async () => {
  undo.add(() => rmSync(folder, { recursive: true, force: true }));
  tocsin = await startTocsin({ folder, policyFile: TEST_POLICY });
  undo.add(tocsin.stop);
  browser = await chromium.launch({
    executablePath: programPath('chromium'),
    args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update'],
  });
  undo.add(() => browser.close());
}, 180_000);

afterAll(undo.run, 60_000);

const PHONE = { width: 390, height: 844 };
const DESK = { width: 1280, height: 900 };
/** The console asks every 5 s. */
const REFRESHED_MS = 15_000;

/** Text that would run, reorder or leave the page if it were not shown as text. */
const HOSTILE = `<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>'"&\u202e`;

async function raise(title: string): Promise<void> {
  const response = await fetch(`${tocsin.url}/v1/alerts/alertmanager`, {
    method: 'POST',
    headers: { authorization: `Bearer ${sourceToken(tocsin, 'prometheus')}` },
    body: alertmanagerBody({
      mark: title,
      instances: 2,
      startedAtMs: Date.now(),
      isResolved: false,
    }),
  });
  expect(response.status).toBe(202);
}

/** A page whose every complaint, a blocked script included, is kept. */
async function openPage(viewport: typeof PHONE): Promise<{ page: Page; complaints: string[] }> {
  const page = await browser.newPage({ viewport });
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  return { page, complaints };
}

describe('the console in a browser', { timeout: 120_000 }, () => {
  it('says what to do while nothing is open, and shows the first incident by itself', async () => {
    const { page, complaints } = await openPage(DESK);
    await page.goto(`${tocsin.url}/`);
    await page.getByText('No open incident').waitFor();
    await page.screenshot({ path: join(screenshots, 'empty.png'), fullPage: true });
    await raise('CheckoutDown');
    const card = page.locator('li', { hasText: 'CheckoutDown' });
    await card.waitFor({ timeout: REFRESHED_MS });
    expect(await card.innerText()).toMatch(/P0[\s\S]*Not acknowledged/);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('counts down, and shows an acknowledgement without a reload', async () => {
    const { page, complaints } = await openPage(DESK);
    await page.goto(`${tocsin.url}/`);
    await page.evaluate('window.isSamePage = true');
    const card = page.locator('li', { hasText: 'CheckoutDown' });
    const before = await card.locator('[data-at]').first().innerText();
    await expect
      .poll(() => card.locator('[data-at]').first().innerText(), { timeout: 5000 })
      .not.toBe(before);
    const pagerDuty = viewPagerDuty(`${tocsin.url}/sandbox/pagerduty`);
    const [incident] = await pagerDuty.incidents();
    await pagerDuty.click(incident?.id ?? '', 'acknowledge', { by: 'grace@example.com' });
    await card.getByText(/Acknowledged by .*grace/i).waitFor({ timeout: REFRESHED_MS });
    expect(await page.evaluate('window.isSamePage')).toBe(true);
    await page.screenshot({ path: join(screenshots, 'front.png'), fullPage: true });
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('shows text from outside as text', async () => {
    await raise(`Hostile ${HOSTILE}`);
    const { page, complaints } = await openPage(DESK);
    await page.goto(`${tocsin.url}/`);
    const link = page.getByRole('link', { name: /Hostile/ });
    expect(await link.innerText()).toContain('<script>window.hacked=1</script>');
    await link.click();
    await page.getByRole('heading', { level: 1, name: /Hostile/ }).waitFor();
    await page.screenshot({ path: join(screenshots, 'hostile.png'), fullPage: true });
    expect(await page.evaluate('window.hacked')).toBeUndefined();
    expect(await page.locator('img').count()).toBe(0);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('fits a phone, list and incident alike', async () => {
    const { page, complaints } = await openPage(PHONE);
    await page.goto(`${tocsin.url}/`);
    await page.screenshot({ path: join(screenshots, 'phone-front.png'), fullPage: true });
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    await page.getByRole('link', { name: 'CheckoutDown' }).click();
    await page.getByRole('heading', { level: 1, name: 'CheckoutDown' }).waitFor();
    await page.screenshot({ path: join(screenshots, 'phone-incident.png'), fullPage: true });
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    const body = await page.locator('body').innerText();
    expect(body).toMatch(/Service levels/i);
    expect(body).toContain('a critical alert in production stops customers');
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('says so when it has lost contact', async () => {
    const { page } = await openPage(DESK);
    await page.goto(`${tocsin.url}/`);
    await page.context().setOffline(true);
    await page.getByText(/Not updated since/).waitFor({ timeout: REFRESHED_MS });
    await page.screenshot({ path: join(screenshots, 'offline.png'), fullPage: true });
    await page.context().setOffline(false);
    await page.getByText(/Not updated since/).waitFor({ state: 'hidden', timeout: REFRESHED_MS });
    await page.close();
  });
});

/** How many pixels the page is wider than the screen. */
const overflow = async (page: Page): Promise<number> =>
  await page.evaluate<number>(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  );

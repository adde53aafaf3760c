import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSlackSandbox } from '../../lib/local/sandbox/slack/sandbox.ts';
import { systemTimekeeper } from '../../lib/local/shared/timekeeper.ts';
import {
  ADA,
  APP,
  button,
  clientAt,
  INCIDENTS,
  section,
  SHOP,
  TOKEN,
} from '../contract/slack-sandbox/harness.ts';
import { createUndo } from './harness/undo.ts';
import { programPath } from './programs/programs.ts';

const folder = mkdtempSync(join(tmpdir(), 'tocsin-slack-view-'));
/** Kept where `TOCSIN_SCREENSHOTS` names a folder, for a person to look at. */
const screenshots = process.env['TOCSIN_SCREENSHOTS'] ?? folder;
const undo = createUndo();
let browser: Browser;
let url = '';

beforeAll(async () => {
  undo.add(() => rmSync(folder, { recursive: true, force: true }));
  const sandbox = createSlackSandbox({
    timekeeper: systemTimekeeper,
    randomBytes,
    app: APP,
    workspaces: [SHOP],
    rateLimits: 'off',
  });
  undo.add(sandbox.close);
  url = `${await sandbox.listen({ host: '127.0.0.1', port: 0 })}/sandbox/slack`;
  browser = await chromium.launch({
    executablePath: programPath('chromium'),
    args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update'],
  });
  undo.add(() => browser.close());
}, 60_000);

afterAll(undo.run, 30_000);

const web = () => clientAt(url, TOKEN);

/** Text that would run or leave the page if it were not shown as text. */
const HOSTILE = `<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>'"&`;

/** A page whose every complaint, a blocked script included, is kept. */
async function openPage(viewport: { readonly width: number; readonly height: number }) {
  const page = await browser.newPage({ viewport });
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(url);
  return { page, complaints };
}

const write = async (page: Page, text: string): Promise<void> => {
  await page.locator('.channel .composer input').fill(text);
  await page.locator('.channel .composer [type=submit]').click();
};

describe('the Slack of this machine in a browser', { timeout: 60_000 }, () => {
  it('shows by itself what the app posts and changes, and keeps what is being typed', async () => {
    const { page, complaints } = await openPage({ width: 1280, height: 900 });
    const field = page.locator('.channel .composer input');
    await field.fill('half a sent');
    const blocks = [
      section('*Nobody* has it yet'),
      { type: 'actions' as const, elements: [button('ack')] },
    ];
    const { ts = '' } = await web().chat.postMessage({ channel: INCIDENTS, text: 'P0', blocks });
    await page.getByText('has it yet').waitFor();
    await web().chat.update({ channel: INCIDENTS, ts, text: 'P0', blocks: [section('Taken')] });
    await page.getByText('Taken').waitFor();

    expect(await page.getByRole('button', { name: 'ack' }).count()).toBe(0);
    expect(await field.inputValue()).toBe('half a sent');
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('shows text from outside as text', async () => {
    const { page, complaints } = await openPage({ width: 1280, height: 900 });
    await write(page, HOSTILE);
    await page.getByText('<script>window.hacked=1</script>').waitFor();
    await web().chat.postMessage({ channel: INCIDENTS, text: `raw ${HOSTILE}` });
    await page.getByText('raw').waitFor();

    expect(await page.evaluate('window.hacked')).toBeUndefined();
    expect(await page.locator('img, main script').count()).toBe(0);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('has threads to read and to write in, and fits a phone', async () => {
    const { page, complaints } = await openPage({ width: 390, height: 844 });
    const { ts } = await web().chat.postMessage({ channel: INCIDENTS, text: 'the parent' });
    await web().chat.postMessage({ channel: INCIDENTS, text: 'the reply', thread_ts: ts ?? '' });
    await page.getByRole('link', { name: '1 reply' }).click();
    await page.locator('.thread').getByText('the reply').waitFor();
    await page.locator('.thread .composer input').fill('so it is');
    await page.locator('.thread .composer [type=submit]').click();
    await page.locator('.thread li', { hasText: 'so it is' }).waitFor();
    await page.screenshot({ path: join(screenshots, 'slack-phone-thread.png') });

    expect(await overflow(page)).toBeLessThanOrEqual(0);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('tells who acts that the app does not answer, and nobody else', async () => {
    const { page } = await openPage({ width: 1280, height: 900 });
    await write(page, '/incident list');
    await page.getByText('/incident failed with the error "dispatch_failed"').waitFor();
    await page.screenshot({ path: join(screenshots, 'slack-refused.png') });
    await page.locator('#as').selectOption({ label: 'Grace' });
    await page.waitForURL(/as=U0GRACE/);

    expect(await page.getByText('dispatch_failed').count()).toBe(0);
    await page.locator('#as').selectOption(ADA);
    await page.getByText('dispatch_failed').waitFor();
    await page.getByRole('button', { name: 'Dismiss' }).click();
    await page.getByText('dispatch_failed').waitFor({ state: 'detached' });
    await page.close();
  });
});

/** How many pixels the page is wider than the screen. */
const overflow = async (page: Page): Promise<number> =>
  await page.evaluate<number>(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  );

import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { createPagerDutyDirectory } from '../../lib/adapters/pagerduty/directory.ts';
import { createPagerDutyPager } from '../../lib/adapters/pagerduty/pager.ts';
import type { PageContent } from '../../lib/domain/paging/compose.ts';
import { ok, type Result } from '../../lib/domain/shared/result.ts';
import { durationMs, epochMs } from '../../lib/domain/shared/time.ts';
import type { PortFailure } from '../../lib/ports/failure.ts';
import type { Freshness, PagerDutySecret, Secrets } from '../../lib/ports/secrets.ts';

const root = join(import.meta.dirname, '../..');

export const routingKey = 'e93facc04764012d7bfb002500d5d1a6';
export const otherRoutingKey = '0123456789abcdef0123456789abcdef';
export const apiToken = 'y_NbAkKc66ryYTWUXYEu';

/** Long enough for a busy machine. */
export const patience = durationMs(10_000);

/** The two makers of the adapter, from its sources or from a bundle. */
export interface PagerDutyAdapter {
  readonly name: string;
  readonly createPagerDutyPager: typeof createPagerDutyPager;
  readonly createPagerDutyDirectory: typeof createPagerDutyDirectory;
}

export const fromSources: PagerDutyAdapter = {
  name: 'the sources, with the package cross-fetch',
  createPagerDutyPager,
  createPagerDutyDirectory,
};

/** The adapter bundled as the functions are, with our cross-fetch in the place of the package. */
export async function bundleAdapter(outfile: string): Promise<void> {
  await build({
    stdin: {
      contents: `export { createPagerDutyPager } from './lib/adapters/pagerduty/pager.ts';
                 export { createPagerDutyDirectory } from './lib/adapters/pagerduty/directory.ts';`,
      resolveDir: root,
    },
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    mainFields: ['module', 'main'],
    minify: true,
    alias: { 'cross-fetch': join(root, 'lib/adapters/pagerduty/cross-fetch.ts') },
  });
}

export async function fromBundle(): Promise<PagerDutyAdapter> {
  const dir = mkdtempSync(join(tmpdir(), 'tocsin-pagerduty-bundle-'));
  try {
    const outfile = join(dir, 'index.cjs');
    await bundleAdapter(outfile);
    // What was bundled exports what its two lines name.
    const made = createRequire(import.meta.url)(outfile) as Omit<PagerDutyAdapter, 'name'>;
    return { ...made, name: 'the bundle, with our cross-fetch' };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

export const secretOf = (more: Partial<PagerDutySecret> = {}): PagerDutySecret => ({
  routingKeys: { platform: routingKey },
  apiToken,
  apiFrom: null,
  webhookSecrets: {},
  ...more,
});

/** A secret that changes when it is read afresh, as after a rotation; counts the fresh readings. */
export function rotatingSecret(
  before: PagerDutySecret,
  after: PagerDutySecret = before,
): Pick<Secrets, 'pagerduty'> & { readonly freshReads: () => number } {
  let freshReads = 0;
  return {
    pagerduty(freshness: Freshness = 'cached'): Promise<Result<PagerDutySecret, PortFailure>> {
      if (freshness === 'fresh') freshReads += 1;
      return Promise.resolve(ok(freshReads > 0 ? after : before));
    },
    freshReads: () => freshReads,
  };
}

export const pageOf = (more: Partial<PageContent> = {}): PageContent => ({
  action: 'trigger',
  routingKey: 'platform',
  dedupKey: 'tocsin:acme:0123456789abcdef:fedcba9876543210',
  severity: 'P0',
  summary: '[P0] The shop is down: no order for five minutes',
  source: 'shop',
  component: 'shop',
  group: 'payments',
  class: 'ShopDown',
  occurredAtMs: epochMs(Date.UTC(2026, 10, 21, 3, 46)),
  details: { incident: 'INC-1', alerts: 3, why: 'first page' },
  links: { runbook: 'https://runbooks.example/shop' },
  consoleUrl: 'https://tocsin.example/incidents/INC-1?sig=1',
  ...more,
});

import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { misbehaving } from './misbehaving-server.ts';
import { bundleAdapter, pageOf, routingKey, secretOf } from './pagerduty-subject.ts';

const run = promisify(execFile);

/** Runs a piece of CommonJS in a process of its own; gives the parts of Node that it loaded. */
async function loadedBy(code: string): Promise<readonly string[]> {
  const report = 'console.log(JSON.stringify(process.moduleLoadList))';
  const program = `(async () => { ${code}; ${report}; process.exit(0) })()`;
  const { stdout } = await run(process.execPath, ['-e', program]);
  return JSON.parse(stdout) as string[];
}

it('pages without the weight of fetch', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'tocsin-cold-start-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const bundle = join(dir, 'index.cjs');
  await bundleAdapter(bundle);
  // With the package cross-fetch it is 321 KB.
  expect(statSync(bundle).size).toBeLessThan(25_000);

  const { url, seen } = await misbehaving({ status: 202, body: '{"status":"success"}' });
  writeFileSync(join(dir, 'given.json'), JSON.stringify({ page: pageOf(), secret: secretOf() }));
  const loaded = await loadedBy(`
    const { createPagerDutyPager } = require(${JSON.stringify(bundle)});
    const { page, secret } = require(${JSON.stringify(join(dir, 'given.json'))});
    const secrets = { pagerduty: async () => ({ ok: true, value: secret }) };
    const pager = createPagerDutyPager({ eventsUrl: ${JSON.stringify(url)}, secrets, log: {} });
    await pager.send(page, 10_000)`);

  expect(seen[0]?.body).toContain(routingKey);
  expect(loaded.filter((name) => /undici/i.test(name))).toEqual([]);
  const control = await loadedBy(`await fetch(${JSON.stringify(url)})`);
  expect(control.filter((name) => /undici/i.test(name))).not.toEqual([]);
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { approve, ask, isConverged, isStarted, told, until } from './harness/acting.ts';
import { eventually } from './harness/eventually.ts';
import { freePort } from './harness/program.ts';
import { startShop, writePolicy, type ApiAction, type Shop } from './harness/shop.ts';
import type { Tocsin } from './harness/tocsin.ts';
import { createUndo } from './harness/undo.ts';
import { runTocsin, type ApiIncident } from './harness/views.ts';

/** `tocsin halt` promises it. */
const HALTED_WITHIN_MS = 5_000;
/** Longer than a halt takes on a busy machine, shorter than what gives up on the target. */
const SLOW_MS = 8_000;
const US = 'system:serviceaccount:tocsin:tocsin';

const folder = mkdtempSync(join(tmpdir(), 'tocsin-stopped-'));
const undo = createUndo();
let shop: Tocsin & Shop;
let start: () => Promise<Tocsin & Shop>;

beforeAll(async () => {
  undo.add(() => rmSync(folder, { recursive: true, force: true }));
  const policyFile = writePolicy(folder, {}, (policy) =>
    policy
      .replace('checks: [checkout-errors]', 'checks: [checkout-health]')
      .replace('soak: 30s, samples: 3', 'soak: 10s, samples: 2'),
  );
  const port = await freePort();
  start = () => startShop({ folder, policyFile, port });
  shop = await start();
  undo.add(() => shop.killGroup());
}, 180_000);

afterAll(undo.run, 60_000);

const propose = (incident: ApiIncident, target: string): Promise<ApiAction> =>
  ask(shop, { incident, wish: `rollback ${target}`, target });

const generation = async (kind: string, name: string): Promise<number> =>
  Number(await shop.kubectl('get', kind, name, '-o', 'jsonpath={.metadata.generation}'));

const halt = (): Promise<string> => runTocsin(shop, ['halt', '--reason', 'the wrong service']);
const lift = (): Promise<string> => runTocsin(shop, ['halt', '--off', '--reason', 'all is well']);

/** What Argo CD has deployed so far. */
async function deployments(): Promise<number> {
  const response = await fetch(`${shop.url}/sandbox/argocd/state`);
  // The sandbox is ours, and the contract tests hold its shape.
  const { applications } = (await response.json()) as {
    readonly applications: readonly {
      readonly metadata: { readonly name: string };
      readonly status: { readonly history: readonly unknown[] };
    }[];
  };
  const found = applications.find(({ metadata }) => metadata.name === 'accounts');
  return found?.status.history.length ?? 0;
}

describe('tocsin halt', { timeout: 240_000 }, () => {
  let checkout: ApiAction;
  let accounts: ApiAction;
  let before: { readonly checkout: number; readonly accounts: number };

  it('comes between approval and start, and between two steps: nothing starts', async () => {
    await shop.kubectl('set', 'image', 'deployment/checkout', 'app=shop/checkout:1.4.3-broken');
    const [payDown, loginDown] = await Promise.all([
      shop.alert({ name: 'PayDown', service: 'checkout', status: 'firing' }),
      shop.alert({ name: 'LoginDown', service: 'accounts', status: 'firing' }),
    ]);
    checkout = await propose(payDown, 'checkout');
    accounts = await propose(loginDown, 'accounts-app');
    // Nobody told who made the changes: it takes one more.
    expect([checkout.approvalsNeeded, accounts.approvalsNeeded]).toEqual([2, 2]);
    before = {
      checkout: await generation('deployment', 'checkout'),
      accounts: await deployments(),
    };
    // The first of two steps takes its time; and a start, which reads the target before, too.
    const slow = { kind: 'slow', delayMs: SLOW_MS };
    await shop.breakIt('argocd', [{ ...slow, operation: 'patch' }]);
    await shop.breakIt('kubernetes', [{ ...slow, verb: 'get', resource: 'deployments', user: US }]);
    await approve(shop, accounts);
    await until(shop, accounts, isStarted);
    await approve(shop, checkout);
    await halt();
    await wait(HALTED_WITHIN_MS);

    const [waiting, half] = await Promise.all([
      until(shop, checkout, { holds: ({ waitingFor }) => waitingFor !== '' }),
      until(shop, accounts, { holds: (seen) => told(seen, /^Step s1 .* is done/) > 0 }),
    ]);
    await shop.breakIt('argocd', []);
    await shop.breakIt('kubernetes', []);
    expect([waiting.state, waiting.startedAt]).toEqual(['approved', null]);
    expect(waiting.waitingFor).toMatch(/halted by Hedy Kiesler .*\(the wrong service\)/);
    expect(half.endedAt).toBeNull();
    await wait(HALTED_WITHIN_MS);
    expect(told(await shop.action(accounts.id), /sends step s2/)).toBe(0);
    expect({
      checkout: await generation('deployment', 'checkout'),
      accounts: await deployments(),
    }).toEqual(before);
  });

  it('is lifted: both go on where they were stopped', async () => {
    await lift();
    const [first, second] = await Promise.all([
      until(shop, checkout, isConverged),
      until(shop, accounts, isConverged),
    ]);
    expect([told(first, /sends step s1/), told(second, /sends step s2/)]).toEqual([1, 1]);
    expect({
      checkout: await generation('deployment', 'checkout'),
      accounts: await deployments(),
    }).toEqual({ checkout: before.checkout + 1, accounts: before.accounts + 1 });
  });
});

describe('kill -9 of everything in the middle of two actions', { timeout: 240_000 }, () => {
  it('does both to the end and nothing twice: one call was carried out, one never arrived', async () => {
    await shop.kubectl('set', 'image', 'statefulset/ledger', 'app=shop/ledger:2.0.2-broken');
    await shop.kubectl('set', 'image', 'deployment/search', 'app=shop/search:2.7.2-broken');
    const [ledgerDown, searchDown] = await Promise.all([
      shop.alert({ name: 'LedgerDown', service: 'ledger', status: 'firing' }),
      shop.alert({ name: 'SearchDown', service: 'search', status: 'firing' }),
    ]);
    // Its pod must be stuck by then, so that the plan has a second step: to delete it.
    await eventually(
      'a stuck pod',
      async () =>
        (await shop.kubectl('get', 'pods', '-l', 'app=ledger')).includes('CrashLoopBackOff') ||
        undefined,
      { withinMs: 30_000 },
    );
    const ledger = await propose(ledgerDown, 'ledger');
    const search = await propose(searchDown, 'search');
    const generations = async () => ({
      ledger: await generation('statefulset', 'ledger'),
      search: await generation('deployment', 'search'),
    });
    const before = await generations();
    // Of the one the answer never comes; the other call is still on its way when all ends.
    await shop.breakIt('kubernetes', [
      { kind: 'hang', verb: 'patch', resource: 'statefulsets', user: US, times: 1 },
      { kind: 'slow', delayMs: 60_000, verb: 'patch', resource: 'deployments', user: US },
    ]);
    await approve(shop, ledger);
    await approve(shop, search);
    const wasSent = { holds: (seen: ApiAction) => told(seen, /sends step s1/) > 0 };
    await Promise.all([until(shop, ledger, wasSent), until(shop, search, wasSent)]);
    await eventually(
      'the patch of ledger',
      async () => (await generations()).ledger > before.ledger || undefined,
      { withinMs: 30_000 },
    );
    // The sandbox writes its cluster down a little after it has changed.
    await wait(1_000);
    await shop.killGroup();
    shop = await start();
    expect(await generations()).toEqual({ ...before, ledger: before.ledger + 1 });

    const patiently = { ...isConverged, withinMs: 150_000 };
    const [ours, again] = await Promise.all([
      until(shop, ledger, patiently),
      until(shop, search, patiently),
    ]);
    expect([told(ours, /sends step s1/), told(ours, /^Step s1 .* is done/)]).toEqual([1, 1]);
    expect([told(ours, /sends step s2/), told(ours, /^Step s2 .* is done/)]).toEqual([1, 1]);
    expect(told(again, /^Step s1 .* did not happen/)).toBe(1);
    expect(told(again, /sends step s1 once more/)).toBe(1);
    expect(told(again, /^Step s1 .* is done/)).toBe(1);
    expect(await generations()).toEqual({ ledger: before.ledger + 1, search: before.search + 1 });
  });
});

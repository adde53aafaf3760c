import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readManifests } from '../../lib/codec/manifest.ts';
import {
  createKubernetesSandbox,
  type KubernetesSandbox,
} from '../../lib/local/sandbox/kubernetes/sandbox.ts';
import { systemTimekeeper } from '../../lib/local/shared/timekeeper.ts';
import { programPath } from './programs/programs.ts';

interface Ran {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

const manifestPath = (name: string): string =>
  new URL(`../../deploy/kubernetes/${name}`, import.meta.url).pathname;

let directory: string;
let sandbox: KubernetesSandbox;
let asTocsin: string;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'kubectl-'));
  const kubeconfigPath = join(directory, 'kubeconfig');
  sandbox = createKubernetesSandbox({
    timekeeper: systemTimekeeper,
    randomBytes,
    kubeconfigPath,
    adminToken: 'admin-token',
    tocsinToken: 'tocsin-token',
    manifests: ['identity.yaml', 'tocsin.yaml'].flatMap((name) =>
      readManifests(readFileSync(manifestPath(name), 'utf8')),
    ),
  });
  await sandbox.listen({ host: '127.0.0.1', port: 0 });
  asTocsin = join(directory, 'tocsin');
  writeFileSync(
    asTocsin,
    readFileSync(kubeconfigPath, 'utf8').replace('admin-token', 'tocsin-token'),
  );
});

afterAll(async () => {
  await sandbox.close();
  rmSync(directory, { recursive: true });
});

async function run(kubeconfig: string, words: readonly string[]): Promise<Ran> {
  // A cache of its own: kubectl remembers what a server serves by its address.
  const all = ['--kubeconfig', kubeconfig, '--cache-dir', join(directory, 'cache'), ...words];
  return await new Promise((resolve) => {
    execFile(programPath('kubectl'), all, { timeout: 60_000 }, (error, stdout, stderr) => {
      resolve({ exitCode: error === null ? 0 : Number(error.code ?? 1), stdout, stderr });
    });
  });
}

/** What kubectl prints as the person who may do everything; fails when it does. */
async function kubectl(...words: readonly string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await run(join(directory, 'kubeconfig'), words);
  expect(`${String(exitCode)} ${stderr}`).toMatch(/^0 /);
  return stdout;
}

const revisions = (history: string): readonly string[] =>
  [...history.matchAll(/^(\d+)\s/gm)].map(([, revision]) => revision ?? '');

describe('the real kubectl on the sandbox cluster', () => {
  it('sees what runs', async () => {
    expect(await kubectl('get', 'deployments')).toMatch(/^checkout\s+3\/3\s+3\s+3\s/m);
    expect(await kubectl('describe', 'deployment', 'checkout')).toContain('shop/checkout:1.4.2');
    expect(await kubectl('api-resources')).toMatch(/rollouts\s+ro\s+argoproj.io\/v1alpha1/);
    expect(await kubectl('auth', 'can-i', 'delete', 'deployments')).toBe('yes\n');
  });

  it('breaks a Deployment, and undoes it', async () => {
    const history = ['rollout', 'history', 'deployment/checkout'];
    expect(revisions(await kubectl(...history))).toEqual(['1', '2', '3']);

    await kubectl('set', 'image', 'deployment/checkout', 'app=shop/checkout:1.4.3-broken');
    const status = ['rollout', 'status', 'deployment/checkout'];
    const stuck = await run(join(directory, 'kubeconfig'), [...status, '--timeout=3s']);
    expect(stuck.exitCode).not.toBe(0);
    expect(await kubectl('get', 'pods', '-l', 'app=checkout')).toContain('CrashLoopBackOff');

    await kubectl('rollout', 'undo', 'deployment/checkout');
    expect(await kubectl(...status, '--timeout=30s')).toContain('successfully rolled out');
    expect(revisions(await kubectl(...history))).toEqual(['1', '2', '4', '5']);
  });

  it('pauses, resumes, restarts and scales', async () => {
    await kubectl('rollout', 'pause', 'deployment/search');
    const paused = await run(join(directory, 'kubeconfig'), [
      ...['rollout', 'undo', 'deployment/search'],
    ]);
    expect(paused.stderr).toContain('you cannot rollback a paused deployment');
    await kubectl('rollout', 'resume', 'deployment/search');
    await kubectl('rollout', 'restart', 'deployment/search');
    await kubectl('scale', 'deployment/search', '--replicas=4');
    await kubectl('rollout', 'status', 'deployment/search', '--timeout=30s');

    expect(await kubectl('get', 'deployment', 'search')).toMatch(/^search\s+4\/4/m);
  });

  it.each(['statefulset/ledger', 'daemonset/log-agent'])('undoes %s', async (name) => {
    await kubectl('rollout', 'undo', name);

    expect(await kubectl('rollout', 'status', name, '--timeout=60s')).toMatch(
      /complete|successfully/,
    );
    expect(revisions(await kubectl('rollout', 'history', name))).toEqual(['2', '3']);
  });

  it('applies a manifest, changes it, and deletes it', async () => {
    const path = join(directory, 'cart.json');
    const write = (image: string): void => {
      const labels = { app: 'cart' };
      const template = { metadata: { labels }, spec: { containers: [{ name: 'app', image }] } };
      const spec = { replicas: 1, selector: { matchLabels: labels }, template };
      const metadata = { name: 'cart' };
      const object = { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec };
      writeFileSync(path, JSON.stringify(object));
    };
    write('shop/cart:1');
    expect(await kubectl('apply', '-f', path)).toContain('created');
    write('shop/cart:2');
    expect(await kubectl('apply', '-f', path)).toContain('configured');
    expect(await kubectl('apply', '-f', path)).toContain('unchanged');
    expect(revisions(await kubectl('rollout', 'history', 'deployment/cart'))).toEqual(['1', '2']);

    await kubectl('delete', 'deployment', 'cart');

    expect(await kubectl('get', 'replicasets', '-l', 'app=cart')).toBe('');
  });

  it('applies our own manifests', async () => {
    const files = ['identity.yaml', 'tocsin.yaml', 'pods-delete.yaml', 'admission.yaml'];
    for (const name of files) await kubectl('apply', '-f', manifestPath(name));

    expect(await kubectl('get', 'roles')).toMatch(/^tocsin-pods-delete/m);
    await kubectl('delete', '-f', manifestPath('pods-delete.yaml'));
  });

  it('is held to our rights when it comes as Tocsin', async () => {
    const get = await run(asTocsin, ['get', 'deployment', 'checkout']);
    const remove = await run(asTocsin, ['delete', 'deployment', 'checkout']);
    const ask = await run(asTocsin, ['auth', 'can-i', 'create', 'pods']);

    expect(get.exitCode).toBe(0);
    expect(remove.stderr).toContain('cannot delete resource "deployments" in API group "apps"');
    expect(ask.stdout).toBe('no\n');
  });
});

import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readManifests } from '../../lib/codec/manifest.ts';
import {
  createKubernetesSandbox,
  type KubernetesSandbox,
} from '../../lib/local/sandbox/kubernetes/sandbox.ts';
import { systemTimekeeper } from '../../lib/local/shared/timekeeper.ts';
import { createKubectl } from './harness/kubectl.ts';
import { ROOT } from './harness/tocsin.ts';

const folder = mkdtempSync(join(tmpdir(), 'tocsin-cluster-'));
const kubeconfigPath = join(folder, 'kubeconfig');
let sandbox: KubernetesSandbox;

beforeAll(async () => {
  const manifests = join(ROOT, 'deploy', 'kubernetes');
  sandbox = createKubernetesSandbox({
    timekeeper: systemTimekeeper,
    randomBytes,
    kubeconfigPath,
    adminToken: 'admin-token',
    tocsinToken: 'tocsin-token',
    manifests: ['identity.yaml', 'tocsin.yaml'].flatMap((name) =>
      readManifests(readFileSync(join(manifests, name), 'utf8')),
    ),
  });
  await sandbox.listen({ host: '127.0.0.1', port: 0 });
});

afterAll(async () => {
  await sandbox.close();
  rmSync(folder, { recursive: true });
});

interface Ran {
  readonly exitCode: number;
  readonly output: string;
}

/** What `npm run test:cluster` runs. */
function runClusterTests(args: readonly string[]): Promise<Ran> {
  const all = [join(ROOT, 'test/cluster/main.ts'), ...args];
  return new Promise((resolve) => {
    execFile(process.execPath, all, { cwd: ROOT, timeout: 200_000 }, (error, stdout, stderr) => {
      const exitCode = error === null ? 0 : Number(error.code ?? 1);
      resolve({ exitCode, output: `${stdout}${stderr}` });
    });
  });
}

describe('the cluster tests on the sandbox cluster', { timeout: 240_000 }, () => {
  it('pass with the rights of deploy/kubernetes alone, and leave nothing behind', async () => {
    const kubectl = createKubectl(kubeconfigPath);
    const namespaces = (): Promise<string> => kubectl('get', 'namespaces', '-o', 'name');
    const before = await namespaces();

    const { exitCode, output } = await runClusterTests(['--kubeconfig', kubeconfigPath]);

    expect(`${exitCode} ${output}`).toMatch(/^0 /);
    expect(output).toMatch(/Tests[^\n]* passed/);
    expect(output).not.toMatch(/skipped|failed/);
    expect(await namespaces()).toBe(before);
  });

  it('say how they are run when no kubeconfig is named', async () => {
    const { exitCode, output } = await runClusterTests([]);
    expect([exitCode, output]).toEqual([2, expect.stringContaining('--kubeconfig FILE')]);
  });
});

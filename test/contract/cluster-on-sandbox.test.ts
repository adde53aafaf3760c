import { randomBytes } from 'node:crypto';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { KubeRef } from '../../lib/domain/action/plan.ts';
import type { JsonObject } from '../../lib/domain/shared/json.ts';
import { createKubernetesSandbox } from '../../lib/local/sandbox/kubernetes/sandbox.ts';
import { systemTimekeeper } from '../../lib/local/shared/timekeeper.ts';
import {
  base64,
  clusterSubject,
  kubeconfig,
  rotatingTargets,
  secretFor,
} from './cluster-subject.ts';

/** The adapter on the cluster of one machine, with all rights or with none. */
async function start(token = 'admin-token') {
  const sandbox = createKubernetesSandbox({
    timekeeper: systemTimekeeper,
    randomBytes: (length) => randomBytes(length),
    adminToken: 'admin-token',
    tocsinToken: 'tocsin-token',
    manifests: [],
  });
  onTestFinished(() => sandbox.close());
  const server = await sandbox.listen({ host: '127.0.0.1', port: 0 });
  const secrets = rotatingTargets(secretFor({ server, caData: base64(sandbox.ca), token }));
  return clusterSubject({ access: kubeconfig, secrets }).opened();
}

const deployments = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop' } as const;

async function anyDeployment(cluster: Awaited<ReturnType<typeof start>>) {
  const listed = await cluster.list(deployments, '');
  const found = listed.ok ? listed.value[0] : undefined;
  if (found === undefined) throw new Error('The sandbox has no Deployment in its shop.');
  const { name, generation, uid } = found['metadata'] as { name: string } & JsonObject;
  const ref: KubeRef = { ...deployments, name };
  return { ref, generation: generation ?? null, uid: uid ?? null };
}

describe('the cluster of one machine', () => {
  it('is read, tried and changed', async () => {
    const cluster = await start();
    const { ref, uid, generation } = await anyDeployment(cluster);
    const patch = {
      ...{ ref, subresource: null, type: 'json' as const },
      body: [
        { op: 'test', path: '/metadata/uid', value: uid },
        { op: 'test', path: '/metadata/generation', value: generation },
        { op: 'replace', path: '/spec/replicas', value: 7 },
      ],
    };
    expect(await cluster.patch(patch, { isDryRun: true })).toMatchObject({
      ok: true,
      value: { spec: { replicas: 7 } },
    });
    expect(await cluster.get(ref)).not.toMatchObject({ value: { spec: { replicas: 7 } } });
    expect(await cluster.patch(patch, { isDryRun: false })).toMatchObject({ ok: true });
    expect(await cluster.get(ref)).toMatchObject({ value: { spec: { replicas: 7 } } });
    // The generation is another now: whoever planned with the old one is told so.
    expect(await cluster.patch(patch, { isDryRun: false })).toMatchObject({
      error: { kind: 'conflict', status: 422 },
    });
    expect(await cluster.may({ verb: 'patch', ref, subresource: null })).toEqual({
      ok: true,
      value: true,
    });
  });

  it('says what is not there, and what is not allowed', async () => {
    const cluster = await start();
    const { ref } = await anyDeployment(cluster);
    expect(await cluster.get({ ...ref, name: 'nobody' })).toMatchObject({
      error: { kind: 'not_found', reason: 'NotFound' },
    });
    const powerless = await start('tocsin-token');
    expect(await powerless.get(ref)).toMatchObject({
      error: { kind: 'rejected', status: 403, reason: 'Forbidden' },
    });
    expect(await powerless.may({ verb: 'get', ref, subresource: null })).toEqual({
      ok: true,
      value: false,
    });
    const stranger = await start('somebody-else');
    expect(await stranger.get(ref)).toMatchObject({ error: { kind: 'rejected', status: 401 } });
  });
});

import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemIds } from '../../lib/adapters/system/ids.ts';
import type { Plan, PlanStep } from '../../lib/domain/action/plan.ts';
import type { Actuator } from '../../lib/app/targets/actuator.ts';
import { readManifests } from '../../lib/codec/manifest.ts';
import type { ClusterSecret } from '../../lib/ports/secrets.ts';
import { createKubectl } from './kubectl.ts';
import { completed, targetIn, tocsinOn } from './tocsin.ts';

const namespace = `tocsin-test-${systemIds().slice(0, 8)}`;
const kubectl = createKubectl(namespace);
let secret: ClusterSecret;

/** A manifest of ours, in the namespace of the test alone: the account lives there too. */
function manifest(name: string): string {
  const text = readFileSync(new URL(`../../deploy/kubernetes/${name}`, import.meta.url), 'utf8');
  const here = text.replaceAll('namespace: tocsin', `namespace: ${namespace}`);
  const objects = readManifests(here).filter(({ kind }) => kind !== 'Namespace');
  return objects.map((object) => JSON.stringify(object)).join('\n');
}

const GOOD = 'registry.k8s.io/pause:3.9';
const BETTER = 'registry.k8s.io/pause:3.10';
/** There is no such tag. */
const BAD = 'registry.k8s.io/pause:nopull';

async function deploy(name: string, image: string): Promise<void> {
  const labels = { app: name };
  const template = { metadata: { labels }, spec: { containers: [{ name: 'app', image }] } };
  const spec = { replicas: 2, selector: { matchLabels: labels }, template };
  const object = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name }, spec };
  await kubectl.run(['apply', '-f', '-'], JSON.stringify(object));
}

const settled = (name: string): Promise<string> =>
  kubectl.run(['rollout', 'status', `deployment/${name}`, '--timeout=180s']);

interface View {
  readonly clusters: readonly [{ readonly cluster: Readonly<Record<string, string>> }];
}

beforeAll(async () => {
  await kubectl.run(['create', 'namespace', namespace]);
  await kubectl.run(['apply', '-f', '-'], manifest('identity.yaml'));
  await kubectl.run(['apply', '-f', '-'], manifest('tocsin.yaml'));
  // What kubectl shows of its own configuration has this shape.
  const view = (await kubectl.json(['config', 'view', '--raw', '--minify', '--flatten'])) as View;
  const { cluster } = view.clusters[0];
  secret = {
    server: cluster['server'] ?? null,
    caData: cluster['certificate-authority-data'] ?? null,
    tlsServerName: cluster['tls-server-name'] ?? null,
    token: (await kubectl.run(['create', 'token', 'tocsin'])).trim(),
    clientCertData: null,
    clientKeyData: null,
  };
});

afterAll(async () => {
  await kubectl.run(['delete', 'namespace', namespace, '--wait=false']);
});

const LOOKS = 90;

/** Looks until the step has converged; gives what was seen last. */
async function untilConverged(actuator: Actuator, plan: Plan, step: PlanStep): Promise<string> {
  let last = 'nothing';
  for (let looks = 0; looks < LOOKS; looks += 1) {
    const seen = await actuator.look(plan, step);
    last = seen.ok ? seen.value.convergence.kind : seen.error.message;
    if (last === 'converged') return last;
    await sleep(2_000);
  }
  return last;
}

const numbers = (history: string): readonly string[] =>
  [...history.matchAll(/^(\d+)\s/gm)].map(([, revision]) => revision ?? '');

describe('a broken deploy', () => {
  it('is rolled back by Tocsin as kubectl would have undone it', async () => {
    for (const name of ['ours', 'theirs']) {
      await deploy(name, GOOD);
      await settled(name);
      await deploy(name, BETTER);
      await settled(name);
      await deploy(name, BAD);
    }
    const { actuator, planning } = tocsinOn(secret, namespace);
    const asked = planning(targetIn(namespace, 'ours'));

    const draft = await actuator.plan(asked);
    if (!draft.ok) throw new Error(draft.error.message);
    const plan = completed(draft.value, asked);
    for (const step of plan.steps) {
      expect(await actuator.send(plan, step)).toMatchObject({ ok: true });
      expect(await untilConverged(actuator, plan, step)).toBe('converged');
    }
    await kubectl.run(['rollout', 'undo', 'deployment/theirs']);

    expect(await settled('ours')).toContain('successfully rolled out');
    expect(await settled('theirs')).toContain('successfully rolled out');
    const image = '-o=jsonpath={.spec.template.spec.containers[0].image}';
    const seen = async (name: string) => ({
      image: await kubectl.run(['get', 'deployment', name, image]),
      history: numbers(await kubectl.run(['rollout', 'history', `deployment/${name}`])),
    });
    expect(await seen('ours')).toEqual(await seen('theirs'));
    expect((await seen('ours')).image).toBe(BETTER);
  });

  it('is all that we could touch: the account has no other right', async () => {
    const as = `--as=system:serviceaccount:${namespace}:tocsin`;
    const can = (...words: readonly string[]): Promise<string> =>
      kubectl.run(['auth', 'can-i', ...words, as]).catch(() => 'no\n');

    expect(await can('patch', 'deployments')).toBe('yes\n');
    for (const words of [
      ['get', 'secrets'],
      ['create', 'pods'],
      ['create', 'pods/exec'],
      ['delete', 'deployments'],
      ['impersonate', 'serviceaccounts'],
      ['patch', 'deployments', '--namespace=default'],
    ]) {
      expect([words, await can(...words)]).toEqual([words, 'no\n']);
    }
  });
});

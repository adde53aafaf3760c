import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { approve, ask, isConverged, isOver, until } from './harness/acting.ts';
import { eventually } from './harness/eventually.ts';
import { readDeployment } from './harness/kubectl.ts';
import { startShop, writePolicy, type ApiAction, type Shop } from './harness/shop.ts';
import type { Tocsin } from './harness/tocsin.ts';
import { createUndo } from './harness/undo.ts';
import { readTimeline, runTocsin, type ApiIncident } from './harness/views.ts';

const folder = mkdtempSync(join(tmpdir(), 'tocsin-targets-'));
const undo = createUndo();
let shop: Tocsin & Shop;

beforeAll(async () => {
  undo.add(() => rmSync(folder, { recursive: true, force: true }));
  const policyFile = writePolicy(folder, {}, (policy) =>
    policy
      .replace('checks: [checkout-errors]', 'checks: [checkout-health]')
      .replace('soak: 30s, samples: 3', 'soak: 10s, samples: 2'),
  );
  shop = await startShop({ folder, policyFile });
  undo.add(shop.stop);
}, 180_000);

afterAll(undo.run, 60_000);

const SOON = { withinMs: 30_000 };

async function inSandbox<T>(path: string, body?: object): Promise<T> {
  const response = await fetch(
    `${shop.url}/sandbox/${path}`,
    body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) },
  );
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  // The sandboxes are ours, and the contract tests hold their shapes.
  return (await response.json()) as T;
}

interface Application {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly syncPolicy?: { readonly automated?: object } };
  readonly status: {
    readonly history: readonly { readonly id: number; readonly revision: string }[];
    readonly sync: { readonly status: string };
  };
}

async function accounts(): Promise<Application> {
  const { applications } = await inSandbox<{ applications: readonly Application[] }>(
    'argocd/state',
  );
  const found = applications.find(({ metadata }) => metadata.name === 'accounts');
  if (found === undefined) throw new Error('The sandbox has no Application accounts.');
  return found;
}

const runs = ({ status }: Application): string => status.history.at(-1)?.revision ?? '';

const accountsThat = (what: string, holds: (now: Application) => boolean): Promise<Application> =>
  eventually(
    `accounts ${what}`,
    async () => {
      const now = await accounts();
      return holds(now) ? now : undefined;
    },
    { withinMs: 60_000 },
  );

/** Argo CD rolls back at once; the proof of it takes its time, while the others go on. */
let rolledBack: ApiAction;

describe('what Argo CD keeps', { timeout: 240_000 }, () => {
  const alert = { name: 'SearchDown', service: 'search' };
  let incident: ApiIncident;

  it('is not touched in the cluster: the refusal names the owner’s way', async () => {
    const tracked = 'argocd.argoproj.io/tracking-id=accounts:apps/Deployment:shop/search';
    await shop.kubectl('annotate', 'deployment/search', tracked);
    const before = await readDeployment(shop.kubectl, 'search');
    incident = await shop.alert({ ...alert, status: 'firing' });
    const refused = await ask(shop, { incident, wish: 'rollback search', target: 'search' });
    expect([refused.state, refused.outcome]).toEqual([
      'refused',
      expect.stringContaining('Ask for `rollback accounts-app`, which goes through Argo CD'),
    ]);
    expect((await readDeployment(shop.kubectl, 'search')).spec).toEqual(before.spec);
    const told = await readTimeline(shop, incident.id);
    expect(told.some(({ text }) => text.includes('which would heal rollback back'))).toBe(true);
  });

  it('is rolled back through Argo CD, with auto-sync off', async () => {
    const [, good, bad] = (await accounts()).status.history.map(({ revision }) => revision);
    expect(runs(await accounts())).toBe(bad);
    const wish = { incident, wish: 'rollback accounts-app', target: 'accounts-app' };
    rolledBack = await ask(shop, wish);
    await approve(shop, rolledBack);
    const after = await accountsThat('runs the version before', (now) => runs(now) === good);
    expect(after.spec.syncPolicy?.automated).toBeUndefined();
    await shop.alert({ ...alert, status: 'resolved' });
  });
});

describe('a runbook in shadow, beside what people do', { timeout: 240_000 }, () => {
  let incident: ApiIncident;
  const labels = { runbook: 'bad-deploy' };
  const alert = { name: 'PayDown', service: 'checkout', labels };

  it('writes down what it would have done, and does nothing', async () => {
    await shop.kubectl('set', 'image', 'deployment/checkout', 'app=shop/checkout:1.4.3-broken');
    const before = await readDeployment(shop.kubectl, 'checkout');
    incident = await shop.alert({ ...alert, status: 'firing' });
    const shadow = await shop.actionOn(
      { incident: incident.id, target: 'checkout', what: 'in shadow' },
      ({ state }) => state === 'shadow',
    );
    expect(shadow.title).toBe('Roll back Deployment shop/checkout to revision 3');
    expect((await readDeployment(shop.kubectl, 'checkout')).spec).toEqual(before.spec);
    expect(await runTocsin(shop, ['actions', '--score'])).toMatch(
      /bad-deploy {2}shadow[\s\S]*shadows: 1, none compared yet, 1 open/,
    );
  });

  it('is scored once people have done the same and the incident is over', async () => {
    const action = await ask(shop, { incident, wish: 'rollback checkout', target: 'checkout' });
    await approve(shop, action);
    await until(shop, action, isConverged);
    await shop.alert({ ...alert, status: 'resolved' });
    expect(await until(shop, action, isOver)).toMatchObject({ state: 'verified' });
    await eventually(
      'the score',
      async () => {
        const score = await runTocsin(shop, ['actions', '--score']);
        return /shadows: 1, 100 % as people did \(1 same/.test(score) || undefined;
      },
      SOON,
    );
  });
});

describe('a revert in Git', { timeout: 240_000 }, () => {
  interface Repository {
    readonly proposals: readonly {
      readonly title: string;
      readonly branch: string;
      readonly state: string;
    }[];
    readonly branches: readonly {
      readonly name: string;
      readonly files: Readonly<Record<string, string>>;
    }[];
  }

  const state = async (): Promise<Repository> => {
    const { repositories } = await inSandbox<{ repositories: readonly [Repository] }>('git/state');
    return repositories[0];
  };

  const FILE = 'deploy/checkout/values.yaml';
  const filesOn = ({ branches }: Repository, branch: string): string =>
    branches.find(({ name }) => name === branch)?.files[FILE] ?? '';

  it('is proposed, and left to people to merge', async () => {
    const content = 'image: shop/checkout:1.4.3-broken\nreplicas: 3\n';
    await inSandbox('git/people/push', {
      repository: 'example/shop',
      author: 'lin',
      message: 'Deploy checkout 1.4.3',
      files: { [FILE]: content },
    });
    const incident = await shop.alert({ name: 'PayAgain', service: 'checkout', status: 'firing' });
    const action = await ask(shop, { incident, wish: 'revert checkout', target: 'checkout' });
    expect(action.state).toBe('proposed');
    await approve(shop, action);
    const after = await eventually(
      'the pull request',
      async () => {
        const now = await state();
        return now.proposals.length > 0 ? now : undefined;
      },
      SOON,
    );
    expect(after.proposals).toEqual([
      expect.objectContaining({ branch: `tocsin/revert-${action.id}`, state: 'open' }),
    ]);
    expect(filesOn(after, `tocsin/revert-${action.id}`)).toContain('shop/checkout:1.4.2');
    expect(filesOn(after, 'main')).toBe(content);
    expect(await until(shop, action, isOver)).toMatchObject({ state: 'done' });
  });
});

describe('the rollback through Argo CD', { timeout: 240_000 }, () => {
  it('was verified, and is synced by itself again once Git is right and somebody resumes', async () => {
    const { state, outcome } = await until(shop, rolledBack, isOver);
    expect([state, outcome]).toEqual(['verified', expect.stringMatching(/^All three signals/)]);
    const fixed = 'd1e9f27a83b46d5c1f0e2a9b8c7d6e5f4a3b2c05';
    await inSandbox('argocd/people/push', { application: 'accounts', revision: fixed });
    const incident = await shop.alert({ name: 'LoginSlow', service: 'accounts', status: 'firing' });
    const wish = { incident, wish: 'resume accounts-app', target: 'accounts-app' };
    await approve(shop, await ask(shop, wish));
    const settled = await accountsThat('runs the head of Git', (now) => runs(now) === fixed);
    expect(settled.spec.syncPolicy?.automated).toEqual({ prune: false, selfHeal: true });
  });
});

import { describe, expect, it } from 'vitest';
import type { ActionVerb } from '../../../lib/domain/action/verb.ts';
import { refTo } from '../../../lib/domain/kubernetes/refs.ts';
import type { JsonObject } from '../../../lib/domain/shared/json.ts';
import { autoscaler, deployment, replicaSet, type Shape } from './objects.ts';
import { createWorld, target, type Wanted } from './world.ts';

const history = [
  replicaSet('16', 'shop/checkout:1.4.1'),
  replicaSet('17', 'shop/checkout:1.4.2', { available: 4 }),
];

const flux = {
  labels: {
    'kustomize.toolkit.fluxcd.io/name': 'apps',
    'kustomize.toolkit.fluxcd.io/namespace': 'flux-system',
  },
};
const kustomization = (suspend: boolean): JsonObject => ({
  apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
  kind: 'Kustomization',
  metadata: { name: 'apps', namespace: 'flux-system' },
  spec: { suspend },
});
const argo = {
  annotations: { 'argocd.argoproj.io/tracking-id': 'shop:apps/Deployment:shop/checkout' },
};

const attempt = (shape: Shape, wanted: Partial<Wanted> = {}, more: readonly JsonObject[] = []) =>
  createWorld([deployment('17', shape), ...history, ...more]).plan({ verb: 'rollback', ...wanted });

const viaArgo = target(
  { kind: 'argocd', server: 'cd', project: 'prod', application: 'shop', appNamespace: null },
  { id: 'shop-app' },
);

describe('Where the owner would heal it', () => {
  it.each<readonly [string, Shape, string]>([
    [
      'Argo CD by its annotation',
      argo,
      'Deployment shop/checkout is kept by Argo CD (application shop), which would heal rollback back. Ask for `rollback shop-app`, which goes through Argo CD.',
    ],
    [
      'Argo CD in a namespace',
      {
        annotations: {
          'argocd.argoproj.io/tracking-id': 'team_shop:apps/Deployment:shop/checkout',
        },
      },
      'application shop',
    ],
    [
      'Argo CD by label and manager',
      {
        labels: { 'app.kubernetes.io/instance': 'shop' },
        metadata: { managedFields: [{ manager: 'argocd-controller' }] },
      },
      'application shop',
    ],
    [
      'Flux that cannot be asked',
      flux,
      'Deployment shop/checkout is kept by Flux Kustomization flux-system/apps, which could not be asked whether it is suspended and would heal rollback back. Suspend it first (`flux suspend kustomization apps -n flux-system`), or revert the commit in Git.',
    ],
    [
      'an operator',
      {
        metadata: { ownerReferences: [{ kind: 'Shop', name: 'main', uid: 'u', controller: true }] },
      },
      'Deployment shop/checkout is kept by Shop main, whose controller would undo the change. Change that object instead.',
    ],
    [
      'a Rollout that refers to it',
      { annotations: { 'rollout.argoproj.io/workload-generation': '3' } },
      'Make that Rollout a target of the policy and act on it.',
    ],
  ])('%s: refused with the way to go', async (_name, shape, message) => {
    const planned = await attempt(shape, { otherTargets: [viaArgo] });
    expect(planned).toMatchObject({ ok: false, error: { reason: 'owner_would_heal' } });
    expect(planned.ok ? '' : planned.error.message).toContain(message);
  });

  it('says how to let it go through Argo CD where the policy has no such target', async () => {
    const planned = await attempt(argo);
    expect(planned.ok ? '' : planned.error.message).toContain(
      'add it to the policy as a target of kind argocd',
    );
  });

  it('refuses while Flux is at work', async () => {
    const planned = await attempt(flux, {}, [kustomization(false)]);
    expect(planned.ok ? '' : planned.error.message).toContain(
      'which is not suspended and would heal',
    );
  });

  it('refuses to move the floor of an autoscaler that another object keeps', async () => {
    const keda = {
      ownerReferences: [{ kind: 'ScaledObject', name: 'shop', uid: 'u', controller: true }],
    };
    const planned = await attempt({}, { verb: 'scale', parameters: { replicas: '9' } }, [
      autoscaler({ min: 2, metadata: keda }),
    ]);
    expect(planned.ok ? '' : planned.error.message).toContain('is kept by ScaledObject shop');
  });
});

describe('Where nobody would heal it', () => {
  it.each<ActionVerb>(['restart', 'pause'])('%s is left alone by GitOps', async (verb) => {
    for (const shape of [argo, flux]) {
      const planned = await attempt(shape, { verb });
      expect(planned).toMatchObject({ ok: true });
      expect(planned.ok && planned.value.owner.says).toContain('is not in Git, so that it stays.');
    }
  });

  it('goes ahead where Flux is suspended, under the lock of its owner', async () => {
    const planned = await attempt(flux, {}, [kustomization(true)]);
    expect(planned.ok && planned.value.owner).toMatchObject({ kind: 'flux', name: 'apps' });
    expect(planned.ok && planned.value.locks).toContain('kubernetes/main/flux/apps');
  });

  it('only warns of Helm', async () => {
    const planned = await attempt({ annotations: { 'meta.helm.sh/release-name': 'shop' } });
    expect(planned.ok && planned.value.risks.join(' ')).toContain(
      'the next `helm upgrade` may put',
    );
  });

  it('raises the floor of an autoscaler whose workload is in Git and which itself is not', async () => {
    const world = createWorld([deployment('17', argo), ...history, autoscaler({ min: 2 })]);
    const plan = await world.mustPlan({ verb: 'scale', parameters: { replicas: '9' } });
    expect(plan.owner).toMatchObject({ kind: 'hpa', name: 'checkout-hpa' });
    expect(plan.steps[0]?.call).toMatchObject({
      ref: refTo('HorizontalPodAutoscaler', 'shop', 'checkout-hpa'),
    });
  });
});

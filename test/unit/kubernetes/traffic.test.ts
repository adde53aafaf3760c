import { describe, expect, it } from 'vitest';
import { judgeStep } from '../../../lib/domain/action/judge-step.ts';
import { refTo } from '../../../lib/domain/kubernetes/refs.ts';
import type { JsonObject } from '../../../lib/domain/shared/json.ts';
import { deployment, pod, replicaSet } from './objects.ts';
import { carryOut, createWorld, mustLook, stepAt, target } from './world.ts';

const metadata = (name: string, more: JsonObject = {}): JsonObject => ({
  name,
  namespace: 'shop',
  ...more,
});

const service = (version: string, ports: readonly JsonObject[] = []): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: metadata('checkout', { uid: 'uid-service' }),
  spec: { selector: { app: 'checkout', version }, ports },
});

const onService = target({
  kind: 'service',
  cluster: 'main',
  namespace: 'shop',
  name: 'checkout',
  selectorKey: 'version',
  sides: ['blue', 'green'],
});

const side = (version: string, count: number, isReady = true): readonly JsonObject[] =>
  Array.from({ length: count }, (_, index) =>
    pod(`checkout-${version}-${index}`, { version }, { isReady, ports: [{ name: 'http' }] }),
  );

const slice = (service: string, pods: readonly string[], isReady = true): JsonObject => ({
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: metadata(`${service}-1`, { labels: { 'kubernetes.io/service-name': service } }),
  endpoints: pods.map((name) => ({
    conditions: { ready: isReady },
    targetRef: { kind: 'Pod', name },
  })),
});

const switching = { verb: 'switch', target: onService } as const;

describe('Switching a Service', () => {
  it('moves one key of its selector, and is done when only the new side gets traffic', async () => {
    const world = createWorld([service('green'), ...side('blue', 2), ...side('green', 2)]);
    const plan = await world.mustPlan(switching);
    expect(plan.title).toBe('Switch Service shop/checkout from green to blue');
    await carryOut(world, plan);
    expect(world.cluster.find(refTo('Service', 'shop', 'checkout'))?.['spec']).toMatchObject({
      selector: { app: 'checkout', version: 'blue' },
    });
    world.cluster.put(slice('checkout', ['checkout-green-0', 'checkout-blue-0']));
    const seen = await mustLook(world, plan);
    expect(judgeStep({ actionId: 'a0123', step: stepAt(plan, 0), wasSent: true }, seen)).toBe(
      'applied',
    );
    expect(seen.convergence.says).toBe('1 pods of the other side still get traffic.');
    world.cluster.put(slice('checkout', ['checkout-blue-0']));
    expect((await mustLook(world, plan)).convergence.says).toContain('1 of 2 pods of the new side');
    world.cluster.put(slice('checkout', ['checkout-blue-0', 'checkout-blue-1']));
    expect((await mustLook(world, plan)).convergence.kind).toBe('converged');
  });

  it.each<readonly [string, readonly JsonObject[], string | undefined, string, string]>([
    [
      'a side that is not there',
      [service('green')],
      'red',
      'bad_parameter',
      'has the sides blue and green, not red',
    ],
    [
      'the side that serves',
      [service('green')],
      'green',
      'already_there',
      'points at green already',
    ],
    [
      'neither side',
      [service('canary')],
      undefined,
      'not_ready',
      'which is none of blue and green',
    ],
    [
      'too few ready pods',
      [service('green'), ...side('blue', 1), ...side('blue', 1, false), ...side('green', 2)],
      undefined,
      'not_ready',
      '0 of its pods are ready, and 2 are needed. Scale that side up first.',
    ],
    [
      'nobody at all',
      [service('green')],
      undefined,
      'not_ready',
      '0 of its pods are ready, and 1 are needed',
    ],
    [
      'a port that is missing',
      [service('green', [{ port: 80, targetPort: 'grpc' }]), ...side('blue', 1)],
      undefined,
      'not_ready',
      'its pods have no port named grpc',
    ],
    [
      'a side that still rolls',
      [
        service('green'),
        ...side('blue', 4),
        {
          ...replicaSet('17', 'a:1'),
          metadata: {
            ...(Object(replicaSet('17', 'a:1')['metadata']) as JsonObject),
            labels: { app: 'checkout', version: 'blue' },
          },
        },
        deployment('17', { status: { updatedReplicas: 1 } }),
      ],
      undefined,
      'not_ready',
      'Deployment checkout is still rolling. Wait until it is complete.',
    ],
    [
      'Argo Rollouts',
      [
        {
          ...service('green'),
          metadata: metadata('checkout', {
            uid: 'u',
            annotations: { 'argo-rollouts.argoproj.io/managed-by-rollouts': 'web' },
          }),
        },
      ],
      undefined,
      'owner_would_heal',
      'is kept by Argo Rollouts (web)',
    ],
  ])('refuses %s', async (_name, objects, to, reason, message) => {
    const planned = await createWorld(objects).plan({
      ...switching,
      parameters: to === undefined ? {} : { to },
    });
    expect(planned).toMatchObject({ ok: false, error: { reason } });
    expect(planned.ok ? '' : planned.error.message).toContain(message);
  });
});

const route = (weights: Readonly<Record<string, number | null>>): JsonObject => ({
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'HTTPRoute',
  metadata: metadata('checkout', { uid: 'uid-route' }),
  spec: {
    rules: [
      {
        backendRefs: Object.entries(weights).map(([name, weight]) =>
          weight === null ? { name } : { name, weight },
        ),
      },
    ],
  },
});

const onRoute = target({
  kind: 'http-route',
  cluster: 'main',
  namespace: 'shop',
  name: 'checkout',
  rule: 0,
});
const shifting = (to: string) => ({ verb: 'shift', target: onRoute, parameters: { to } }) as const;
const ready = [slice('blue', ['b']), slice('green', ['g'])];
const routeRef = refTo('HTTPRoute', 'shop', 'checkout');

describe('Shifting an HTTPRoute', () => {
  it.each([
    ['blue', [100, 0]],
    ['blue=90', [90, 10]],
    ['blue=25,green=75', [25, 75]],
  ] as const)('%s gives %o', async (to, [blue, green]) => {
    const world = createWorld([route({ blue: 0, green: null }), ...ready]);
    await carryOut(world, await world.mustPlan(shifting(to)));
    expect(world.cluster.find(routeRef)?.['spec']).toEqual({
      rules: [
        {
          backendRefs: [
            { name: 'blue', weight: blue },
            { name: 'green', weight: green },
          ],
        },
      ],
    });
  });

  it('is done when every gateway has taken it over', async () => {
    const world = createWorld([route({ blue: 0, green: 100 }), ...ready]);
    const plan = await world.mustPlan(shifting('blue'));
    await carryOut(world, plan);
    expect((await mustLook(world, plan)).convergence.says).toBe(
      'No gateway has taken the route yet.',
    );
    const parent = (observedGeneration: number): JsonObject => ({
      parentRef: { name: 'public' },
      conditions: ['Accepted', 'ResolvedRefs'].map((type) => ({
        type,
        status: 'True',
        observedGeneration,
      })),
    });
    const shifted = world.cluster.find(routeRef) ?? {};
    world.cluster.put({ ...shifted, status: { parents: [parent(1)] } });
    expect((await mustLook(world, plan)).convergence.says).toContain(
      'Gateway public has not taken',
    );
    world.cluster.put({ ...shifted, status: { parents: [parent(2)] } });
    expect((await mustLook(world, plan)).convergence.kind).toBe('converged');
  });

  it.each<readonly [string, readonly JsonObject[], string, string, string]>([
    [
      'an unknown backend',
      ready,
      'red',
      'bad_parameter',
      'its backends are blue and green. Received: red.',
    ],
    ['nothing', ready, '', 'bad_parameter', 'Received: nothing.'],
    ['more than all', ready, 'blue=190', 'bad_parameter', 'in per cent'],
    ['what it has', ready, 'green', 'already_there', 'has the weights blue=0, green=100 already'],
    [
      'an empty backend',
      [slice('blue', ['b'], false)],
      'blue',
      'not_ready',
      'cannot send more to blue: that Service has no ready endpoint',
    ],
  ])('refuses %s', async (_name, slices, to, reason, message) => {
    const planned = await createWorld([route({ blue: 0, green: 100 }), ...slices]).plan(
      shifting(to),
    );
    expect(planned).toMatchObject({ ok: false, error: { reason } });
    expect(planned.ok ? '' : planned.error.message).toContain(message);
  });
});

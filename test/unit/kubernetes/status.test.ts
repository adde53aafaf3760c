import { describe, expect, it } from 'vitest';
import { podTrouble } from '../../../lib/domain/kubernetes/pod-trouble.ts';
import { rolloutStatus } from '../../../lib/domain/kubernetes/rollout-status.ts';
import { selectorText } from '../../../lib/domain/kubernetes/selector.ts';
import type { JsonObject } from '../../../lib/domain/shared/json.ts';
import { epochMs } from '../../../lib/domain/shared/time.ts';
import { controllerRevision, deployment, pod, replicaSet, workload } from './objects.ts';
import { carryOut, createWorld, mustLook, startMs, target, workloadPlace } from './world.ts';

const observed = { observedGeneration: 5 };
const of = (kind: string, status: JsonObject, spec: JsonObject = {}): JsonObject =>
  workload({
    kind,
    metadata: { generation: 5 },
    status: { ...observed, ...status },
    spec,
  });

const deadline = (lastUpdateTime: string): JsonObject => ({
  conditions: [{ type: 'Progressing', reason: 'ProgressDeadlineExceeded', lastUpdateTime }],
});

// The order and the words of kubectl 1.36 `rollout status` (pkg/polymorphichelpers/rollout_status.go).
const rows: readonly (readonly [string, JsonObject, string, string])[] = [
  [
    'Deployment complete',
    of('Deployment', {}),
    'converged',
    'All 4 replicas are updated and available.',
  ],
  [
    'Deployment not observed',
    of('Deployment', { observedGeneration: 4 }),
    'waiting',
    'Its controller has not seen the change yet.',
  ],
  [
    'not observed comes before a deadline',
    of('Deployment', { observedGeneration: 4, ...deadline('2026-11-21T10:05:00Z') }),
    'waiting',
    'has not seen',
  ],
  [
    'deadline exceeded after our write',
    of('Deployment', deadline('2026-11-21T10:05:00Z')),
    'broken',
    'ProgressDeadlineExceeded',
  ],
  [
    'deadline exceeded before our write',
    of('Deployment', { updatedReplicas: 1, ...deadline('2026-11-21T09:59:59Z') }),
    'waiting',
    '1 of 4 new replicas',
  ],
  [
    'missing integers are zero',
    of('Deployment', { updatedReplicas: null }),
    'waiting',
    '0 of 4 new replicas were updated.',
  ],
  [
    'old replicas',
    of('Deployment', { replicas: 6 }),
    'waiting',
    '2 old replicas are still to end.',
  ],
  [
    'unavailable',
    of('Deployment', { availableReplicas: 3 }),
    'waiting',
    '3 of 4 updated replicas are available.',
  ],
  ['DaemonSet not observed', of('DaemonSet', { observedGeneration: 4 }), 'waiting', 'has not seen'],
  [
    'DaemonSet updating',
    of('DaemonSet', { desiredNumberScheduled: 3, updatedNumberScheduled: 1 }),
    'waiting',
    '1 of 3 new pods were updated.',
  ],
  [
    'DaemonSet unavailable',
    of('DaemonSet', { desiredNumberScheduled: 3, updatedNumberScheduled: 3, numberAvailable: 2 }),
    'waiting',
    '2 of 3 updated pods are available.',
  ],
  [
    'DaemonSet complete',
    of('DaemonSet', { desiredNumberScheduled: 3, updatedNumberScheduled: 3, numberAvailable: 3 }),
    'converged',
    'All 3 pods',
  ],
  [
    'DaemonSet by hand',
    of('DaemonSet', {}, { updateStrategy: { type: 'OnDelete' } }),
    'waiting',
    'OnDelete',
  ],
  [
    'StatefulSet never observed',
    of('StatefulSet', { observedGeneration: 0 }),
    'waiting',
    'has not seen',
  ],
  [
    'StatefulSet unready',
    of('StatefulSet', { readyReplicas: 3 }),
    'waiting',
    '3 of 4 pods are ready.',
  ],
  [
    'StatefulSet updating',
    of('StatefulSet', { updateRevision: 'b', currentRevision: 'a', updatedReplicas: 2 }),
    'waiting',
    '2 of 4 pods were updated.',
  ],
  [
    'StatefulSet complete',
    of('StatefulSet', { updateRevision: 'b', currentRevision: 'b' }),
    'converged',
    'All 4 pods',
  ],
  [
    'StatefulSet by hand',
    of('StatefulSet', {}, { updateStrategy: { type: 'OnDelete' } }),
    'waiting',
    'OnDelete',
  ],
  [
    'StatefulSet above its partition',
    of(
      'StatefulSet',
      { updatedReplicas: 1 },
      { updateStrategy: { rollingUpdate: { partition: 2 } } },
    ),
    'waiting',
    '1 of 2 pods above the partition',
  ],
  [
    'StatefulSet with its partition complete',
    of(
      'StatefulSet',
      { updatedReplicas: 2 },
      { updateStrategy: { rollingUpdate: { partition: 2 } } },
    ),
    'converged',
    'partition 2',
  ],
  [
    'Rollout with a text for a number',
    of('Rollout', { observedGeneration: '5', phase: 'Healthy' }),
    'converged',
    'Healthy',
  ],
  [
    'Rollout not observed',
    of('Rollout', { observedGeneration: '4', phase: 'Healthy' }),
    'waiting',
    'has not seen',
  ],
  [
    'Rollout unpausing',
    of('Rollout', { observedGeneration: '5', phase: 'Healthy', controllerPause: true }),
    'waiting',
    'Healthy',
  ],
  [
    'Rollout degraded',
    of('Rollout', { observedGeneration: '5', phase: 'Degraded', message: 'aborted' }),
    'broken',
    'Argo Rollouts says Degraded: aborted.',
  ],
  [
    'Rollout paused',
    of('Rollout', { observedGeneration: '5', phase: 'Paused' }),
    'waiting',
    'Paused',
  ],
];

describe('How far a rollout is', () => {
  it.each(rows)('%s', (_name, object, kind, says) => {
    const status = rolloutStatus(object, startMs);
    expect(status.kind).toBe(kind);
    expect(status.says).toContain(says);
  });
});

describe('Pods that cannot come up', () => {
  const hash = { 'pod-template-hash': 'hash16' };
  const ask = (reason: string, sinceS: number, labels: JsonObject = hash): string | null =>
    podTrouble({
      pods: [pod('checkout-a', labels, { isReady: false, reason })],
      podHash: 'hash16',
      sinceMs: startMs,
      nowMs: epochMs(startMs + sinceS * 1000),
    });

  it.each(['CrashLoopBackOff', 'ImagePullBackOff', 'CreateContainerConfigError'])(
    '%s lasts',
    (reason) => {
      expect(ask(reason, 9)).toBeNull();
      expect(ask(reason, 10)).toBe(`pod checkout-a is in ${reason}`);
    },
  );

  it('is not said of pods of another revision, nor of pods that start', () => {
    expect(ask('CrashLoopBackOff', 60, { 'pod-template-hash': 'hash17' })).toBeNull();
    expect(ask('ContainerCreating', 60)).toBeNull();
  });

  it('ends a rollback early, and never for the pods of the version that goes', async () => {
    const world = createWorld([
      deployment('17'),
      replicaSet('16', 'shop/checkout:1.4.1'),
      replicaSet('17', 'shop/checkout:1.4.2', { available: 4 }),
      pod('checkout-old', { 'pod-template-hash': 'hash17' }, { reason: 'CrashLoopBackOff' }),
    ]);
    const plan = await world.mustPlan({ verb: 'rollback' });
    await carryOut(world, plan);
    world.advance(30_000);
    expect((await mustLook(world, plan)).convergence.kind).toBe('waiting');
    world.cluster.put(pod('checkout-new', hash, { isReady: false, reason: 'ImagePullBackOff' }));
    expect((await mustLook(world, plan)).convergence).toEqual({
      kind: 'broken',
      says: 'Its new pods do not come up: pod checkout-new is in ImagePullBackOff.',
    });
  });

  it('knows the pods of a DaemonSet', async () => {
    const world = createWorld([
      workload({ kind: 'DaemonSet', status: { desiredNumberScheduled: 2 } }),
      controllerRevision('DaemonSet', 1, 'shop/checkout:1.4.1'),
      controllerRevision('DaemonSet', 2, 'shop/checkout:1.4.2'),
      pod('checkout-x', { 'controller-revision-hash': 'rev1' }, { reason: 'CrashLoopBackOff' }),
    ]);
    const plan = await world.mustPlan({
      verb: 'rollback',
      target: target(workloadPlace('DaemonSet')),
    });
    await carryOut(world, plan);
    world.advance(30_000);
    const put = world.cluster.find({
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      namespace: 'shop',
      name: 'checkout',
    });
    world.cluster.put({ ...put, status: { observedGeneration: 2, desiredNumberScheduled: 2 } });
    expect((await mustLook(world, plan)).convergence.kind).toBe('broken');
  });
});

describe('A selector as text', () => {
  it('has labels and expressions', () => {
    const matchExpressions = [
      { key: 'tier', operator: 'In', values: ['a', 'b'] },
      { key: 'env', operator: 'NotIn', values: ['dev'] },
      { key: 'x', operator: 'Exists' },
      { key: 'y', operator: 'DoesNotExist' },
    ];
    const object = { spec: { selector: { matchLabels: { app: 'web' }, matchExpressions } } };
    expect(selectorText(object)).toBe('app=web,tier in (a,b),env notin (dev),x,!y');
  });
});

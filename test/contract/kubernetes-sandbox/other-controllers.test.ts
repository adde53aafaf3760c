import { describe, expect, it } from 'vitest';
import {
  isSetAt,
  labelsOf,
  listAt,
  nameOf,
  textAt,
  valueAt,
  withValue,
  type KubeObject,
} from '../../../lib/local/sandbox/kubernetes/fields.ts';
import { createHealer } from '../../../lib/local/sandbox/kubernetes/controllers/healer.ts';
import { POD } from '../../../lib/local/sandbox/kubernetes/controllers/world.ts';
import { steppedCluster, workload } from './fixture.ts';
import { countAt, isReady, reasonOf, withImage } from './reading.ts';

const images = (pods: readonly KubeObject[]): readonly string[] =>
  pods.map((pod) => textAt(pod, 'spec', 'containers', '0', 'image'));

function running(kind: string, spec = {}) {
  const cluster = steppedCluster();
  cluster.make(workload(kind, 'shop/web:1', spec));
  cluster.time.pass(20_000);
  const deploy = (image: string): void => {
    cluster.change(kind, 'web', (object) => withImage(object, image));
  };
  return { ...cluster, deploy };
}

describe('the StatefulSet controller', () => {
  it('replaces its pods from the highest down, and then calls the update done', () => {
    const { time, deploy, list, get } = running('StatefulSet', { replicas: 3 });
    const before = textAt(get('StatefulSet', 'web'), 'status', 'currentRevision');

    deploy('shop/web:2');
    time.pass(2_500);
    expect(images(list('Pod'))).toEqual(['shop/web:1', 'shop/web:1', 'shop/web:2']);
    expect(textAt(get('StatefulSet', 'web'), 'status', 'currentRevision')).toBe(before);
    time.pass(20_000);

    const after = get('StatefulSet', 'web');
    expect(textAt(after, 'status', 'currentRevision')).not.toBe(before);
    expect(valueAt(after, 'status', 'currentRevision')).toBe(
      valueAt(after, 'status', 'updateRevision'),
    );
    expect(
      list('ControllerRevision')
        .map((one) => countAt(one, 'revision'))
        .sort(),
    ).toEqual([1, 2]);
  });

  it('stays stuck behind a pod that never gets ready, until somebody deletes that pod', () => {
    const cluster = running('StatefulSet', { replicas: 3 });
    const { time, deploy, list, get, store } = cluster;

    deploy('shop/web:2-broken');
    time.pass(10_000);
    deploy('shop/web:1');
    time.pass(60_000);
    const stuck = list('Pod').find((pod) => !isReady(pod));
    expect(stuck && nameOf(stuck)).toBe('web-2');
    expect(stuck && images([stuck])).toEqual(['shop/web:2-broken']);
    // Pods of a StatefulSet carry the whole name of their revision, as the real controller has it.
    const set = get('StatefulSet', 'web');
    expect(labelsOf(get('Pod', 'web-0'))['controller-revision-hash']).toBe(
      textAt(set, 'status', 'updateRevision'),
    );
    expect(stuck && labelsOf(stuck)['controller-revision-hash']).toMatch(/^web-/);
    expect(stuck && labelsOf(stuck)['controller-revision-hash']).not.toBe(
      textAt(set, 'status', 'updateRevision'),
    );

    if (stuck !== undefined) store.replace(POD, leaving(stuck));
    time.pass(10_000);

    expect(list('Pod').filter(isReady)).toHaveLength(3);
    expect(new Set(images(list('Pod')))).toEqual(new Set(['shop/web:1']));
  });

  it('does not get stuck with podManagementPolicy Parallel', () => {
    const { time, deploy, list } = running('StatefulSet', {
      replicas: 3,
      podManagementPolicy: 'Parallel',
    });

    deploy('shop/web:2-broken');
    time.pass(10_000);
    deploy('shop/web:1');
    time.pass(60_000);

    expect(list('Pod').filter(isReady)).toHaveLength(3);
  });

  it('leaves pods below the partition alone', () => {
    const { time, deploy, list } = running('StatefulSet', {
      replicas: 3,
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 2 } },
    });

    deploy('shop/web:2');
    time.pass(60_000);

    expect(images(list('Pod'))).toEqual(['shop/web:1', 'shop/web:1', 'shop/web:2']);
  });
});

const leaving = (pod: KubeObject): KubeObject =>
  withValue(pod, ['metadata', 'deletionTimestamp'], '2026-03-01T11:00:00Z');

describe('the DaemonSet controller', () => {
  it('runs one pod on each node, and replaces one at a time', () => {
    const { time, deploy, list, get } = running('DaemonSet');
    expect(new Set(list('Pod').map((pod) => textAt(pod, 'spec', 'nodeName'))).size).toBe(3);

    deploy('shop/web:2-hangs');
    time.pass(30_000);

    expect(list('Pod').filter(isReady)).toHaveLength(2);
    expect(countAt(get('DaemonSet', 'web'), 'status', 'updatedNumberScheduled')).toBe(1);
  });
});

describe('the autoscaler', () => {
  const hpa = (minReplicas: number, maxReplicas: number): KubeObject => ({
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: 'web', namespace: 'shop' },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
      minReplicas,
      maxReplicas,
    },
  });

  it.each([
    ['raises to its least', 1, 3, 5, 3],
    ['lowers to its most', 9, 3, 5, 5],
    ['leaves what is between', 4, 3, 5, 4],
    ['leaves zero, which is a stop', 0, 3, 5, 0],
  ])('%s', (_, now, least, most, then) => {
    const { time, make, get } = running('Deployment', { replicas: now });

    make(hpa(least, most));
    time.pass(16_000);

    expect(countAt(get('Deployment', 'web'), 'spec', 'replicas')).toBe(then);
  });

  it('acts within a period when its least is raised', () => {
    const { time, make, get, change } = running('Deployment', { replicas: 3 });
    make(hpa(3, 9));
    time.pass(16_000);

    change('HorizontalPodAutoscaler', 'web', (object) =>
      withValue(object, ['spec', 'minReplicas'], 6),
    );
    time.pass(15_000);

    expect(countAt(get('Deployment', 'web'), 'spec', 'replicas')).toBe(6);
  });
});

describe('endpoints', () => {
  it('follow the selector of a Service, and tell who is ready', () => {
    const { time, make, list, change } = running('Deployment', { replicas: 2 });
    make({
      kind: 'Service',
      metadata: { name: 'web', namespace: 'shop' },
      spec: { selector: { app: 'web' }, ports: [{ port: 80 }] },
    });
    time.pass(10);
    const endpoints = () => listAt(list('EndpointSlice')[0], 'endpoints');
    expect(endpoints().map((one) => isSetAt(one, 'conditions', 'ready'))).toEqual([true, true]);

    change('Service', 'web', (object) => withValue(object, ['spec', 'selector'], { app: 'no' }));
    time.pass(10);

    expect(endpoints()).toEqual([]);
  });
});

describe('the Rollout controller', () => {
  const steps = [
    { setWeight: 20 },
    { pause: {} },
    { setWeight: 60 },
    { pause: { duration: '30s' } },
  ];
  const canary = { replicas: 5, strategy: { canary: { steps } } };
  const status = (fields: Readonly<Record<string, boolean | null>>) => (object: KubeObject) =>
    Object.entries(fields).reduce(
      (made, [name, value]) => withValue(made, ['status', name], value ?? undefined),
      object,
    );
  const sizes = (list: (kind: string) => readonly KubeObject[]) =>
    list('ReplicaSet')
      .map((set) => [
        textAt(set, 'spec', 'template', 'spec', 'containers', '0', 'image'),
        countAt(set, 'spec', 'replicas'),
      ])
      .sort();

  it('waits at a pause for somebody, then at one with a duration for its time', () => {
    const { time, deploy, get, list, change } = running('Rollout', canary);
    expect(textAt(get('Rollout', 'web'), 'status', 'phase')).toBe('Healthy');

    deploy('shop/web:2');
    time.pass(60_000);
    expect(textAt(get('Rollout', 'web'), 'status', 'phase')).toBe('Paused');
    expect(sizes(list)).toEqual([
      ['shop/web:1', 4],
      ['shop/web:2', 1],
    ]);

    change('Rollout', 'web', status({ pauseConditions: null }));
    time.pass(10_000);
    expect(sizes(list)).toEqual([
      ['shop/web:1', 2],
      ['shop/web:2', 3],
    ]);
    time.pass(60_000);

    const done = get('Rollout', 'web');
    expect(textAt(done, 'status', 'phase')).toBe('Healthy');
    expect(valueAt(done, 'status', 'stableRS')).toBe(valueAt(done, 'status', 'currentPodHash'));
    expect(sizes(list)).toEqual([
      ['shop/web:1', 0],
      ['shop/web:2', 5],
    ]);
  });

  it('goes back to the stable version when it is aborted, is Degraded, and can be retried', () => {
    const { time, deploy, get, list, change } = running('Rollout', canary);
    deploy('shop/web:2-broken');
    time.pass(10_000);
    expect(textAt(get('Rollout', 'web'), 'status', 'phase')).toBe('Progressing');

    change('Rollout', 'web', status({ abort: true }));
    time.pass(10_000);
    const aborted = get('Rollout', 'web');
    expect(textAt(aborted, 'status', 'phase')).toBe('Degraded');
    expect(reasonOf(aborted, 'Progressing')).toBe('RolloutAborted');
    expect(valueAt(aborted, 'status', 'canary', 'weights', 'canary', 'weight')).toBe(0);
    expect(sizes(list)).toEqual([
      ['shop/web:1', 5],
      ['shop/web:2-broken', 0],
    ]);

    change('Rollout', 'web', status({ abort: false }));
    time.pass(10_000);
    expect(textAt(get('Rollout', 'web'), 'status', 'phase')).toBe('Progressing');

    deploy('shop/web:1');
    time.pass(10_000);
    expect(textAt(get('Rollout', 'web'), 'status', 'phase')).toBe('Healthy');
    expect(sizes(list)).toEqual([
      ['shop/web:1', 5],
      ['shop/web:2-broken', 0],
    ]);
  });

  it('skips steps and pauses when it is promoted fully', () => {
    const { time, deploy, get, change } = running('Rollout', canary);
    deploy('shop/web:2');
    time.pass(10_000);

    change('Rollout', 'web', status({ promoteFull: true }));
    time.pass(10_000);

    expect(textAt(get('Rollout', 'web'), 'status', 'phase')).toBe('Healthy');
    expect(isSetAt(get('Rollout', 'web'), 'status', 'promoteFull')).toBe(false);
  });

  it('writes the observed generation as a text, as Argo Rollouts does', () => {
    const { get } = running('Rollout', canary);

    expect(valueAt(get('Rollout', 'web'), 'status', 'observedGeneration')).toBe('1');
  });
});

describe('the kubelet', () => {
  it.each([
    ['shop/web:1', 1_000, true],
    ['shop/web:1-slow', 20_000, true],
    ['shop/web:1-slow', 19_000, false],
    ['shop/web:hangs', 600_000, false],
    ['shop/web:broken', 600_000, false],
    ['registry:5000/broken/web:1', 1_000, true],
  ])('makes a pod of %s after %i ms ready: %s', (image, ms, ready) => {
    const { time, make, list } = steppedCluster();

    make(workload('Deployment', image));
    time.pass(ms);

    expect(list('Pod').map(isReady)).toEqual([ready]);
  });

  it('restarts what crashes more and more slowly', () => {
    const { time, make, list } = steppedCluster();
    make(workload('Deployment', 'shop/web:broken'));
    const restarts = (): number =>
      countAt(list('Pod')[0], 'status', 'containerStatuses', '0', 'restartCount');

    const seen = [5, 10, 20, 40, 80].map((s) => {
      time.pass(s * 1_000);
      return restarts();
    });

    expect(seen).toEqual([1, 2, 3, 4, 5]);
  });
});

describe('the healer', () => {
  it('puts a changed spec back after two seconds, for as long as it is switched on', () => {
    const fault = { kind: 'healer', of: 'Deployment', namespace: 'shop', name: 'web' } as const;
    let isOn = true;
    const { time, make, get, change } = steppedCluster([createHealer(() => (isOn ? [fault] : []))]);
    const scale = (replicas: number): void => {
      change('Deployment', 'web', (object) => withValue(object, ['spec', 'replicas'], replicas));
    };
    const replicas = (): number => countAt(get('Deployment', 'web'), 'spec', 'replicas');
    make(workload('Deployment', 'shop/web:1', { replicas: 2 }));
    time.pass(5_000);

    scale(5);
    time.pass(1_900);
    expect(replicas()).toBe(5);
    time.pass(200);
    expect(replicas()).toBe(2);

    isOn = false;
    scale(5);
    time.pass(10_000);
    expect(replicas()).toBe(5);
  });
});

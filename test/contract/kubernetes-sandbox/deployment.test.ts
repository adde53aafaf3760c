import { describe, expect, it } from 'vitest';
import { annotationOf, countAt, isReady, reasonOf, withImage } from './reading.ts';
import { steppedCluster, workload } from './fixture.ts';
import { textAt, withValue } from '../../../lib/local/sandbox/kubernetes/fields.ts';

const REVISION = 'deployment.kubernetes.io/revision';

/** A Deployment of four whose first version is up. */
function running(spec = {}) {
  const cluster = steppedCluster();
  cluster.make(workload('Deployment', 'shop/web:1', { replicas: 4, ...spec }));
  cluster.time.pass(5_000);
  const deploy = (image: string): void => {
    cluster.change('Deployment', 'web', (object) => withImage(object, image));
  };
  const sets = () =>
    cluster
      .list('ReplicaSet')
      .map((set) => [annotationOf(set, REVISION), countAt(set, 'spec', 'replicas')] as const)
      .sort(([one], [other]) => Number(one) - Number(other));
  return { ...cluster, deploy, sets };
}

describe('the Deployment controller', () => {
  it('brings up the first version, and says so', () => {
    const { get } = running();

    const status = get('Deployment', 'web');

    expect(countAt(status, 'status', 'availableReplicas')).toBe(4);
    expect(reasonOf(status, 'Progressing')).toBe('NewReplicaSetAvailable');
    expect(annotationOf(status, REVISION)).toBe('1');
  });

  it('never has fewer pods than maxUnavailable allows, nor more than maxSurge', () => {
    const { time, deploy, list, get } = running();
    const seen: (readonly [number, number])[] = [];

    deploy('shop/web:2');
    for (let step = 0; step < 60; step += 1) {
      time.pass(250);
      const pods = list('Pod').filter((pod) => textAt(pod, 'metadata', 'deletionTimestamp') === '');
      seen.push([pods.length, pods.filter(isReady).length]);
    }

    expect(Math.max(...seen.map(([all]) => all))).toBe(5);
    expect(Math.min(...seen.map(([, ready]) => ready))).toBe(3);
    expect(reasonOf(get('Deployment', 'web'), 'Progressing')).toBe('NewReplicaSetAvailable');
    expect(countAt(get('Deployment', 'web'), 'status', 'updatedReplicas')).toBe(4);
  });

  it.each([
    ['crashes', 'shop/web:2-broken', 'CrashLoopBackOff'],
    ['cannot be pulled', 'shop/web:2-nopull', 'ImagePullBackOff'],
  ])('keeps the old version serving when the new one %s', (_, image, reason) => {
    const { time, deploy, list, get } = running();

    deploy(image);
    time.pass(30_000);

    const pods = list('Pod');
    const waiting = pods.map((pod) =>
      textAt(pod, 'status', 'containerStatuses', '0', 'state', 'waiting', 'reason'),
    );
    expect(pods.filter(isReady)).toHaveLength(3);
    expect(waiting.filter((one) => one === reason)).toHaveLength(2);
    expect(reasonOf(get('Deployment', 'web'), 'Progressing')).toBe('ReplicaSetUpdated');
  });

  it('gives up when the deadline is over, and not before', () => {
    const { time, deploy, get } = running({ progressDeadlineSeconds: 30 });

    deploy('shop/web:2-hangs');
    time.pass(29_000);
    expect(reasonOf(get('Deployment', 'web'), 'Progressing')).toBe('ReplicaSetUpdated');
    time.pass(5_000);

    expect(reasonOf(get('Deployment', 'web'), 'Progressing')).toBe('ProgressDeadlineExceeded');
  });

  it('reuses the ReplicaSet of a template that comes back, under a new highest number', () => {
    const { time, deploy, sets, list } = running();

    deploy('shop/web:2-broken');
    time.pass(5_000);
    deploy('shop/web:1');
    time.pass(20_000);

    expect(sets()).toEqual([
      ['2', 0],
      ['3', 4],
    ]);
    const [current] = list('ReplicaSet').filter((set) => annotationOf(set, REVISION) === '3');
    const history = 'deployment.kubernetes.io/revision-history';
    expect(current && annotationOf(current, history)).toBe('1');
  });

  it('keeps no more old ReplicaSets than the limit', () => {
    const { time, deploy, sets } = running({ revisionHistoryLimit: 1 });

    for (const version of ['2', '3', '4']) {
      deploy(`shop/web:${version}`);
      time.pass(30_000);
    }

    expect(sets().map(([revision]) => revision)).toEqual(['3', '4']);
  });

  it('does nothing with a new template while it is paused', () => {
    const { time, deploy, change, sets, get } = running();
    change('Deployment', 'web', (object) => withValue(object, ['spec', 'paused'], true));

    deploy('shop/web:2');
    time.pass(30_000);
    expect(sets()).toEqual([['1', 4]]);
    expect(reasonOf(get('Deployment', 'web'), 'Progressing')).toBe('DeploymentPaused');
    change('Deployment', 'web', (object) => withValue(object, ['spec', 'paused'], false));
    time.pass(30_000);

    expect(sets()).toEqual([
      ['1', 0],
      ['2', 4],
    ]);
  });

  it('ends all old pods before the first new one with the strategy Recreate', () => {
    const { time, deploy, list } = running({ strategy: { type: 'Recreate' } });
    const old = new Set(list('Pod').map((pod) => textAt(pod, 'metadata', 'uid')));
    let mixed = 0;

    deploy('shop/web:2');
    for (let step = 0; step < 40; step += 1) {
      time.pass(100);
      const left = list('Pod').map((pod) => old.has(textAt(pod, 'metadata', 'uid')));
      if (left.includes(true) && left.includes(false)) mixed += 1;
    }

    expect(mixed).toBe(0);
    expect(list('Pod').filter(isReady)).toHaveLength(4);
  });

  it('spreads more replicas over both versions of a rollout that hangs', () => {
    const { time, deploy, change, sets } = running();
    deploy('shop/web:2-hangs');
    time.pass(10_000);
    expect(sets()).toEqual([
      ['1', 3],
      ['2', 2],
    ]);

    change('Deployment', 'web', (object) => withValue(object, ['spec', 'replicas'], 8));
    time.pass(1_000);

    expect(sets()).toEqual([
      ['1', 6],
      ['2', 4],
    ]);
  });
});

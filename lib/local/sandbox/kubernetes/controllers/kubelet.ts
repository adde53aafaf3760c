import { createHash } from 'node:crypto';
import type { Json, JsonObject } from '../../../../domain/shared/json.ts';
import {
  countAt,
  instant,
  instantAt,
  isLeaving,
  listAt,
  nameOf,
  namespaceOf,
  objectAt,
  textAt,
  uidOf,
  withValue,
  type KubeObject,
} from '../fields.ts';
import { behaviourAt, type Running } from './behaviour.ts';
import { conditionOf, dated, NODE, POD, withStatus, type Controller, type World } from './world.ts';

/** Long enough to be seen. */
const STOP_MS = 1_000;

/** Runs pods: places them on a node, starts them as their image behaves, and stops them. */
export function createKubelet(): Controller {
  // Kubernetes writes instants in whole seconds, which is too rough for what lasts one.
  const bornAtMs = new Map<string, number>();
  const leavesAtMs = new Map<string, number>();
  const first = (known: Map<string, number>, uid: string, atMs: number): number => {
    const at = known.get(uid) ?? atMs;
    known.set(uid, at);
    return at;
  };
  return (world) => {
    const { store, nowMs } = world;
    const pods = store.list(POD);
    for (const pod of pods) {
      const uid = uidOf(pod);
      if (isLeaving(pod)) {
        const goneAtMs = first(leavesAtMs, uid, nowMs) + STOP_MS;
        if (goneAtMs <= nowMs) store.remove(POD, pod);
        else world.wakeAt(goneAtMs);
        continue;
      }
      const created = instantAt(pod, 'metadata', 'creationTimestamp');
      const isFresh = nowMs - created < 1_000;
      run(world, pod, nowMs - first(bornAtMs, uid, isFresh ? nowMs : created));
    }
    forget(bornAtMs, pods);
    forget(leavesAtMs, pods);
  };
}

function forget(known: Map<string, number>, pods: readonly KubeObject[]): void {
  const uids = new Set(pods.map(uidOf));
  for (const uid of known.keys()) if (!uids.has(uid)) known.delete(uid);
}

function run(world: World, pod: KubeObject, ageMs: number): void {
  const { store, nowMs } = world;
  const running = listAt(pod, 'spec', 'containers').map((container) => ({
    container,
    is: behaviourAt(textAt(container, 'image'), ageMs),
  }));
  const next = Math.min(...running.map(({ is }) => is.changesAtMs));
  if (Number.isFinite(next)) world.wakeAt(nowMs - ageMs + next);
  const placed =
    textAt(pod, 'spec', 'nodeName') === ''
      ? withValue(pod, ['spec', 'nodeName'], nodeFor(world, pod))
      : pod;
  const status = statusOf(pod, running, nowMs);
  const after = store.replace(POD, withStatus(placed, status));
  if (after !== pod) tell(world, after, running);
}

function nodeFor({ store }: World, pod: KubeObject): string {
  const nodes = store.list(NODE);
  const node = nodes[(hashOf(uidOf(pod))[0] ?? 0) % Math.max(nodes.length, 1)];
  return node === undefined ? '' : nameOf(node);
}

const hashOf = (text: string): Buffer => createHash('sha256').update(text).digest();

interface Contained {
  readonly container: Json;
  readonly is: Running;
}

function statusOf(pod: KubeObject, contained: readonly Contained[], nowMs: number): JsonObject {
  const isUp = contained.every(({ is }) => is.kind === 'running');
  const isReady = contained.every(({ is }) => is.kind === 'running' && is.isReady);
  const names = contained.filter(({ is }) => !(is.kind === 'running' && is.isReady));
  const unready = names.map(({ container }) => textAt(container, 'name')).join(' ');
  const why = {
    reason: 'ContainersNotReady',
    message: `containers with unready status: [${unready}]`,
  };
  const conditions = [
    { type: 'PodScheduled', isTrue: true },
    { type: 'Initialized', isTrue: true },
    { type: 'ContainersReady', isTrue: isReady },
    { type: 'Ready', isTrue: isReady },
  ].map(({ type, isTrue }) =>
    dated(
      {
        type,
        status: isTrue ? 'True' : 'False',
        ...(isTrue ? { reason: '', message: '' } : why),
      },
      conditionOf(pod, type),
      nowMs,
    ),
  );
  const [, second = 0, third = 0] = hashOf(uidOf(pod));
  const hasStarted = contained.some(({ is }) => is.kind === 'running' || is.restarts > 0);
  return {
    phase: isUp || hasStarted ? 'Running' : 'Pending',
    podIP: `10.244.${String(second)}.${String(third)}`,
    startTime: textAt(pod, 'status', 'startTime') || instant(nowMs),
    conditions,
    containerStatuses: contained.map((one) => containerStatus(pod, one, nowMs)),
  };
}

function containerStatus(pod: KubeObject, { container, is }: Contained, nowMs: number): JsonObject {
  const name = textAt(container, 'name');
  const before = listAt(pod, 'status', 'containerStatuses').find(
    (one) => textAt(one, 'name') === name,
  );
  const startedAt = textAt(before, 'state', 'running', 'startedAt') || instant(nowMs);
  const crashed = { exitCode: 1, reason: 'Error', finishedAt: instant(nowMs) };
  const isSameCrash = is.restarts === countAt(before, 'restartCount');
  const lastCrash = isSameCrash ? objectAt(before, 'lastState') : { terminated: crashed };
  return {
    name,
    image: textAt(container, 'image'),
    imageID: is.kind === 'running' ? `sandbox/${textAt(container, 'image')}` : '',
    ready: is.kind === 'running' && is.isReady,
    started: is.kind === 'running',
    restartCount: is.restarts,
    lastState: is.restarts === 0 ? {} : lastCrash,
    state:
      is.kind === 'running'
        ? { running: { startedAt } }
        : { waiting: { reason: is.reason, message: is.message } },
  };
}

function tell(world: World, pod: KubeObject, contained: readonly Contained[]): void {
  for (const { container, is } of contained) {
    if (is.kind !== 'waiting' || is.reason === 'ContainerCreating') continue;
    const name = textAt(container, 'name');
    const isPull = is.reason !== 'CrashLoopBackOff';
    const where = `${nameOf(pod)}_${namespaceOf(pod)}`;
    world.note({
      about: pod,
      type: 'Warning',
      reason: isPull ? 'Failed' : 'BackOff',
      message: isPull
        ? `Failed to pull image "${textAt(container, 'image')}": not found`
        : `Back-off restarting failed container ${name} in pod ${where}`,
      by: 'kubelet',
    });
  }
}

import type { Timekeeper } from '../../../shared/timekeeper.ts';
import type { Store } from '../store/store.ts';
import { collectGarbage } from './garbage.ts';
import { syncDaemonSets } from './daemon-set.ts';
import { syncDeployments } from './deployment.ts';
import { syncEndpoints } from './endpoints.ts';
import { noteEvent } from './events.ts';
import { createAutoscaler } from './hpa.ts';
import { syncRoutes } from './http-route.ts';
import { createKubelet } from './kubelet.ts';
import { syncReplicaSets } from './replica-set.ts';
import { syncRollouts } from './rollout.ts';
import { syncStatefulSets } from './stateful-set.ts';
import type { Controller, World } from './world.ts';

export interface ControlRequest {
  readonly store: Store;
  readonly timekeeper: Timekeeper;
  readonly suffix: () => string;
  /** Beside those of Kubernetes, such as somebody else's GitOps. */
  readonly others: readonly Controller[];
}

/** All controllers, run whenever something changed or is due. */
export interface ControlLoop {
  /** Runs them now, until they agree. */
  readonly turn: () => void;
  readonly stop: () => void;
}

/** A bound for controllers that would disagree for ever; four rounds are usual. */
const MAX_ROUNDS = 50;

export function startControlLoop(request: ControlRequest): ControlLoop {
  const { store, timekeeper } = request;
  const controllers = [...ownControllers(), ...request.others];
  let cancel: () => void = () => undefined;
  let dueAtMs = Infinity;
  let isRunning = false;
  const schedule = (atMs: number): void => {
    if (isRunning || atMs >= dueAtMs) return;
    cancel();
    dueAtMs = atMs;
    cancel = timekeeper.after(atMs - timekeeper.nowMs(), turn);
  };
  function turn(): void {
    isRunning = true;
    cancel();
    const nextAtMs = runControllers(request, controllers);
    isRunning = false;
    dueAtMs = Infinity;
    if (Number.isFinite(nextAtMs)) schedule(nextAtMs);
  }
  const release = store.subscribe(() => schedule(timekeeper.nowMs()));
  schedule(timekeeper.nowMs());
  return {
    turn,
    stop: () => {
      release();
      cancel();
      dueAtMs = -Infinity;
    },
  };
}

const ownControllers = (): readonly Controller[] => [
  createKubelet(),
  collectGarbage,
  syncReplicaSets,
  syncDeployments,
  syncStatefulSets,
  syncDaemonSets,
  syncRollouts,
  createAutoscaler(),
  syncEndpoints,
  syncRoutes,
];

/** Runs all until none changes anything; gives the instant of the next that is due. */
function runControllers(
  { store, timekeeper, suffix }: ControlRequest,
  controllers: readonly Controller[],
): number {
  const nowMs = timekeeper.nowMs();
  let nextAtMs = Infinity;
  const world: World = {
    store,
    nowMs,
    wakeAt: (atMs) => (nextAtMs = Math.min(nextAtMs, Math.max(atMs, nowMs + 1))),
    note: (note) => noteEvent(store, note, { nowMs, suffix }),
    suffix,
  };
  for (let round = 0, seen = -1; round < MAX_ROUNDS && seen !== store.version(); round += 1) {
    seen = store.version();
    nextAtMs = Infinity;
    for (const control of controllers) control(world);
  }
  return nextAtMs;
}

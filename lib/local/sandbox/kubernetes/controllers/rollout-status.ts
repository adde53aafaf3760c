import type { JsonObject } from '../../../../domain/shared/json.ts';
import {
  countAt,
  instant,
  isSetAt,
  listAt,
  numberAt,
  textAt,
  textsAt,
  type KubeObject,
} from '../fields.ts';
import { conditionOf, dated, type Condition, type World } from './world.ts';

/** How far a Rollout is. */
export interface Place {
  /** Of the template that is wanted. */
  readonly hash: string;
  readonly fresh: KubeObject;
  /** The version before; none in the first rollout, and after a full promotion. */
  readonly stable: KubeObject | undefined;
  readonly step: number;
  /** Per cent of the new version. */
  readonly weight: number;
  readonly isAborted: boolean;
  readonly isPromoted: boolean;
  /** 0 when it is not paused. */
  readonly pausedAtMs: number;
  /** Somebody took the pause away. */
  readonly isPauseOver: boolean;
}

/** `status` of a Rollout, with the phases of Argo Rollouts. */
export function rolloutStatus(world: World, rollout: KubeObject, place: Place): JsonObject {
  const { fresh, stable, hash } = place;
  const isDone = isWhole(rollout, place);
  const told = phaseOf(rollout, place, isDone);
  const steps = listAt(rollout, 'spec', 'strategy', 'canary', 'steps');
  const weight = isDone ? 0 : place.weight;
  const stableHash = isDone || stable === undefined ? hash : textAt(rollout, 'status', 'stableRS');
  const selector = Object.entries(textsAt(rollout, 'spec', 'selector', 'matchLabels'));
  return {
    ...sums(fresh, stable),
    observedGeneration: String(numberAt(rollout, 'metadata', 'generation') ?? 1),
    selector: selector.map(([key, value]) => `${key}=${value}`).join(','),
    currentPodHash: hash,
    stableRS: stableHash,
    currentStepIndex: isDone ? steps.length : place.step,
    phase: told.phase,
    ...(told.message === '' ? {} : { message: told.message }),
    ...decisions(world, rollout, { ...place, isPromoted: place.isPromoted && !isDone }),
    canary: {
      weights: {
        canary: { podTemplateHash: hash, weight },
        stable: { podTemplateHash: stableHash, weight: 100 - weight },
      },
    },
    blueGreen: {},
    conditions: told.conditions.map((condition) => ({
      ...dated(condition, conditionOf(rollout, condition.type), world.nowMs),
      lastUpdateTime: updateTime(world, rollout, condition),
    })),
  };
}

/** All pods are of the new version, and work. */
const isWhole = (rollout: KubeObject, { isAborted, weight, fresh, stable }: Place): boolean =>
  !isAborted &&
  weight === 100 &&
  countAt(fresh, 'status', 'availableReplicas') >= countAt(rollout, 'spec', 'replicas') &&
  countAt(stable, 'status', 'replicas') === 0;

/** What stays in force until somebody takes it back. */
function decisions({ nowMs }: World, rollout: KubeObject, place: Place): JsonObject {
  const abortedAt = textAt(rollout, 'status', 'abortedAt') || instant(nowMs);
  const { isAborted, isPromoted, pausedAtMs } = place;
  return {
    ...(isPromoted ? { promoteFull: true } : {}),
    ...(isAborted ? { abort: true, abortedAt } : {}),
    ...(pausedAtMs > 0 ? { controllerPause: true, pauseConditions: [pause(pausedAtMs)] } : {}),
  };
}

function updateTime({ nowMs }: World, rollout: KubeObject, condition: Condition): string {
  const before = conditionOf(rollout, condition.type);
  const isSaid = textAt(before, 'reason') === condition.reason;
  return isSaid ? textAt(before, 'lastUpdateTime') : instant(nowMs);
}

const pause = (atMs: number): JsonObject => ({
  reason: 'CanaryPauseStep',
  startTime: instant(atMs),
});

function sums(fresh: KubeObject, stable: KubeObject | undefined): JsonObject {
  const sum = (name: string): number =>
    countAt(fresh, 'status', name) + countAt(stable, 'status', name);
  return {
    replicas: sum('replicas'),
    updatedReplicas: countAt(fresh, 'status', 'replicas'),
    readyReplicas: sum('readyReplicas'),
    availableReplicas: sum('availableReplicas'),
    HPAReplicas: sum('replicas'),
  };
}

interface Phase {
  readonly phase: 'Healthy' | 'Degraded' | 'Progressing' | 'Paused';
  readonly message: string;
  readonly conditions: readonly Condition[];
}

function phaseOf(rollout: KubeObject, place: Place, isDone: boolean): Phase {
  const progressing = (
    status: Condition['status'],
    reason: string,
    message: string,
  ): readonly Condition[] => [
    { type: 'Progressing', status, reason, message },
    {
      type: 'Healthy',
      status: isDone ? 'True' : 'False',
      reason: isDone ? 'RolloutHealthy' : 'RolloutNotHealthy',
      message: isDone ? 'Rollout is healthy' : 'Rollout is not healthy',
    },
  ];
  if (place.isAborted) {
    const revision = textAt(place.fresh, 'metadata', 'annotations', 'rollout.argoproj.io/revision');
    const message = `Rollout aborted update to revision ${revision}`;
    return {
      phase: 'Degraded',
      message: `RolloutAborted: ${message}`,
      conditions: progressing('False', 'RolloutAborted', message),
    };
  }
  if (place.pausedAtMs > 0 || isSetAt(rollout, 'spec', 'paused')) {
    const message = place.pausedAtMs > 0 ? 'CanaryPauseStep' : 'manually paused';
    return {
      phase: 'Paused',
      message,
      conditions: progressing('Unknown', 'RolloutPaused', 'Rollout is paused'),
    };
  }
  return isDone
    ? {
        phase: 'Healthy',
        message: '',
        conditions: progressing('True', 'NewReplicaSetAvailable', 'ReplicaSet has progressed'),
      }
    : {
        phase: 'Progressing',
        message: 'more replicas need to be updated',
        conditions: progressing('True', 'ReplicaSetUpdated', 'ReplicaSet is progressing'),
      };
}

import type { Json, JsonObject } from '../../../../domain/shared/json.ts';
import {
  countAt,
  instant,
  instantAt,
  isSetAt,
  nameOf,
  numberAt,
  textAt,
  type KubeObject,
} from '../fields.ts';
import type { Family } from './family.ts';
import { conditionOf, dated, type Condition, type World } from './world.ts';

interface Counts extends JsonObject {
  readonly replicas: number;
  readonly updatedReplicas: number;
  readonly readyReplicas: number;
  readonly availableReplicas: number;
}

/** `status` of a Deployment, with the reasons that `kubectl rollout status` goes by. */
export function deploymentStatus(world: World, family: Family, isNew: boolean): JsonObject {
  const { deployment, fresh, old, bounds } = family;
  const sets = fresh === undefined ? old : [...old, fresh];
  const sum = (...path: readonly string[]): number =>
    sets.reduce((total, set) => total + countAt(set, ...path), 0);
  const counts: Counts = {
    replicas: sum('status', 'replicas'),
    updatedReplicas: countAt(fresh, 'status', 'replicas'),
    readyReplicas: sum('status', 'readyReplicas'),
    availableReplicas: sum('status', 'availableReplicas'),
  };
  const progressing = progress(world, { family, counts, isNew });
  const missing = Math.max(0, sum('spec', 'replicas') - counts.availableReplicas);
  const collisions = countAt(deployment, 'status', 'collisionCount');
  return {
    observedGeneration: numberAt(deployment, 'metadata', 'generation') ?? 1,
    ...leftOut(counts),
    ...leftOut({ unavailableReplicas: missing, collisionCount: collisions }),
    conditions: [
      updated(world, deployment, availability(counts, bounds.replicas - bounds.maxUnavailable)),
      ...(progressing === undefined ? [] : [progressing]),
    ],
  };
}

/** Kubernetes leaves integers out that are zero. */
const leftOut = (counts: Readonly<Record<string, Json>>): JsonObject =>
  Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== 0));

const availability = (counts: Counts, least: number): Condition =>
  counts.availableReplicas >= least
    ? {
        type: 'Available',
        status: 'True',
        reason: 'MinimumReplicasAvailable',
        message: 'Deployment has minimum availability.',
      }
    : {
        type: 'Available',
        status: 'False',
        reason: 'MinimumReplicasUnavailable',
        message: 'Deployment does not have minimum availability.',
      };

/** One that says what it said is left as it is, its instants too. */
function updated({ nowMs }: World, deployment: KubeObject, condition: Condition): JsonObject {
  const before = conditionOf(deployment, condition.type);
  const isSaid =
    textAt(before, 'status') === condition.status && textAt(before, 'reason') === condition.reason;
  const updatedAt = isSaid ? textAt(before, 'lastUpdateTime') : instant(nowMs);
  return { ...dated(condition, before, nowMs), lastUpdateTime: updatedAt };
}

interface Progress {
  readonly family: Family;
  readonly counts: Counts;
  readonly isNew: boolean;
}

const AVAILABLE = 'NewReplicaSetAvailable';
const TIMED_OUT = 'ProgressDeadlineExceeded';
const PAUSED = 'DeploymentPaused';

/** The condition `Progressing`: it is what the deadline is counted from. */
function progress(world: World, { family, counts, isNew }: Progress): Json | undefined {
  const { deployment, fresh } = family;
  const before = conditionOf(deployment, 'Progressing');
  const name = fresh === undefined ? nameOf(deployment) : nameOf(fresh);
  const is = (status: Condition['status'], reason: string, message: string): JsonObject =>
    updated(world, deployment, { type: 'Progressing', status, reason, message });
  const reason = textAt(before, 'reason');
  if (isSetAt(deployment, 'spec', 'paused')) {
    return reason === TIMED_OUT ? before : is('Unknown', PAUSED, 'Deployment is paused');
  }
  if (reason === PAUSED) return is('Unknown', 'DeploymentResumed', 'Deployment is resumed');
  if (isNew) return is('True', 'NewReplicaSetCreated', `Created new replica set "${name}"`);
  return rollingProgress(world, { family, counts }, { before, name, is });
}

interface Said {
  readonly before: Json | undefined;
  readonly name: string;
  readonly is: (status: Condition['status'], reason: string, message: string) => JsonObject;
}

/** What a rollout that goes on says: done, further than before, over its deadline, or the same. */
function rollingProgress(
  world: World,
  { family, counts }: Omit<Progress, 'isNew'>,
  { before, name, is }: Said,
): Json {
  const { deployment } = family;
  const isOver =
    counts.replicas === counts.updatedReplicas && textAt(before, 'reason') === AVAILABLE;
  if (before !== undefined && isOver) return before;
  if (isComplete(family, counts)) {
    return is('True', AVAILABLE, `ReplicaSet "${name}" has successfully progressed.`);
  }
  if (isFurther(deployment, counts) || before === undefined) {
    const message = `ReplicaSet "${name}" is progressing.`;
    return { ...is('True', 'ReplicaSetUpdated', message), lastUpdateTime: instant(world.nowMs) };
  }
  return isLate(world, deployment, before)
    ? is('False', TIMED_OUT, `ReplicaSet "${name}" has timed out progressing.`)
    : before;
}

function isComplete({ bounds, fresh }: Family, counts: Counts): boolean {
  const { replicas } = bounds;
  const all = [counts.updatedReplicas, counts.replicas, counts.availableReplicas];
  return fresh !== undefined && all.every((count) => count === replicas);
}

function isFurther(deployment: KubeObject, counts: Counts): boolean {
  const was = (name: string): number => countAt(deployment, 'status', name);
  return (
    counts.updatedReplicas > was('updatedReplicas') ||
    counts.replicas - counts.updatedReplicas < was('replicas') - was('updatedReplicas') ||
    counts.readyReplicas > was('readyReplicas') ||
    counts.availableReplicas > was('availableReplicas')
  );
}

/** Whether it has stood still for longer than its deadline. */
function isLate({ nowMs, wakeAt }: World, deployment: KubeObject, before: Json): boolean {
  const reason = textAt(before, 'reason');
  if (reason === TIMED_OUT) return true;
  if (reason === AVAILABLE) return false;
  const deadlineS = numberAt(deployment, 'spec', 'progressDeadlineSeconds') ?? 600;
  const atMs = instantAt(before, 'lastUpdateTime') + deadlineS * 1000;
  if (atMs >= nowMs) wakeAt(atMs + 1);
  return atMs < nowMs;
}

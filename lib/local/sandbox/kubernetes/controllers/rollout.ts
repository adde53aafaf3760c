import type { Json } from '../../../../domain/shared/json.ts';
import {
  countAt,
  instantAt,
  isSetAt,
  labelsOf,
  listAt,
  nameOf,
  numberAt,
  objectAt,
  textAt,
  valueAt,
  withValue,
  type KubeObject,
} from '../fields.ts';
import { freshOf, makeReplicaSet, promoted, ROLLOUT_WORDS as WORDS } from './revisions.ts';
import { rolloutStatus, type Place } from './rollout-status.ts';
import { ownedBy, REPLICA_SET, ROLLOUT, withStatus, type World } from './world.ts';

/**
 * Argo Rollouts' canary without traffic routing: the steps set how many pods are of the new version,
 * pauses wait, abort goes back to the stable one, promote goes through.
 */
export function syncRollouts(world: World): void {
  for (const rollout of world.store.list(ROLLOUT)) sync(world, rollout);
}

function sync(world: World, rollout: KubeObject): void {
  const { store } = world;
  const found = freshOf(rollout, ownedBy(store, REPLICA_SET, rollout), WORDS);
  const others = ownedBy(store, REPLICA_SET, rollout).filter((set) => set !== found);
  const fresh =
    found === undefined
      ? makeReplicaSet(world, rollout, { words: WORDS, others })
      : store.replace(REPLICA_SET, promoted(found, rollout, { words: WORDS, others }));
  const hash = hashOf(fresh);
  const stable = others.find((set) => hashOf(set) === textAt(rollout, 'status', 'stableRS'));
  const place = advance(world, rollout, { ...placeOf(rollout, hash), fresh, stable });
  for (const set of others.filter((one) => one !== stable)) resize(world, set, 0);
  const replicas = countAt(rollout, 'spec', 'replicas');
  const canary = stable === undefined ? replicas : Math.ceil((replicas * place.weight) / 100);
  resize(world, fresh, canary);
  if (stable !== undefined) shrinkStable(world, { fresh, stable, replicas, canary });
  const status = rolloutStatus(world, rollout, place);
  const revision = textAt(fresh, 'metadata', 'annotations', WORDS.revision);
  const marked = withValue(rollout, ['metadata', 'annotations', WORDS.revision], revision);
  store.replace(ROLLOUT, withStatus(marked, status));
}

const hashOf = (set: KubeObject): string => labelsOf(set)[WORDS.hashLabel] ?? '';

function resize({ store }: World, set: KubeObject, replicas: number): void {
  const now = store.get(REPLICA_SET, textAt(set, 'metadata', 'namespace'), nameOf(set)) ?? set;
  store.replace(REPLICA_SET, withValue(now, ['spec', 'replicas'], replicas));
}

/** The stable version gives up a pod only for one of the canary that works. */
function shrinkStable(
  world: World,
  sizes: {
    readonly fresh: KubeObject;
    readonly stable: KubeObject;
    readonly replicas: number;
    readonly canary: number;
  },
): void {
  const { fresh, stable, replicas, canary } = sizes;
  const working = Math.min(countAt(fresh, 'status', 'availableReplicas'), canary);
  resize(world, stable, replicas - working);
}

/** Where a new template begins: at the first step, with no old decision in force. */
function placeOf(rollout: KubeObject, hash: string): Omit<Place, 'fresh' | 'stable' | 'weight'> {
  const status = objectAt(rollout, 'status');
  const isSame = textAt(status, 'currentPodHash') === hash;
  return {
    hash,
    step: isSame ? countAt(status, 'currentStepIndex') : 0,
    isAborted: isSame && isSetAt(status, 'abort'),
    isPromoted: isSame && isSetAt(status, 'promoteFull'),
    pausedAtMs: isSame ? instantAt(listAt(status, 'pauseConditions')[0], 'startTime') : 0,
    isPauseOver:
      isSame &&
      isSetAt(status, 'controllerPause') &&
      listAt(status, 'pauseConditions').length === 0,
  };
}

const stepsOf = (rollout: KubeObject): readonly Json[] =>
  listAt(rollout, 'spec', 'strategy', 'canary', 'steps');

/** Goes on by as many steps as are done. */
function advance(world: World, rollout: KubeObject, start: Omit<Place, 'weight'>): Place {
  const steps = stepsOf(rollout);
  const isFirst = start.stable === undefined;
  if (isFirst || start.isPromoted)
    return { ...start, step: steps.length, pausedAtMs: 0, weight: 100 };
  if (start.isAborted) return { ...start, step: 0, pausedAtMs: 0, weight: 0 };
  let place = { ...start, weight: weightAt(steps, start.step) };
  for (let step = steps[place.step]; step !== undefined; step = steps[place.step]) {
    const next = isSetAt(rollout, 'spec', 'paused')
      ? undefined
      : after(world, rollout, { step, place });
    if (next === undefined) break;
    place = { ...next, weight: weightAt(steps, next.step) };
    if (next.pausedAtMs > 0) break;
  }
  return place;
}

/** The weight of the last step up to this one that sets one; all after the last. */
function weightAt(steps: readonly Json[], index: number): number {
  if (index >= steps.length) return 100;
  const set = steps.slice(0, index + 1).map((step) => numberAt(step, 'setWeight'));
  return set.findLast((weight) => weight !== undefined) ?? 0;
}

/** The place behind a step that is done, the same in a pause that begins, or none: it waits. */
function after(
  world: World,
  rollout: KubeObject,
  { step, place }: { readonly step: Json; readonly place: Place },
): Place | undefined {
  const done: Place = { ...place, step: place.step + 1, pausedAtMs: 0, isPauseOver: false };
  if (valueAt(step, 'pause') === undefined) return isReached(rollout, place) ? done : undefined;
  if (place.isPauseOver) return done;
  if (place.pausedAtMs === 0) return { ...place, pausedAtMs: world.nowMs };
  const untilMs = pauseMs(step) + place.pausedAtMs;
  if (untilMs <= world.nowMs) return done;
  if (Number.isFinite(untilMs)) world.wakeAt(untilMs);
  return undefined;
}

const isReached = (rollout: KubeObject, { fresh, weight }: Place): boolean =>
  countAt(fresh, 'status', 'availableReplicas') >=
  Math.ceil((countAt(rollout, 'spec', 'replicas') * weight) / 100);

/** A pause without a duration lasts until somebody promotes. */
function pauseMs(step: Json): number {
  const duration = valueAt(step, 'pause', 'duration');
  if (typeof duration === 'number') return duration * 1000;
  const [, count, unit] =
    /^(\d+)([smh]?)$/.exec(typeof duration === 'string' ? duration : '') ?? [];
  const units = new Map([
    ['m', 60_000],
    ['h', 3_600_000],
  ]);
  return count === undefined ? Infinity : Number(count) * (units.get(unit ?? '') ?? 1000);
}

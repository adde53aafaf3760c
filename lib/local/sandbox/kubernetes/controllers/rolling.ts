import type { Json } from '../../../../domain/shared/json.ts';
import { share } from './world.ts';

/** A ReplicaSet reduced to its size. */
export interface Sized {
  readonly name: string;
  /** `spec.replicas`. */
  readonly wanted: number;
  readonly available: number;
  readonly createdAtMs: number;
}

/** What a Deployment allows itself while it changes over. */
export interface Bounds {
  readonly replicas: number;
  readonly maxSurge: number;
  readonly maxUnavailable: number;
}

/** New sizes by name; those that stay are left out. */
export type Sizes = ReadonlyMap<string, number>;

const NOTHING: Sizes = new Map();
const sum = (sets: readonly Sized[], of: 'wanted' | 'available'): number =>
  sets.reduce((total, set) => total + set[of], 0);

export function boundsOf(
  replicas: number,
  rolling: {
    readonly maxSurge: Json | undefined;
    readonly maxUnavailable: Json | undefined;
  },
): Bounds {
  const maxSurge = share(rolling.maxSurge, replicas, Math.ceil);
  const maxUnavailable = share(rolling.maxUnavailable, replicas, Math.floor);
  // With neither, nothing could ever move.
  const least = maxSurge === 0 && maxUnavailable === 0 ? 1 : 0;
  return { replicas, maxSurge, maxUnavailable: Math.max(maxUnavailable, least) };
}

/** The next sizes of a rolling update: first the new one grows, else the old ones shrink. */
export function rollingStep(bounds: Bounds, fresh: Sized, old: readonly Sized[]): Sizes {
  const grown = freshSize(bounds, fresh, old);
  if (grown !== fresh.wanted) return new Map([[fresh.name, grown]]);
  return shrink(bounds, fresh, old);
}

function freshSize(bounds: Bounds, fresh: Sized, old: readonly Sized[]): number {
  if (fresh.wanted >= bounds.replicas) return bounds.replicas;
  const room = bounds.replicas + bounds.maxSurge - fresh.wanted - sum(old, 'wanted');
  return fresh.wanted + Math.max(Math.min(room, bounds.replicas - fresh.wanted), 0);
}

const oldestFirst = (sets: readonly Sized[]): readonly Sized[] =>
  [...sets].sort((one, other) => one.createdAtMs - other.createdAtMs);

/** Pods that do not work go first, since they cost no capacity; then as many as may be missing. */
function shrink(bounds: Bounds, fresh: Sized, old: readonly Sized[]): Sizes {
  if (sum(old, 'wanted') === 0) return NOTHING;
  const least = bounds.replicas - bounds.maxUnavailable;
  const all = sum(old, 'wanted') + fresh.wanted;
  const most = all - least - (fresh.wanted - fresh.available);
  if (most <= 0) return NOTHING;
  const cleaned = take(oldestFirst(old), most, (set) => set.wanted - set.available);
  const left = old.map((set) => ({ ...set, wanted: cleaned.get(set.name) ?? set.wanted }));
  const spare = sum(left, 'available') + fresh.available - least;
  const scaled = take(oldestFirst(left), Math.max(spare, 0), (set) => set.wanted);
  return new Map([...cleaned, ...scaled]);
}

function take(sets: readonly Sized[], most: number, of: (set: Sized) => number): Sizes {
  const sizes = new Map<string, number>();
  let left = most;
  for (const set of sets) {
    const taken = Math.min(of(set), left);
    if (taken <= 0) continue;
    sizes.set(set.name, set.wanted - taken);
    left -= taken;
  }
  return sizes;
}

/**
 * New sizes after somebody changed the number of replicas: of the only one that has pods, or of all
 * that have some in proportion, so that a half-done rollout stays as far as it is.
 */
export function scaledSizes(
  bounds: Bounds,
  fresh: Sized | undefined,
  old: readonly Sized[],
): Sizes {
  const all = fresh === undefined ? old : [...old, fresh];
  const active = all.filter(({ wanted }) => wanted > 0);
  const [only, second] = active;
  if (second === undefined) {
    const latest = only ?? fresh ?? oldestFirst(old).at(-1);
    return latest === undefined ? NOTHING : new Map([[latest.name, bounds.replicas]]);
  }
  const allowed = bounds.replicas === 0 ? 0 : bounds.replicas + bounds.maxSurge;
  return proportional(active, allowed);
}

function proportional(active: readonly Sized[], allowed: number): Sizes {
  const total = sum(active, 'wanted');
  const largestFirst = [...active].sort((one, other) => other.wanted - one.wanted);
  let left = allowed;
  const sizes = largestFirst.map(({ name, wanted }) => {
    const size = Math.min(Math.round((wanted * allowed) / total), left);
    left -= size;
    return [name, size] as const;
  });
  const [first, ...rest] = sizes;
  return first === undefined ? NOTHING : new Map([[first[0], first[1] + left], ...rest]);
}

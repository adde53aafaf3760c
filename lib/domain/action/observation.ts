import type { EpochMs } from '../shared/time.ts';
import type { Facts } from './plan.ts';

/** How far the platform itself is. */
export type Convergence =
  | { readonly kind: 'waiting'; readonly says: string }
  | { readonly kind: 'converged'; readonly says: string }
  /** It says that it will not get there. */
  | { readonly kind: 'broken'; readonly says: string };

/** A target as it was read. */
export interface Observation {
  readonly atMs: EpochMs;
  readonly facts: Facts;
  /** `<action id>.<step id>` of the newest mark on the object; null when it has none. */
  readonly mark: string | null;
  readonly convergence: Convergence;
}

/** What reading tells of a step that was sent, or is to be. */
export type StepState =
  /** As the plan began: nothing of ours has happened. */
  | 'before'
  /** As the plan wants it, and ours by its mark. */
  | 'applied'
  /** As the plan wants it, but somebody else did it. */
  | 'same-by-other'
  /** Neither: somebody changed it. */
  | 'changed';

/** A signal that says whether the incident's cause is gone. Unknown is never good. */
export type Signal =
  | { readonly kind: 'good'; readonly says: string }
  | { readonly kind: 'bad'; readonly says: string }
  | { readonly kind: 'unknown'; readonly says: string };

/** All three, at one instant. */
export interface Sample {
  readonly atMs: EpochMs;
  readonly workload: Signal;
  readonly alert: Signal;
  readonly metric: Signal;
}

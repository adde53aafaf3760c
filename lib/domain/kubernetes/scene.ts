import type { Facts, KubeRef, Owner, PlanDraft, PlanRefusal, PlanStep } from '../action/plan.ts';
import type { ActionRequest } from '../action/action.ts';
import type { TargetPolicy } from '../policy/action-policy.ts';
import type { Digest, JsonObject } from '../shared/json.ts';
import { invariant } from '../shared/invariant.ts';
import type { Result } from '../shared/result.ts';
import type { EpochMs } from '../shared/time.ts';
import { factsOf } from './facts.ts';
import { applyJsonPatch, type JsonPatchOperation } from './json-patch.ts';
import { asBody, setMark } from './patch.ts';
import { isObject } from './read.ts';

/** All that a planner is handed, read a moment ago. It reads nothing itself. */
export interface Scene {
  readonly target: TargetPolicy;
  readonly request: ActionRequest;
  readonly healthyVersions: readonly string[];
  readonly actionId: string;
  readonly nowMs: EpochMs;
  readonly digest: Digest;
  readonly ref: KubeRef;
  readonly object: JsonObject;
  /** ReplicaSets or ControllerRevisions that its selector finds. */
  readonly history: readonly JsonObject[];
  /** Pods that its selector finds. */
  readonly pods: readonly JsonObject[];
  /** What scales it, or null. */
  readonly autoscaler: JsonObject | null;
  /** For a Service the Deployments behind it, for an HTTPRoute the EndpointSlices. */
  readonly related: readonly JsonObject[];
  readonly owner: Owner;
}

/** What a planner draws; whose it is, its locks and its dry run are added around it. */
export interface Drawn extends Pick<
  PlanDraft,
  | 'title'
  | 'basis'
  | 'changes'
  | 'steps'
  | 'undo'
  | 'risks'
  | 'risk'
  | 'followUps'
  | 'before'
  | 'convergeWithinMs'
  | 'versions'
> {
  /** Instead of the keeper of the object, where another matters more. */
  readonly owner?: Owner;
}

export type Planned = Result<Drawn, PlanRefusal>;

/** The parts that most plans leave empty. */
export const plainDraft = {
  followUps: [],
  convergeWithinMs: null,
  versions: { from: [], to: [] },
} as const satisfies Partial<Drawn>;

/** What a step is about: an object, and the operations that change it. */
export interface PatchStep {
  readonly id: string;
  readonly says: string;
  readonly ref: KubeRef;
  readonly object: JsonObject;
  /** Names of facts that must be as they are now. */
  readonly keeps: readonly string[];
  /** Names of facts that become different. */
  readonly becomes: readonly string[];
  readonly operations: readonly JsonPatchOperation[];
  readonly subresource?: 'status';
}

/**
 * A step that patches one object, with the mark where the subresource can hold it. The state after
 * is not claimed: it is that of the object with the patch applied.
 */
export function patchStep({ actionId, digest }: Scene, step: PatchStep): PlanStep {
  const patched = applyJsonPatch(step.object, step.operations);
  invariant(patched.ok && isObject(patched.value), 'a patch applies to what it was made from');
  const before = factsOf(step.object, digest);
  const after = factsOf(patched.value, digest);
  // What is written through `status` changes nothing in the metadata.
  const mark =
    step.subresource === 'status' ? [] : [setMark(patched.value, `${actionId}.${step.id}`)];
  return {
    id: step.id,
    says: step.says,
    call: {
      kind: 'kube-patch',
      ref: step.ref,
      subresource: step.subresource ?? null,
      type: 'json',
      body: asBody([...step.operations, ...mark]),
    },
    from: pick(before, [...step.keeps, ...step.becomes]),
    to: pick(after, ['uid', ...step.becomes]),
  };
}

const pick = (facts: Facts, names: readonly string[]): Facts =>
  Object.fromEntries(Object.entries(facts).filter(([name]) => names.includes(name)));

/** The facts of a workload that must not have moved; replicas may where somebody scales. */
export const keptFacts = ({ autoscaler }: Pick<Scene, 'autoscaler'>): readonly string[] =>
  autoscaler === null ? ['uid', 'generation', 'template', 'paused'] : ['uid', 'template', 'paused'];

import type { Json, JsonObject } from '../shared/json.ts';
import type { DurationMs, EpochMs } from '../shared/time.ts';
import type { ActionVerb } from './verb.ts';

/** What is acted on, by its immutable identity. */
export interface TargetRef {
  /** Id in the policy. */
  readonly id: string;
  readonly platform: 'kubernetes' | 'argocd' | 'git';
  /** Id of the cluster, the Argo CD or the Git host in the policy. */
  readonly place: string;
  /** Namespace, project, or owner of a repository. */
  readonly namespace: string;
  /** Such as `Deployment`, `Application`, `Repository`. */
  readonly kind: string;
  readonly name: string;
  /** Of the object itself; empty where the platform has none. */
  readonly uid: string;
  readonly service: string | null;
  readonly team: string;
}

/** One object of a cluster. `apiVersion` is `apps/v1`, `v1`, `argoproj.io/v1alpha1`. */
export interface KubeRef {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** Exactly what is sent. Nothing is computed between the approval and this. */
export type StepCall =
  | {
      readonly kind: 'kube-patch';
      readonly ref: KubeRef;
      readonly subresource: 'scale' | 'status' | null;
      readonly type: 'json' | 'merge';
      readonly body: Json;
    }
  | { readonly kind: 'kube-delete-pod'; readonly ref: KubeRef; readonly uid: string }
  /** A JSON Patch, so that the `test` operations in it are its precondition. */
  | { readonly kind: 'argocd-patch'; readonly patch: readonly JsonObject[] }
  | { readonly kind: 'argocd-rollback'; readonly historyId: number; readonly revision: string }
  | { readonly kind: 'argocd-sync'; readonly revision: string }
  | {
      readonly kind: 'git-revert';
      readonly repository: string;
      /** Commits to undo, newest first. */
      readonly commits: readonly string[];
      readonly base: string;
      readonly baseSha: string;
      /** Fixed for the action, so that a repeat finds what was made. */
      readonly branch: string;
      readonly path: string;
      /** The state of `path` that is put back. */
      readonly goodSha: string;
      readonly title: string;
      readonly body: string;
    };

/** What a target looks like, reduced to what a plan is about: by name, in plain values. */
export type Facts = Readonly<Record<string, string | number | boolean | null>>;

/** One mutation. A plan has as many as the platform needs, usually one. */
export interface PlanStep {
  /** `s1`, `s2`: with the action's id the mark that it leaves on the object. */
  readonly id: string;
  /** In words, in the imperative. */
  readonly says: string;
  readonly call: StepCall;
  /** How the target must be right before; the call carries the same as its precondition. */
  readonly from: Facts;
  /** How it is right after. A subset of the names in `from` and of what reading gives. */
  readonly to: Facts;
}

/** One thing that becomes different, in words. */
export interface Change {
  readonly what: string;
  readonly from: string;
  readonly to: string;
}

/** Who keeps the object as it is, and would heal a change of ours. */
export interface Owner {
  readonly kind: 'nobody' | 'argocd' | 'flux' | 'helm' | 'hpa' | 'rollouts' | 'operator';
  readonly name: string;
  /** What follows from it for the plan, in a sentence. */
  readonly says: string;
}

/** What is left to do after the action, by people or by a plan of its own. */
export interface FollowUp {
  readonly says: string;
  /** So long after the end; null: when the incident is over. */
  readonly afterMs: DurationMs | null;
}

export type Risk = 'narrow' | 'wide' | 'irreversible';

/** How it will be proven. */
export interface Verification {
  readonly convergeWithinMs: DurationMs;
  readonly soakMs: DurationMs;
  readonly samples: number;
  readonly validateWithinMs: DurationMs;
  /** Ids of checks in the policy. */
  readonly checks: readonly string[];
}

/**
 * What will be done, whole: approvals are bound to the hash of it, what people read is made of
 * it, and what is sent is in it.
 */
export interface Plan {
  readonly tenant: string;
  readonly incidentId: string;
  readonly actionId: string;
  readonly verb: ActionVerb;
  readonly target: TargetRef;
  /** Names of all leases that it takes, sorted: the object, and who owns it. */
  readonly locks: readonly string[];
  /** One sentence: `Roll back Deployment shop/checkout to revision 16`. */
  readonly title: string;
  /** Why this target state, in a sentence. */
  readonly basis: string;
  readonly changes: readonly Change[];
  readonly steps: readonly PlanStep[];
  readonly verification: Verification;
  readonly undo: string;
  readonly risks: readonly string[];
  readonly risk: Risk;
  readonly owner: Owner;
  /** People by id, others by the name that the change feed gave; null: unknown. */
  readonly authors: readonly string[] | null;
  /** Where others are unknown (`authors` is null): those who are known. They do not approve. */
  readonly knownAuthors?: readonly string[];
  readonly dryRun: { readonly kind: 'passed' | 'unavailable' | 'none'; readonly says: string };
  readonly followUps: readonly FollowUp[];
  /** Enough to put the target back by hand. */
  readonly before: Json;
  readonly plannedAtMs: EpochMs;
}

/** A plan before it is known whose it is: what a planner gives. */
export type PlanDraft = Omit<
  Plan,
  'tenant' | 'incidentId' | 'actionId' | 'authors' | 'knownAuthors' | 'verification' | 'plannedAtMs'
> & {
  /** At least so long, where the object has a deadline of its own. */
  readonly convergeWithinMs: DurationMs | null;
  /** Names by which the change feed may know the two states: images, commits, revisions. */
  readonly versions: {
    readonly from: readonly string[];
    readonly to: readonly string[];
    /** Nothing tells that it ever worked: then its authors count as unknown, whoever is known. */
    readonly isGuess?: boolean;
  };
};

/** Why there is no plan, in a sentence that tells a person what to do. */
export interface PlanRefusal {
  readonly kind: 'plan-refused';
  /** A stable word for tests, logs and docs. */
  readonly reason:
    | 'no_such_target'
    | 'verb_not_for_target'
    | 'bad_parameter'
    | 'no_earlier_revision'
    | 'no_healthy_revision'
    | 'history_trimmed'
    | 'paused'
    | 'not_paused'
    | 'already_there'
    | 'owner_would_heal'
    | 'not_in_progress'
    | 'not_ready'
    | 'out_of_bounds'
    | 'not_allowed_there'
    | 'forbidden'
    | 'dry_run_failed'
    | 'gone'
    | 'operation_in_progress'
    | 'not_revertible';
  readonly message: string;
}

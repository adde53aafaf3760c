import type { KubeRef } from '../domain/action/plan.ts';
import type { Json, JsonObject } from '../domain/shared/json.ts';
import type { Result } from '../domain/shared/result.ts';
import type { PortFailure } from './failure.ts';

/**
 * How a cluster says no. `kind` is that of the port: 409 and a failed `test` are `conflict`, a
 * write without a known outcome is `timeout` or `unavailable`, all else that it understood is
 * `rejected`.
 */
export interface ClusterFailure extends PortFailure {
  /** HTTP status; null when there was no answer. */
  readonly status: number | null;
  /** Kubernetes' own word, such as `Forbidden`; empty when it gave none. */
  readonly reason: string;
}

export type ClusterResult<Value> = Promise<Result<Value, ClusterFailure>>;

export interface KubePatch {
  readonly ref: KubeRef;
  readonly subresource: 'scale' | 'status' | null;
  readonly type: 'json' | 'merge';
  readonly body: Json;
}

/**
 * The one cluster that a policy names, raw JSON in and out: typed models would drop fields that
 * they do not know. Reads are tried again once; a write is sent once, whatever happens to it.
 */
export interface Cluster {
  /** `not_found` when there is no such object. */
  readonly get: (ref: KubeRef) => ClusterResult<JsonObject>;
  /** All pages. `selector` is Kubernetes' own label syntax, empty for all. */
  readonly list: (
    of: Omit<KubeRef, 'name'>,
    selector: string,
  ) => ClusterResult<readonly JsonObject[]>;
  /** The object as the server has it after the patch; with `isDryRun` as it would have it. */
  readonly patch: (
    patch: KubePatch,
    options: { readonly isDryRun: boolean },
  ) => ClusterResult<JsonObject>;
  /** Deletes a pod if it is still the one with this uid. */
  readonly deletePod: (ref: KubeRef, uid: string) => ClusterResult<void>;
  /** Whether our rights allow it: asked of the cluster, so that a missing one is found early. */
  readonly may: (ask: {
    readonly verb: 'get' | 'list' | 'patch' | 'delete';
    readonly ref: KubeRef;
    readonly subresource: string | null;
  }) => ClusterResult<boolean>;
}

/** Clusters by tenant and id in the policy; `attribution` names the action in the cluster's audit. */
export interface Clusters {
  readonly open: (
    tenant: string,
    clusterId: string,
    attribution: string,
  ) => Promise<Result<Cluster, ClusterFailure>>;
}

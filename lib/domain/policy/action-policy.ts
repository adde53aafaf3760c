import type { Matcher } from '../alert/matcher.ts';
import type { DurationMs } from '../shared/time.ts';
import type { ActionVerb } from '../action/verb.ts';

/** Where a cluster is, and how we get in. What opens it is in the targets secret, by `id`. */
export interface ClusterPolicy {
  readonly id: string;
  readonly name: string;
  readonly access:
    | {
        readonly kind: 'eks';
        readonly region: string;
        readonly clusterName: string;
        /** Assumed before the token is signed; null: the function's own role. */
        readonly roleArn: string | null;
      }
    /** Server, authority and credential are all in the secret. */
    | { readonly kind: 'kubeconfig' };
  /** The only namespaces in which anything is ever changed; never `kube-*`. */
  readonly namespaces: readonly string[];
}

export interface ArgoCdPolicy {
  readonly id: string;
  /** https address without a path at its end. */
  readonly url: string;
}

export interface GitHostPolicy {
  readonly id: string;
  readonly kind: 'github' | 'gitlab';
  /** Base of the API, such as `https://api.github.com` or `https://gitlab.example.com/api/v4`. */
  readonly apiUrl: string;
}

export type WorkloadKind = 'Deployment' | 'StatefulSet' | 'DaemonSet' | 'Rollout';

/** Something that may be acted on. Nothing else ever is. */
export interface TargetPolicy {
  readonly id: string;
  /** Id of the service it runs, or null when it serves several. */
  readonly service: string | null;
  /** Whose limit it counts against. */
  readonly team: string;
  readonly on: TargetPlace;
  /** Ids of checks that tell whether it works; all must hold. */
  readonly checks: readonly string[];
  /** People who may approve for it, by id; empty: everybody with the role of an approver. */
  readonly approvers: readonly string[];
  /** The bounds of `scale`. */
  readonly replicas: { readonly min: number; readonly max: number } | null;
  /** Where its last good state is kept, for the revert that makes a rollback last. */
  readonly git: {
    readonly host: string;
    readonly repository: string;
    readonly branch: string;
    readonly path: string;
  } | null;
}

export type TargetPlace =
  | {
      readonly kind: 'workload';
      readonly cluster: string;
      readonly namespace: string;
      readonly workload: WorkloadKind;
      readonly name: string;
    }
  /** Blue and green behind one Service: `switch` moves one key of its selector. */
  | {
      readonly kind: 'service';
      readonly cluster: string;
      readonly namespace: string;
      readonly name: string;
      /** Key of the selector, such as `version`. */
      readonly selectorKey: string;
      /** Both values of it; each names a Deployment of the same label value. */
      readonly sides: readonly [string, string];
    }
  /** Weights of one rule of an HTTPRoute: `shift` moves them. */
  | {
      readonly kind: 'http-route';
      readonly cluster: string;
      readonly namespace: string;
      readonly name: string;
      /** Index of the rule. */
      readonly rule: number;
    }
  | {
      readonly kind: 'argocd';
      readonly server: string;
      readonly project: string;
      readonly application: string;
      /** Namespace of the Application object; null: Argo CD's own. */
      readonly appNamespace: string | null;
    };

/** One measurement that tells whether a target works. */
export interface CheckPolicy {
  readonly id: string;
  readonly name: string;
  readonly measure:
    | { readonly kind: 'prometheus'; readonly url: string; readonly query: string }
    | {
        readonly kind: 'cloud-monitoring';
        readonly project: string;
        /** PromQL, asked of the project's Prometheus API. */
        readonly query: string;
      }
    /** A GET that must be answered 2xx, with the text in it where one is given. */
    | { readonly kind: 'http'; readonly url: string; readonly contains: string | null };
  /** The value must lie here; null: unbounded. An `http` check measures 1 (good) or 0. */
  readonly atLeast: number | null;
  readonly atMost: number | null;
}

/** How far a rule is trusted. Promotion is a change of this file. */
export type RunbookMode = 'shadow' | 'propose' | 'automatic';

/** What to do when an incident looks like this. */
export interface RunbookPolicy {
  readonly id: string;
  readonly title: string;
  readonly when: {
    /** All must match one alert of the incident; empty: any alert does. */
    readonly match: readonly Matcher[];
    /** Only when the service was changed within this time before it began; null: always. */
    readonly changedWithinMs: DurationMs | null;
    /** Only for these services; empty: all. */
    readonly services: readonly string[];
  };
  /** What it proposes; null where only people can decide. */
  readonly action: {
    readonly verb: ActionVerb;
    /** A target's id; null: the targets of the incident's service, the first that can. */
    readonly target: string | null;
    /** As a person would type them after the verb: `replicas`, `by`, `to`. */
    readonly parameters: Readonly<Record<string, string>>;
  } | null;
  /** What people do by hand, in order; they tick them off. */
  readonly steps: readonly string[];
  /** What it proposes and why, in a sentence. */
  readonly proposes: string;
  /** What it will not do, in a sentence. */
  readonly willNot: string;
  readonly mode: RunbookMode;
  /** Counts reviews: a rule that failed is taken back to `propose` until this is raised. */
  readonly revision: number;
}

/** No action starts in it but those that people ask for with one approval more. */
export interface FreezePolicy {
  readonly name: string;
  readonly from: number;
  readonly until: number;
}

export interface GuardrailPolicy {
  /** An approval is good for this long; ten minutes. */
  readonly approvalWithinMs: DurationMs;
  /** Starts in any such window. */
  readonly windowMs: DurationMs;
  readonly perTarget: number;
  readonly perTeam: number;
  readonly inAll: number;
  /** After an action ended, its target is left alone by runbooks for this long. */
  readonly cooldownMs: DurationMs;
  readonly freezes: readonly FreezePolicy[];
  /** How long all signals must hold before an action is called verified. */
  readonly soakMs: DurationMs;
  /** Good samples in a row, at least. */
  readonly samples: number;
  /** How long a workload may take to converge; longer where its own deadline says so. */
  readonly convergeWithinMs: DurationMs;
  /** After convergence, by when the signals must have said something. */
  readonly validateWithinMs: DurationMs;
}

export type ChangeSourceKind = 'tocsin' | 'github' | 'gitlab' | 'argocd';

/** Who tells us what was changed. Its credentials are in the intake secret, by `id`. */
export interface ChangeSourcePolicy {
  readonly id: string;
  readonly kind: ChangeSourceKind;
  /** Repositories (or applications) and whose service they are. */
  readonly services: Readonly<Record<string, string>>;
}

/** What may be done to what, by whom, and how it is proven. */
export interface ActionPolicy {
  readonly clusters: readonly ClusterPolicy[];
  readonly argocd: readonly ArgoCdPolicy[];
  readonly gitHosts: readonly GitHostPolicy[];
  readonly targets: readonly TargetPolicy[];
  readonly checks: readonly CheckPolicy[];
  readonly runbooks: readonly RunbookPolicy[];
  readonly changeSources: readonly ChangeSourcePolicy[];
  readonly guardrails: GuardrailPolicy;
}

import type { EpochMs } from '../shared/time.ts';

/** Who has a target. An expired one is nobody's; `fence` only grows. */
export interface Lease {
  readonly tenant: string;
  /** Such as `kubernetes/main/shop/Deployment/checkout`. */
  readonly name: string;
  readonly version: number;
  readonly fence: number;
  /** Null: free. */
  readonly holder: { readonly actionId: string; readonly untilMs: EpochMs } | null;
  /** Set by a person: no action starts on it. */
  readonly lock: {
    readonly by: string;
    readonly reason: string;
    readonly untilMs: EpochMs | null;
  } | null;
}

/** The kill switch of a tenant. */
export interface Halt {
  readonly tenant: string;
  readonly version: number;
  readonly isOn: boolean;
  readonly by: string;
  readonly reason: string;
  readonly atMs: EpochMs;
}

/** What was started lately and what runs, for limits and cooldown: one row for a tenant. */
export interface RecentStarts {
  readonly tenant: string;
  readonly version: number;
  readonly starts: readonly {
    readonly actionId: string;
    readonly targetId: string;
    readonly team: string;
    readonly isByRunbook: boolean;
    /** Names of the leases that it took. */
    readonly locks: readonly string[];
    readonly atMs: EpochMs;
    /** Null while it runs: nothing else starts on its locks, whatever became of the leases. */
    readonly endedAtMs: EpochMs | null;
  }[];
}

/** A rule that failed is trusted less, until its revision is raised. */
export interface RunbookStanding {
  readonly tenant: string;
  readonly runbookId: string;
  readonly version: number;
  /** Taken back to `propose` for all revisions up to this one. */
  readonly demotedRevision: number;
  readonly reason: string;
  readonly atMs: EpochMs;
}

/** What was changed, as the change feed told. */
export interface ChangeRecord {
  readonly tenant: string;
  readonly id: string;
  readonly sourceId: string;
  /** What came to run, or what was only written: a commit runs once a rollout brings it. */
  readonly kind: 'rollout' | 'commit';
  readonly service: string;
  readonly environment: string | null;
  readonly title: string;
  readonly url: string | null;
  /** Id of a person in the policy, or the name as told; null: unknown. */
  readonly author: string | null;
  /** `started`, or how it ended. */
  readonly status: 'started' | 'succeeded' | 'failed';
  readonly atMs: EpochMs;
  /** Names of the new version: images, commits, revisions. */
  readonly versions: readonly string[];
  /** Names of the version before, where told. */
  readonly previous: readonly string[];
}

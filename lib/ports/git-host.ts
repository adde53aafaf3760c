import type { Result } from '../domain/shared/result.ts';
import type { PortFailure } from './failure.ts';

export interface GitHostFailure extends PortFailure {
  readonly status: number | null;
}

export type GitResult<Value> = Promise<Result<Value, GitHostFailure>>;

/** A repository on a host of the policy: `owner/name`, or a GitLab project's path. */
export interface RepositoryRef {
  readonly host: string;
  readonly repository: string;
}

export interface GitCommit {
  readonly sha: string;
  readonly title: string;
  /** Login or name; null when the host does not say. */
  readonly author: string | null;
  readonly atIso: string;
}

/** A pull request, or a merge request. */
export interface Proposal {
  readonly number: number;
  readonly url: string;
  readonly branch: string;
  readonly isOpen: boolean;
  readonly isMerged: boolean;
  readonly headSha: string;
}

export interface Revert {
  /** Fixed name: a repeat continues with what is there. */
  readonly branch: string;
  readonly base: string;
  /** The head of `base` when it was planned. */
  readonly baseSha: string;
  /** Newest first. */
  readonly commits: readonly string[];
  /** Only this path is put back, to how it was at `goodSha`; empty: the whole tree. */
  readonly path: string;
  readonly goodSha: string;
  readonly title: string;
  readonly body: string;
}

/** What the Git hosts can do for us. Creating is idempotent by the branch's name. */
export interface GitHost {
  readonly headOf: (repository: RepositoryRef, branch: string) => GitResult<string>;
  /** Newest first, at most `limit`, those that touch `path` (empty: all). */
  readonly commits: (
    repository: RepositoryRef,
    of: { readonly branch: string; readonly path: string; readonly limit: number },
  ) => GitResult<readonly GitCommit[]>;
  /** Whether it would apply, without doing it; `null` when the host cannot tell. */
  readonly wouldRevert: (repository: RepositoryRef, revert: Revert) => GitResult<boolean | null>;
  /** Makes the branch, the commit and the proposal to merge it. */
  readonly proposeRevert: (repository: RepositoryRef, revert: Revert) => GitResult<Proposal>;
  /** The proposal of a branch, or null. */
  readonly findProposal: (repository: RepositoryRef, branch: string) => GitResult<Proposal | null>;
}

export interface GitHosts {
  readonly open: (tenant: string) => GitHost;
}

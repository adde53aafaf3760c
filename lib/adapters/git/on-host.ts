import type { GitHost, GitResult, Proposal, Revert } from '../../ports/git-host.ts';

/** The port of a Git host once it is known which: repositories by their name alone. */
export interface OnHost {
  readonly headOf: (repository: string, branch: string) => ReturnType<GitHost['headOf']>;
  readonly commits: (
    repository: string,
    of: Parameters<GitHost['commits']>[1],
  ) => ReturnType<GitHost['commits']>;
  readonly wouldRevert: (repository: string, revert: Revert) => GitResult<boolean | null>;
  readonly proposeRevert: (repository: string, revert: Revert) => GitResult<Proposal>;
  readonly findProposal: (repository: string, branch: string) => GitResult<Proposal | null>;
}

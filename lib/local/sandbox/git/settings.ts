import type { Timekeeper } from '../../shared/timekeeper.ts';

/** A commit that is there from the start: the files it writes, null for those it removes. */
export interface SeededCommit {
  readonly message: string;
  /** Login and e-mail's local part. */
  readonly author: string;
  readonly files: Readonly<Record<string, string | null>>;
}

export interface GitSandboxRepository {
  readonly host: 'github' | 'gitlab';
  /** `owner/name`, or a project's path. */
  readonly name: string;
  readonly branch: string;
  /** Oldest first. */
  readonly commits: readonly SeededCommit[];
  /** Beginnings of names of branches that nobody may push to. */
  readonly protectedBranches?: readonly string[];
}

export interface GitSandboxSettings {
  readonly timekeeper: Timekeeper;
  /** File that what happened outlives a kill in; in memory only when left out. */
  readonly ledgerPath?: string;
  /** Base of the server that it is mounted in, for links; without a slash at the end. */
  readonly siteUrl?: string;
  /** Tokens that may read and write. */
  readonly tokens: readonly string[];
  readonly repositories: readonly GitSandboxRepository[];
}

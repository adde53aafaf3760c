import {
  blobSha,
  commitOf,
  differing,
  foldersOf,
  subtree,
  touches,
  treeSha,
  undone,
  withFiles,
  type Commit,
  type Tree,
} from './objects.ts';
import type { GitSandboxRepository } from './settings.ts';

/** A pull or merge request. */
export interface Proposed {
  readonly number: number;
  readonly branch: string;
  readonly base: string;
  readonly title: string;
  readonly body: string;
  readonly state: 'open' | 'merged' | 'closed';
}

/** What happened in a repository. The ledger holds these. */
export type Deed =
  | {
      readonly kind: 'committed';
      readonly branch: string;
      readonly message: string;
      readonly author: string;
      readonly files: Readonly<Record<string, string | null>>;
    }
  /** Objects without a branch, as GitHub's plumbing makes them. */
  | { readonly kind: 'tree'; readonly tree: Tree }
  | {
      readonly kind: 'loose';
      readonly message: string;
      readonly parents: readonly string[];
      readonly tree: Tree;
    }
  | { readonly kind: 'branched'; readonly branch: string; readonly sha: string }
  | ({ readonly kind: 'proposed' } & Pick<Proposed, 'branch' | 'base' | 'title' | 'body'>)
  | { readonly kind: 'settled'; readonly number: number; readonly state: 'merged' | 'closed' };

const BOT = 'tocsin';
const EVERY_MINUTE_MS = 60_000;

/** One repository: objects by name, branches, and proposals to merge them. */
export class Repository {
  readonly settings: GitSandboxRepository;
  readonly #commits = new Map<string, Commit>();
  readonly #trees = new Map<string, Tree>();
  readonly #blobs = new Map<string, string>();
  readonly #branches = new Map<string, string>();
  readonly #proposals: Proposed[] = [];

  constructor(settings: GitSandboxRepository) {
    this.settings = settings;
    for (const [index, { files, ...commit }] of settings.commits.entries()) {
      const deed = { kind: 'committed', branch: settings.branch, ...commit, files } as const;
      this.apply(deed, index * EVERY_MINUTE_MS);
    }
  }

  /** The commit that it made, where it made one. */
  apply(deed: Deed, atMs: number): Commit | undefined {
    switch (deed.kind) {
      case 'committed':
        return this.#commitOn(deed, atMs);
      case 'tree':
        this.#keepTree(deed.tree);
        return undefined;
      case 'loose':
        return this.#keep(commitOf({ ...deed, author: BOT, atMs }));
      case 'branched':
        this.#branches.set(deed.branch, deed.sha);
        return undefined;
      case 'proposed': {
        const { kind: _kind, ...proposal } = deed;
        this.#proposals.push({ ...proposal, number: this.#proposals.length + 1, state: 'open' });
        return undefined;
      }
      case 'settled':
        return this.#settle(deed, atMs);
    }
  }

  commit(sha: string): Commit | undefined {
    return this.#commits.get(sha);
  }

  head(branch: string): Commit | undefined {
    return this.#commits.get(this.#branches.get(branch) ?? '');
  }

  tree(sha: string): Tree | undefined {
    return this.#trees.get(sha);
  }

  blob(sha: string): string | undefined {
    return this.#blobs.get(sha);
  }

  branches(): readonly string[] {
    return [...this.#branches.keys()];
  }

  /** Newest first. */
  proposals(): readonly Proposed[] {
    return this.#proposals.toReversed();
  }

  isProtected(branch: string): boolean {
    return this.settings.protectedBranches?.some((one) => branch.startsWith(one)) === true;
  }

  /** From a branch's head along first parents: those that touch a path. */
  log(branch: string, path: string): readonly Commit[] {
    const found: Commit[] = [];
    let commit = this.head(branch) ?? this.commit(branch);
    while (commit !== undefined) {
      const parent: Commit | undefined = this.commit(commit.parents[0] ?? '');
      const paths = differing(commit.tree, parent?.tree ?? {});
      if (touches(paths, path)) found.push(commit);
      commit = parent;
    }
    return found;
  }

  /** What undoing a commit makes of a branch. */
  revertOn(branch: string, sha: string): Tree | 'conflict' | 'empty' | 'missing' {
    const [head, commit] = [this.head(branch), this.commit(sha)];
    if (head === undefined || commit === undefined) return 'missing';
    const parent = this.commit(commit.parents[0] ?? '');
    return undone(head.tree, { commit: commit.tree, parent: parent?.tree ?? {} });
  }

  #commitOn(deed: Extract<Deed, { kind: 'committed' }>, atMs: number): Commit {
    const { branch, message, author, files } = deed;
    const head = this.head(branch);
    const tree = withFiles(head?.tree ?? {}, files);
    const parents = head === undefined ? [] : [head.sha];
    const commit = this.#keep(commitOf({ parents, message, author, atMs, tree }));
    this.#branches.set(branch, commit.sha);
    return commit;
  }

  #settle({ number, state }: Extract<Deed, { kind: 'settled' }>, atMs: number): Commit | undefined {
    const index = this.#proposals.findIndex((one) => one.number === number);
    const proposal = this.#proposals[index];
    if (proposal?.state !== 'open') return undefined;
    this.#proposals[index] = { ...proposal, state };
    return state === 'merged' ? this.#merge(proposal, atMs) : undefined;
  }

  /** Brings what the branch changed since its root; what the base changed in the same place stays. */
  #merge({ branch, base }: Proposed, atMs: number): Commit {
    const [source, target] = [this.head(branch)?.tree ?? {}, this.head(base)?.tree ?? {}];
    const root = this.#rootOf(branch, base);
    const changed = differing(source, root).filter((path) => target[path] === root[path]);
    const files = Object.fromEntries(changed.map((path) => [path, source[path] ?? null]));
    const message = `Merge ${branch}`;
    return this.#commitOn({ kind: 'committed', branch: base, message, author: BOT, files }, atMs);
  }

  /** The tree of the newest commit that both branches have. */
  #rootOf(branch: string, base: string): Tree {
    const known = new Set(this.log(base, '').map(({ sha }) => sha));
    return this.log(branch, '').find(({ sha }) => known.has(sha))?.tree ?? {};
  }

  #keep(commit: Commit): Commit {
    this.#commits.set(commit.sha, commit);
    this.#keepTree(commit.tree);
    return commit;
  }

  #keepTree(tree: Tree): void {
    for (const folder of foldersOf(tree)) {
      const below = subtree(tree, folder);
      this.#trees.set(treeSha(below), below);
    }
    for (const content of Object.values(tree)) this.#blobs.set(blobSha(content), content);
  }
}

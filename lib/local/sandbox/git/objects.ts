import { createHash } from 'node:crypto';

/** A whole tree: path of each file to its content. Folders are made of the paths. */
export type Tree = Readonly<Record<string, string>>;

/** A commit with its whole tree: repositories here are small. */
export interface Commit {
  readonly sha: string;
  readonly parents: readonly string[];
  readonly message: string;
  readonly author: string;
  readonly atMs: number;
  readonly tree: Tree;
}

/** Names as Git makes them of blobs; those of trees and commits are as unique, and no more. */
export const blobSha = (content: string): string =>
  sha1(`blob ${String(Buffer.byteLength(content))}\0${content}`);

export const treeSha = (tree: Tree): string =>
  sha1(
    `tree ${JSON.stringify(
      Object.keys(tree)
        .sort()
        .map((path) => [path, tree[path]]),
    )}`,
  );

export function commitOf(commit: Omit<Commit, 'sha'>): Commit {
  const { parents, message, author, atMs, tree } = commit;
  const sha = sha1(`commit ${JSON.stringify([parents, message, author, atMs, treeSha(tree)])}`);
  return { ...commit, sha };
}

const sha1 = (text: string): string => createHash('sha1').update(text).digest('hex');

/** The part of a tree below a folder, by paths from there. */
export function subtree(tree: Tree, folder: string): Tree {
  if (folder === '') return tree;
  const prefix = `${folder}/`;
  return Object.fromEntries(
    Object.entries(tree)
      .filter(([path]) => path.startsWith(prefix))
      .map(([path, content]) => [path.slice(prefix.length), content]),
  );
}

/** Every folder of a tree, itself first. */
export function foldersOf(tree: Tree): readonly string[] {
  const folders = Object.keys(tree).flatMap((path) => {
    const parts = path.split('/').slice(0, -1);
    return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
  });
  return ['', ...new Set(folders)];
}

/** The tree with files written, and those of null removed. */
export function withFiles(tree: Tree, files: Readonly<Record<string, string | null>>): Tree {
  const all: readonly (readonly [string, string | null])[] = Object.entries({ ...tree, ...files });
  return Object.fromEntries(
    all.flatMap(([path, content]) => (content === null ? [] : [[path, content] as const])),
  );
}

/** Paths that are not the same in both. */
export const differing = (a: Tree, b: Tree): readonly string[] =>
  [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((path) => a[path] !== b[path]);

export const touches = (paths: readonly string[], path: string): boolean =>
  paths.some((one) => path === '' || one === path || one.startsWith(`${path}/`));

/** What undoing a commit makes of a tree: one of the two words when it cannot be done. */
export function undone(
  tree: Tree,
  { commit, parent }: { readonly commit: Tree; readonly parent: Tree },
): Tree | 'conflict' | 'empty' {
  const paths = differing(commit, parent);
  const open = paths.filter((path) => tree[path] !== parent[path]);
  if (open.length === 0) return 'empty';
  if (open.some((path) => tree[path] !== commit[path])) return 'conflict';
  return withFiles(tree, Object.fromEntries(open.map((path) => [path, parent[path] ?? null])));
}

import type { Json, JsonObject } from '../../domain/shared/json.ts';
import { err, ok, type Result } from '../../domain/shared/result.ts';
import type { GitHostFailure, GitResult, Revert } from '../../ports/git-host.ts';
import { unreadable, type Caller } from './caller.ts';
import { memberOf, objectsIn, textAt } from './json.ts';
import { maxFiles, maxPathDepth } from './limits.ts';

/** A file of a tree: enough to put it back. */
interface File {
  readonly path: string;
  readonly mode: string;
  readonly sha: string;
}

/** One entry of a tree to make; a null sha removes the path. */
export type TreeChange = JsonObject & { readonly path: string };

export interface Restoration {
  /** Tree of the base, on which the changes are made. */
  readonly baseTree: string;
  /** Empty: the path is as it was already. */
  readonly changes: readonly TreeChange[];
}

/** What must become different in `path` at the base for it to be as it was at the good commit. */
export async function restorationOf(
  caller: Caller,
  root: string,
  { baseSha, goodSha, path }: Revert,
): GitResult<Restoration> {
  const [base, good] = await Promise.all([
    treeOf(caller, root, baseSha),
    treeOf(caller, root, goodSha),
  ]);
  if (!base.ok) return base;
  if (!good.ok) return good;
  const before = await filesAt(caller, root, { tree: good.value, path });
  if (!before.ok) return before;
  const now = await filesAt(caller, root, { tree: base.value, path });
  if (!now.ok) return now;
  const changes = changesBetween(now.value, before.value);
  if (changes.length > maxFiles) return err(tooMany(changes.length));
  return ok({ baseTree: base.value, changes });
}

async function treeOf(caller: Caller, root: string, sha: string): GitResult<string> {
  const commit = await caller.get(`${root}/git/commits/${encodeURIComponent(sha)}`);
  if (!commit.ok) return commit;
  const tree = textAt(commit.value, 'tree', 'sha');
  return tree === '' ? err(unreadable('tree of the commit')) : ok(tree);
}

/** All files at or below a path; none when it is not there. */
async function filesAt(
  caller: Caller,
  root: string,
  { tree, path }: { readonly tree: string; readonly path: string },
): GitResult<readonly File[]> {
  const parts = path.split('/').filter((part) => part !== '');
  let sha = tree;
  for (const [depth, part] of parts.slice(0, maxPathDepth).entries()) {
    const listed = await entriesOf(caller, `${root}/git/trees/${sha}`);
    if (!listed.ok) return listed;
    const entry = listed.value.find((one) => textAt(one, 'path') === part);
    if (entry === undefined) return ok([]);
    if (textAt(entry, 'type') !== 'tree') {
      return ok(depth === parts.length - 1 ? [fileOf(entry, path)] : []);
    }
    sha = textAt(entry, 'sha');
  }
  const below = await entriesOf(caller, `${root}/git/trees/${sha}`, { recursive: '1' });
  if (!below.ok) return below;
  const prefix = parts.length === 0 ? '' : `${parts.join('/')}/`;
  return ok(
    below.value
      .filter((entry) => textAt(entry, 'type') !== 'tree')
      .map((entry) => fileOf(entry, prefix + textAt(entry, 'path'))),
  );
}

const fileOf = (entry: Json, path: string): File => ({
  path,
  mode: textAt(entry, 'mode'),
  sha: textAt(entry, 'sha'),
});

/** A tree that was cut is not known: what is missing in it would be removed. */
async function entriesOf(
  caller: Caller,
  path: string,
  query: Readonly<Record<string, string>> = {},
): Promise<Result<readonly JsonObject[], GitHostFailure>> {
  const answer = await caller.get(path, query);
  if (!answer.ok) return answer;
  const entries = memberOf(answer.value, 'tree');
  if (!Array.isArray(entries)) return err(unreadable('list of the tree'));
  return memberOf(answer.value, 'truncated') === true ? err(cut) : ok(objectsIn(entries));
}

function changesBetween(now: readonly File[], before: readonly File[]): readonly TreeChange[] {
  const was = new Map(before.map((file) => [file.path, file]));
  const is = new Map(now.map((file) => [file.path, file]));
  const restored = before.filter(({ path, sha, mode }) => {
    const there = is.get(path);
    return there?.sha !== sha || there.mode !== mode;
  });
  const removed = now.filter(({ path }) => !was.has(path));
  return [
    ...restored.map(({ path, mode, sha }) => ({ path, mode, type: typeOf(mode), sha })),
    ...removed.map(({ path, mode }) => ({ path, mode, type: typeOf(mode), sha: null })),
  ];
}

/** 160000 is a submodule: its "file" is a commit. */
const typeOf = (mode: string): string => (mode === '160000' ? 'commit' : 'blob');

const cut: GitHostFailure = {
  kind: 'too_large',
  status: null,
  message: 'The folder has more files than GitHub lists at once. Revert it by hand.',
};

const tooMany = (count: number): GitHostFailure => ({
  kind: 'too_large',
  status: null,
  message: `${count} files would change, at most ${maxFiles} are put back. Revert it by hand.`,
});

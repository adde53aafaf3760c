import { webLink } from '../../codec/web-link.ts';
import type { Json, JsonObject } from '../../domain/shared/json.ts';
import { err, ok } from '../../domain/shared/result.ts';
import type { GitCommit, GitResult, Proposal, Revert } from '../../ports/git-host.ts';
import { unreadable, type Caller } from './caller.ts';
import { saidIn, type Refusal } from './exchange.ts';
import { restorationOf, type Restoration } from './github-tree.ts';
import { numberAt, objectsIn, textAt } from './json.ts';
import { maxLinkLength, maxPerPage } from './limits.ts';
import type { OnHost } from './on-host.ts';

/**
 * GitHub has no call that reverts commits: a commit on top of the base puts the files of a path
 * back to how they were (https://docs.github.com/rest/git). Its parent is the base that was planned
 * for, so that what was pushed since shows as a conflict of the pull request, and is never undone.
 */
export const onGitHub = (caller: Caller): OnHost => ({
  headOf: (repository, branch) => headOf(caller, rootOf(repository), branch),
  commits: async (repository, { branch, path, limit }) => {
    const query = { sha: branch, per_page: String(Math.min(limit, maxPerPage)) };
    const listed = await caller.get(`${rootOf(repository)}/commits`, {
      ...query,
      ...(path === '' ? {} : { path }),
    });
    return listed.ok ? ok(objectsIn(listed.value).map(commitOf)) : listed;
  },
  wouldRevert: async (repository, revert) => {
    const restoration = await restorationOf(caller, rootOf(repository), revert);
    return restoration.ok ? ok(restoration.value.changes.length > 0) : restoration;
  },
  proposeRevert: (repository, revert) => proposeRevert(caller, repository, revert),
  findProposal: (repository, branch) => findProposal(caller, repository, branch),
});

const rootOf = (repository: string): string =>
  `/repos/${repository.split('/').map(encodeURIComponent).join('/')}`;

const refPath = (branch: string): string => branch.split('/').map(encodeURIComponent).join('/');

async function headOf(caller: Caller, root: string, branch: string): GitResult<string> {
  const ref = await caller.get(`${root}/git/ref/heads/${refPath(branch)}`);
  if (!ref.ok) return ref;
  const sha = textAt(ref.value, 'object', 'sha');
  return sha === '' ? err(unreadable('head of the branch')) : ok(sha);
}

const commitOf = (raw: JsonObject): GitCommit => ({
  sha: textAt(raw, 'sha'),
  title: textAt(raw, 'commit', 'message').split('\n')[0] ?? '',
  author: textAt(raw, 'author', 'login') || textAt(raw, 'commit', 'author', 'name') || null,
  atIso: textAt(raw, 'commit', 'committer', 'date'),
});

/** Whatever a try before this one made is gone on with. */
async function proposeRevert(
  caller: Caller,
  repository: string,
  revert: Revert,
): GitResult<Proposal> {
  const known = await findProposal(caller, repository, revert.branch);
  if (!known.ok) return known;
  if (known.value !== null) return ok(known.value);
  const branch = await headOf(caller, rootOf(repository), revert.branch);
  if (!branch.ok) {
    if (branch.error.kind !== 'not_found') return branch;
    const made = await makeBranch(caller, rootOf(repository), revert);
    if (!made.ok) return made;
  }
  return openProposal(caller, repository, revert);
}

async function makeBranch(caller: Caller, root: string, revert: Revert): GitResult<void> {
  const restoration = await restorationOf(caller, root, revert);
  if (!restoration.ok) return restoration;
  if (restoration.value.changes.length === 0) return err(nothingToUndo(revert));
  const tree = await makeTree(caller, root, restoration.value);
  if (!tree.ok) return tree;
  const message = `${revert.title}\n\n${revert.body}`;
  const commit = await caller.post(`${root}/git/commits`, {
    message,
    tree: tree.value,
    parents: [revert.baseSha],
  });
  if (!commit.ok) return commit;
  const ref = await caller.post(`${root}/git/refs`, {
    ref: `refs/heads/${revert.branch}`,
    sha: textAt(commit.value, 'sha'),
  });
  return ref.ok || says(ref.error, 'reference already exists') ? ok(undefined) : ref;
}

/** Never without `base_tree`: every other file would be gone. */
async function makeTree(
  caller: Caller,
  root: string,
  { baseTree, changes }: Restoration,
): GitResult<string> {
  const made = await caller.post(`${root}/git/trees`, { base_tree: baseTree, tree: changes });
  if (!made.ok) return made;
  const sha = textAt(made.value, 'sha');
  return sha === '' ? err(unreadable('sha of the tree')) : ok(sha);
}

async function openProposal(
  caller: Caller,
  repository: string,
  { branch, base, title, body }: Revert,
): GitResult<Proposal> {
  const opened = await caller.post(`${rootOf(repository)}/pulls`, {
    title,
    body,
    head: branch,
    base,
  });
  if (opened.ok) return ok(proposalOf(opened.value));
  if (!says(opened.error, 'pull request already exists')) return opened;
  const known = await findProposal(caller, repository, branch);
  return known.ok && known.value !== null ? ok(known.value) : opened;
}

async function findProposal(
  caller: Caller,
  repository: string,
  branch: string,
): GitResult<Proposal | null> {
  const owner = repository.split('/')[0] ?? '';
  const query = { head: `${owner}:${branch}`, state: 'all', per_page: '10' };
  const listed = await caller.get(`${rootOf(repository)}/pulls`, query);
  if (!listed.ok) return listed;
  // `head` is ignored where GitHub cannot read it: then all pull requests come.
  const own = objectsIn(listed.value).find((one) => textAt(one, 'head', 'ref') === branch);
  return ok(own === undefined ? null : proposalOf(own));
}

const proposalOf = (raw: Json): Proposal => ({
  number: numberAt(raw, 'number'),
  url: webLink(textAt(raw, 'html_url'), maxLinkLength) ?? '',
  branch: textAt(raw, 'head', 'ref'),
  isOpen: textAt(raw, 'state') === 'open',
  isMerged: textAt(raw, 'merged_at') !== '',
  headSha: textAt(raw, 'head', 'sha'),
});

const says = ({ status, body }: Refusal, words: string): boolean =>
  status === 422 && saidIn(body).some((text) => text.toLowerCase().includes(words));

const nothingToUndo = ({ path, goodSha }: Revert): Refusal => ({
  kind: 'conflict',
  status: null,
  body: undefined,
  message:
    `${path === '' ? 'The repository' : path} is already as it was at ${goodSha.slice(0, 12)}: ` +
    'there is nothing to revert.',
});

import { webLink } from '../../codec/web-link.ts';
import type { Json, JsonObject } from '../../domain/shared/json.ts';
import { err, ok } from '../../domain/shared/result.ts';
import type { GitCommit, GitResult, Proposal, Revert } from '../../ports/git-host.ts';
import { unreadable, type Caller } from './caller.ts';
import { saidIn, type Refusal } from './exchange.ts';
import { numberAt, objectsIn, textAt } from './json.ts';
import { maxLinkLength, maxPerPage } from './limits.ts';
import type { OnHost } from './on-host.ts';

/**
 * GitLab reverts a commit on a branch by itself, the whole of it, whatever path it touches
 * (https://docs.gitlab.com/api/commits/#revert-a-commit).
 */
export const onGitLab = (caller: Caller): OnHost => ({
  headOf: (repository, branch) => headOf(caller, rootOf(repository), branch),
  commits: async (repository, { branch, path, limit }) => {
    const listed = await commitsOf(caller, rootOf(repository), { branch, path, limit });
    return listed.ok ? ok(objectsIn(listed.value).map(commitOf)) : listed;
  },
  wouldRevert: (repository, revert) => wouldRevert(caller, rootOf(repository), revert),
  proposeRevert: (repository, revert) => proposeRevert(caller, rootOf(repository), revert),
  findProposal: (repository, branch) => findProposal(caller, rootOf(repository), branch),
});

/** A project is named by its whole path, percent-encoded. */
const rootOf = (repository: string): string => `/projects/${encodeURIComponent(repository)}`;

async function headOf(caller: Caller, root: string, branch: string): GitResult<string> {
  const found = await caller.get(`${root}/repository/branches/${encodeURIComponent(branch)}`);
  if (!found.ok) return found;
  const sha = textAt(found.value, 'commit', 'id');
  return sha === '' ? err(unreadable('head of the branch')) : ok(sha);
}

const commitsOf = (
  caller: Caller,
  root: string,
  of: { readonly branch: string; readonly path: string; readonly limit: number },
) =>
  caller.get(`${root}/repository/commits`, {
    ref_name: of.branch,
    per_page: String(Math.min(of.limit, maxPerPage)),
    ...(of.path === '' ? {} : { path: of.path }),
  });

const commitOf = (raw: JsonObject): GitCommit => ({
  sha: textAt(raw, 'id'),
  title: textAt(raw, 'title'),
  author: textAt(raw, 'author_email') || textAt(raw, 'author_name') || null,
  atIso: textAt(raw, 'committed_date'),
});

const revertPath = (root: string, sha: string): string =>
  `${root}/repository/commits/${encodeURIComponent(sha)}/revert`;

/** Only the newest can be tried alone; those below it may need it undone first. */
async function wouldRevert(
  caller: Caller,
  root: string,
  { commits, base }: Revert,
): GitResult<boolean | null> {
  const [newest] = commits;
  if (newest === undefined) return ok(false);
  const tried = await caller.post(revertPath(root, newest), { branch: base, dry_run: true });
  if (tried.ok) return ok(commits.length === 1 ? true : null);
  return tried.error.status === 400 ? ok(false) : tried;
}

/** Whatever a try before this one made is gone on with. */
async function proposeRevert(caller: Caller, root: string, revert: Revert): GitResult<Proposal> {
  const known = await findProposal(caller, root, revert.branch);
  if (!known.ok) return known;
  if (known.value !== null) return ok(known.value);
  const branch = await makeBranch(caller, root, revert);
  if (!branch.ok) return branch;
  const reverted = await revertAll(caller, root, revert);
  return reverted.ok ? openProposal(caller, root, revert) : reverted;
}

async function makeBranch(caller: Caller, root: string, revert: Revert): GitResult<void> {
  const made = await caller.post(`${root}/repository/branches`, {
    branch: revert.branch,
    ref: revert.baseSha,
  });
  if (made.ok) return ok(undefined);
  const isThere = made.error.status === 400 && says(made.error, 'already exists');
  return isThere ? ok(undefined) : made;
}

/** One after the other, newest first, but those that the branch has undone already. */
async function revertAll(caller: Caller, root: string, revert: Revert): GitResult<void> {
  const { branch, commits } = revert;
  const there = await commitsOf(caller, root, { branch, path: '', limit: maxPerPage });
  if (!there.ok) return there;
  const messages = messagesSince(there.value, revert.baseSha);
  for (const sha of commits) {
    if (messages.some((message) => message.includes(`This reverts commit ${sha}`))) continue;
    const reverted = await caller.post(revertPath(root, sha), { branch });
    if (reverted.ok || isEmpty(reverted.error)) continue;
    return reverted.error.status === 400 ? err(conflicting(sha, revert, reverted.error)) : reverted;
  }
  return ok(undefined);
}

/** What was committed on our branch; the base may hold reverts of its own. */
function messagesSince(listed: Json, baseSha: string): readonly string[] {
  const commits = objectsIn(listed);
  const end = commits.findIndex((one) => textAt(one, 'id') === baseSha);
  return (end < 0 ? commits : commits.slice(0, end)).map((one) => textAt(one, 'message'));
}

const isEmpty = ({ status, body }: Refusal): boolean =>
  status === 400 && textAt(body, 'error_code') === 'empty';

async function openProposal(
  caller: Caller,
  root: string,
  { branch, base, title, body }: Revert,
): GitResult<Proposal> {
  const opened = await caller.post(`${root}/merge_requests`, {
    source_branch: branch,
    target_branch: base,
    title,
    description: body,
  });
  if (opened.ok) return ok(proposalOf(opened.value));
  if (opened.error.status !== 409) return opened;
  const known = await findProposal(caller, root, branch);
  return known.ok && known.value !== null ? ok(known.value) : opened;
}

async function findProposal(
  caller: Caller,
  root: string,
  branch: string,
): GitResult<Proposal | null> {
  const query = { source_branch: branch, state: 'all', per_page: '10' };
  const listed = await caller.get(`${root}/merge_requests`, query);
  if (!listed.ok) return listed;
  const own = objectsIn(listed.value).find((one) => textAt(one, 'source_branch') === branch);
  return ok(own === undefined ? null : proposalOf(own));
}

/** `locked` is a merge request that is being merged. */
const proposalOf = (raw: Json): Proposal => ({
  number: numberAt(raw, 'iid'),
  url: webLink(textAt(raw, 'web_url'), maxLinkLength) ?? '',
  branch: textAt(raw, 'source_branch'),
  isOpen: ['opened', 'locked'].includes(textAt(raw, 'state')),
  isMerged: textAt(raw, 'state') === 'merged',
  headSha: textAt(raw, 'sha'),
});

const says = ({ body }: Refusal, words: string): boolean =>
  saidIn(body).some((text) => text.toLowerCase().includes(words));

const conflicting = (sha: string, { branch }: Revert, refusal: Refusal): Refusal => ({
  ...refusal,
  kind: 'conflict',
  message:
    `Commit ${sha.slice(0, 12)} cannot be reverted by itself: ${refusal.message} The branch ` +
    `${branch} has what could be; go on there by hand, or delete it.`,
});

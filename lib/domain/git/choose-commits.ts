import type { PlanRefusal } from '../action/plan.ts';
import { err, ok, type Result } from '../shared/result.ts';

/** A commit as the host lists it, newest first. */
export interface ListedCommit {
  readonly sha: string;
  readonly title: string;
}

/** What the host has, and what is wanted of it. */
export interface CommitsToChooseFrom {
  /** Of the branch, whatever they touch. */
  readonly all: readonly ListedCommit[];
  /** Those that touch the path. */
  readonly onPath: readonly ListedCommit[];
  /** As a person typed it; null: not said. */
  readonly to: string | null;
  /** Best first; images and other names among them name no commit, and are passed over. */
  readonly healthyVersions: readonly string[];
  /** `owner/name`, branch and path, for sentences. */
  readonly where: string;
}

export interface RevertChoice {
  readonly goodSha: string;
  /** To undo, newest first; at least one. */
  readonly commits: readonly ListedCommit[];
  readonly basis: string;
  readonly isKnownHealthy: boolean;
}

const refuse = (reason: PlanRefusal['reason'], message: string): Result<never, PlanRefusal> =>
  err({ kind: 'plan-refused', reason, message });

/** The state to put back, by its commit, and all commits on the path since then. */
export function chooseCommits(from: CommitsToChooseFrom): Result<RevertChoice, PlanRefusal> {
  const { onPath, to, healthyVersions, where } = from;
  if (onPath.length < 2) {
    return refuse(
      'no_earlier_revision',
      `${where} has ${onPath.length === 0 ? 'no commit' : 'one commit'} on that path, so there is ` +
        'no earlier state to put back. Check "branch" and "path" of the target in the policy.',
    );
  }
  if (to !== null) return chosenByName(from, to);
  if (healthyVersions.length === 0) return ok(newestOnly(onPath));
  for (const healthy of healthyVersions) {
    const choice = since(from, healthy);
    if (choice === null || choice.commits.length === 0) continue;
    const basis = `Commit ${choice.goodSha.slice(0, 12)} ran healthy before the suspect change.`;
    return ok({ ...choice, basis, isKnownHealthy: true });
  }
  return refuse(
    'no_healthy_revision',
    `None of the commits that are known to have been healthy lies before a later one in ${where}. ` +
      'Ask again with to=<commit> for the state that you want back.',
  );
}

function chosenByName(from: CommitsToChooseFrom, to: string): Result<RevertChoice, PlanRefusal> {
  const choice = since(from, to);
  if (choice === null) {
    return refuse(
      'bad_parameter',
      `"${to.slice(0, 80)}" is none of the last ${from.all.length} commits in ${from.where}. ` +
        'Give at least 7 signs of one of them.',
    );
  }
  if (choice.commits.length === 0) {
    return refuse(
      'already_there',
      `Nothing was committed in ${from.where} since ${choice.goodSha.slice(0, 12)}: there is ` +
        'nothing to revert. Choose an earlier commit.',
    );
  }
  const basis = `The state at ${choice.goodSha.slice(0, 12)} was asked for by name.`;
  return ok({ ...choice, basis, isKnownHealthy: false });
}

/** What runs may name a commit that does not touch the path: those on it since then count. */
function since(
  { all, onPath }: CommitsToChooseFrom,
  name: string,
): Pick<RevertChoice, 'goodSha' | 'commits'> | null {
  if (!/^[0-9a-f]{7,64}$/i.test(name)) return null;
  const isIt = ({ sha }: ListedCommit): boolean => sha.startsWith(name.toLowerCase());
  const index = onPath.findIndex(isIt);
  const own = onPath[index];
  if (own !== undefined) return { goodSha: own.sha, commits: onPath.slice(0, index) };
  const at = all.findIndex(isIt);
  const other = all[at];
  if (other === undefined) return null;
  const later = new Set(all.slice(0, at).map(({ sha }) => sha));
  return { goodSha: other.sha, commits: onPath.filter(({ sha }) => later.has(sha)) };
}

/** `onPath` has at least two. */
function newestOnly(onPath: readonly ListedCommit[]): RevertChoice {
  const [newest, before] = onPath as [ListedCommit, ListedCommit, ...ListedCommit[]];
  return {
    goodSha: before.sha,
    commits: [newest],
    basis: 'No healthy commit is known: only the newest commit on the path is undone.',
    isKnownHealthy: false,
  };
}

import type { PlanDraft } from '../action/plan.ts';
import type { ChangeRecord } from '../action/rows.ts';

/**
 * Who made the change that a plan takes back, and the one that it goes back to: whoever rolled it
 * out, and whoever wrote a commit that it brought. Nobody, where the plan takes no version back;
 * null, where the feed does not tell who made what runs now. `changes` are of one service.
 */
export function authorsOf(
  changes: readonly ChangeRecord[],
  { from, to, isGuess = false }: PlanDraft['versions'],
): readonly string[] | null {
  if (from.length === 0 && to.length === 0) return [];
  if (isGuess) return null;
  const current = makersOf(changes, from);
  if (current.length === 0 || current.includes(null)) return null;
  return knownAuthorsOf(changes, { from, to });
}

/** Those of them that the feed tells, whether or not there are others whom it does not. */
export function knownAuthorsOf(
  changes: readonly ChangeRecord[],
  { from, to }: PlanDraft['versions'],
): readonly string[] {
  const makers = [...makersOf(changes, from), ...makersOf(changes, to)];
  return [...new Set(makers.filter((author) => author !== null))];
}

/** Null among them stands for somebody who is not known. */
function makersOf(
  changes: readonly ChangeRecord[],
  names: readonly string[],
): readonly (string | null)[] {
  const isNamed = ({ versions }: ChangeRecord): boolean =>
    versions.some((version) => names.includes(version));
  return changes.filter(isNamed).flatMap((change): readonly (string | null)[] => {
    if (change.kind === 'commit') return [change.author];
    const commits = broughtBy(change, changes).map(({ author }) => author);
    // A machine rolled it out, and people wrote it.
    return change.author === null && commits.length > 0 ? commits : [change.author, ...commits];
  });
}

/** The commits that a rollout names, and those since the rollout before it. */
function broughtBy(
  rollout: ChangeRecord,
  changes: readonly ChangeRecord[],
): readonly ChangeRecord[] {
  const before = changes
    .filter(({ kind, status }) => kind === 'rollout' && status === 'succeeded')
    .filter(({ atMs }) => atMs < rollout.atMs)
    .reduce((latest, { atMs }) => Math.max(latest, atMs), -Infinity);
  return changes.filter(
    ({ kind, atMs, versions }) =>
      kind === 'commit' &&
      (versions.some((version) => rollout.versions.includes(version)) ||
        // Without an earlier rollout nobody knows where to begin.
        (before !== -Infinity && atMs > before && atMs <= rollout.atMs)),
  );
}

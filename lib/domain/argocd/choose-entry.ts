import type { PlanRefusal } from '../action/plan.ts';
import { ok, type Result } from '../shared/result.ts';
import {
  isSameVersion,
  type Application,
  type HistoryEntry,
  type Operation,
  type Version,
} from './application.ts';
import { refuse, type Refused } from './refusals.ts';

/** Where to roll back to, and why there. */
export interface Choice {
  readonly entry: HistoryEntry;
  readonly basis: string;
  /** Whether somebody recorded it as healthy. */
  readonly isKnownHealthy: boolean;
}

export interface Wish {
  /** A history id or (the beginning of) a commit, as a person typed it; null: not said. */
  readonly to: string | null;
  /** Best first. */
  readonly healthyVersions: readonly string[];
}

/**
 * What runs now: the newest entry of the history, or what a sync after it failed to bring. A failed
 * sync leaves no entry, but part of it is in the cluster. One to a version of the history is a
 * failed rollback, which leaves what it was to lead away from.
 */
export function runningVersion({ history, operation }: Application): Version | null {
  const failed = operation === null ? null : failedVersion(operation);
  const isNew = failed !== null && !history.some(({ version }) => isSameVersion(version, failed));
  return isNew ? failed : (history.at(-1)?.version ?? null);
}

const failedVersion = ({ phase, isDryRun, version }: Operation): Version | null =>
  (phase === 'Failed' || phase === 'Error') && !isDryRun && version.revision !== ''
    ? version
    : null;

/** Chooses an absolute entry of the history: never "the one before" as such. */
export function chooseEntry(
  application: Application,
  { to, healthyVersions }: Wish,
): Result<Choice, PlanRefusal> {
  const { name, history } = application;
  const running = runningVersion(application);
  if (history.length === 0 || running === null) return noEarlier(application);
  if (to !== null) return chosenByName(application, { to, running });
  const others = history.filter(({ version }) => !isSameVersion(version, running)).toReversed();
  if (others.length === 0) return noEarlier(application);
  if (healthyVersions.length === 0) return ok(lastButKnown(others));
  for (const healthy of healthyVersions) {
    const entry = others.find(({ version }) => isNamed(version.revision, healthy));
    if (entry !== undefined) {
      const basis = `Commit ${entry.version.revision} ran healthy before the suspect change.`;
      return ok({ entry, basis, isKnownHealthy: true });
    }
  }
  return refuse(
    'no_healthy_revision',
    `None of the ${others.length} earlier entries in the history of ${name} is known to have been ` +
      `healthy. Look at them (${listed(others)}) and ask again with to=<id>.`,
  );
}

/** `others` is newest first, and not empty. */
function lastButKnown(others: readonly HistoryEntry[]): Choice {
  const [entry] = others as [HistoryEntry, ...HistoryEntry[]];
  return {
    entry,
    basis:
      'It is the newest entry of the history with another version than the one that runs; ' +
      'nobody recorded whether it was healthy.',
    isKnownHealthy: false,
  };
}

function chosenByName(
  { name, history }: Application,
  { to, running }: { readonly to: string; readonly running: Version },
): Result<Choice, PlanRefusal> {
  const entry =
    history.find(({ id }) => String(id) === to) ??
    history.findLast(({ version }) => isNamed(version.revision, to));
  if (entry === undefined) return unknownEntry({ name, history, to });
  if (isSameVersion(entry.version, running)) {
    return refuse(
      'already_there',
      `Entry ${entry.id} of ${name} is commit ${entry.version.revision}, which runs already. ` +
        `Choose another: ${listed(history)}.`,
    );
  }
  const basis = `Entry ${entry.id} (${entry.version.revision}) was asked for by name.`;
  return ok({ entry, basis, isKnownHealthy: false });
}

function unknownEntry(
  of: Pick<Application, 'name' | 'history'> & { readonly to: string },
): Refused {
  const { name, history, to } = of;
  const oldest = history[0]?.id ?? 0;
  const isTrimmed = /^\d{1,9}$/.test(to) && Number(to) < oldest;
  const why = isTrimmed
    ? `is no longer in the history of ${name}, which Argo CD keeps from entry ${oldest} on ` +
      '(revisionHistoryLimit). Choose one of these, or revert the commit in Git'
    : `is no entry in the history of ${name}. Give an id or at least 7 signs of a commit of these`;
  return refuse(
    isTrimmed ? 'history_trimmed' : 'bad_parameter',
    `"${to.slice(0, 80)}" ${why}: ${listed(history)}.`,
  );
}

const noEarlier = ({ name, history }: Application): Refused =>
  refuse(
    'no_earlier_revision',
    `Application ${name} has ${history.length === 1 ? 'one entry' : `${history.length} entries`} ` +
      'in its history and none with another version to go back to. Revert the commit in Git.',
  );

/** A name of at least seven signs stands for the commit that begins with it, and the reverse. */
export const isNamed = (revision: string, name: string): boolean =>
  name.length >= 7 &&
  revision.length >= 7 &&
  (revision.startsWith(name) || name.startsWith(revision));

const listed = (history: readonly HistoryEntry[]): string =>
  history
    .slice(-5)
    .map(({ id, version }) => `${id} (${version.revision.slice(0, 12)})`)
    .join(', ');

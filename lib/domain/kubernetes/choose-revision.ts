import type { PlanRefusal } from '../action/plan.ts';
import { err, ok, type Result } from '../shared/result.ts';
import { refusePlan } from './refuse.ts';
import type { Revision } from './revisions.ts';
import { imagesOf, nameImages } from './template.ts';
import { textAt } from './read.ts';

export interface RevisionChoice {
  /** For people: `Deployment shop/checkout`. */
  readonly subject: string;
  /** The newest first. */
  readonly revisions: readonly Revision[];
  readonly current: Revision | null;
  /** Hash of the template that the object has now. */
  readonly currentHash: string;
  /** How many old revisions the object keeps; null when it does not say. */
  readonly historyLimit: number | null;
  /** Versions known to have been healthy, the best first. */
  readonly healthyVersions: readonly string[];
  /** Name of the revision that the platform itself has on record as the last good one. */
  readonly recorded: string | null;
  /** What a person asked for: a revision's number or a version; null: nothing. */
  readonly wanted: string | null;
}

export interface ChosenRevision {
  readonly revision: Revision;
  readonly basis: string;
  /** Nothing says that it was ever healthy. */
  readonly isGuess: boolean;
}

type Choice = Result<ChosenRevision, PlanRefusal>;

/**
 * The revision to go back to. What a person names is taken, if it can be. Else the best of: one
 * that the change feed knew to be healthy; one that still has working pods; the one on record as
 * the last good; the newest other one, which is a guess. Never one whose pods fail right now.
 */
export function chooseRevision(choice: RevisionChoice): Choice {
  const others = choice.revisions.filter(
    ({ hash, name }) => hash !== choice.currentHash && name !== choice.current?.name,
  );
  if (choice.wanted !== null) return named(choice, others, choice.wanted);
  if (others.length === 0) return err(nothingEarlier(choice));
  const candidates = others.filter(({ pods }) => pods !== 'failing');
  const newest = candidates[0];
  if (newest === undefined) {
    const list = others.map(({ number }) => number).join(', ');
    return refusePlan(
      'no_healthy_revision',
      `No earlier revision of ${choice.subject} works: the pods of ${list} fail too. ` +
        'Look for a cause outside of the deploys, or name a revision with `to`.',
    );
  }
  return ok(knownHealthy(choice, candidates) ?? guess(choice, newest));
}

function knownHealthy(
  choice: RevisionChoice,
  candidates: readonly Revision[],
): ChosenRevision | null {
  for (const version of choice.healthyVersions) {
    const revision = candidates.find((candidate) => isVersion(candidate, version));
    if (revision !== undefined) {
      return healthy(revision, `was healthy by the change feed, which knows it as ${version}`);
    }
  }
  const serving = candidates.find(({ pods }) => pods === 'serving');
  if (serving !== undefined) return healthy(serving, 'still has available pods');
  const recorded = candidates.find(({ name }) => name === choice.recorded);
  if (recorded === undefined) return null;
  return healthy(recorded, 'is the last one on record that was rolled out to the end');
}

const healthy = (revision: Revision, why: string): ChosenRevision => ({
  revision,
  basis: `Revision ${revision.number} (${nameImages(revision.template)}) ${why}.`,
  isGuess: false,
});

const guess = ({ healthyVersions }: RevisionChoice, revision: Revision): ChosenRevision => ({
  revision,
  basis:
    `Revision ${revision.number} (${nameImages(revision.template)}) is the newest other one; ` +
    (healthyVersions.length === 0
      ? 'nothing tells whether it was healthy.'
      : `of those known to be healthy (${healthyVersions.join(', ')}) none is kept any more.`),
  isGuess: true,
});

function named(choice: RevisionChoice, others: readonly Revision[], wanted: string): Choice {
  const revision = findNamed(others, wanted);
  if (revision === undefined) return err(notThere(choice, wanted));
  const known = knownHealthy(choice, [revision]);
  if (known !== null) return ok(known);
  const trouble = revision.pods === 'failing' ? ', and its pods fail right now' : '';
  return ok({
    revision,
    basis:
      `Revision ${revision.number} (${nameImages(revision.template)}) was asked for by name; ` +
      `nothing tells whether it was healthy${trouble}.`,
    isGuess: true,
  });
}

const findNamed = (revisions: readonly Revision[], wanted: string): Revision | undefined =>
  revisions.find(({ number }) => String(number) === wanted) ??
  revisions.find((revision) => isVersion(revision, wanted));

function notThere(
  { subject, revisions, current, ...rest }: RevisionChoice,
  wanted: string,
): PlanRefusal {
  const same = findNamed(revisions, wanted);
  if (same !== undefined) {
    const runs = `${subject} runs the template of revision ${same.number} already`;
    const message = `${runs}: nothing to do. Name another revision.`;
    return { kind: 'plan-refused', reason: 'already_there', message };
  }
  const kept = revisions.map(({ number }) => number).filter((number) => number !== current?.number);
  if (kept.length === 0) return nothingEarlier({ subject, revisions, current, ...rest });
  const isTrimmed = /^\d+$/.test(wanted) && Number(wanted) < Math.min(...kept);
  return {
    kind: 'plan-refused',
    reason: isTrimmed ? 'history_trimmed' : 'bad_parameter',
    message:
      `${subject} has no revision ${wanted}${isTrimmed ? ' any more' : ''}: it keeps ` +
      `${kept.join(', ')}. Ask for one of these.`,
  };
}

function nothingEarlier({
  subject,
  current,
  revisions,
  historyLimit,
}: RevisionChoice): PlanRefusal {
  const newest = current?.number ?? revisions[0]?.number ?? 0;
  if (historyLimit === 0 || newest > 1) {
    const limit = historyLimit === null ? '' : ` (revisionHistoryLimit is ${historyLimit})`;
    return {
      kind: 'plan-refused',
      reason: 'history_trimmed',
      message:
        `${subject} keeps no earlier revision${limit}: deploy the last good version from its ` +
        'pipeline or revert the commit, and raise revisionHistoryLimit afterwards.',
    };
  }
  return {
    kind: 'plan-refused',
    reason: 'no_earlier_revision',
    message:
      `${subject} was never deployed in another version: there is nothing to roll back to. ` +
      'Deploy a fixed version, or scale or restart it.',
  };
}

/**
 * Whether the change feed, or a person, means this revision: its image, the tag or digest of it,
 * a commit that the tag abbreviates, or the version label.
 */
export function isVersion({ template }: Pick<Revision, 'template'>, version: string): boolean {
  if (version === '') return false;
  if (textAt(template, ['metadata', 'labels', 'app.kubernetes.io/version']) === version)
    return true;
  return imagesOf(template).some((image) => isImageOf(image, version));
}

function isImageOf(image: string, version: string): boolean {
  if (image === version || image.endsWith(`:${version}`) || image.endsWith(`@${version}`)) {
    return true;
  }
  const commit = /[:-]([0-9a-f]{7,40})$/.exec(image)?.[1];
  return commit !== undefined && /^[0-9a-f]{40}$/.test(version) && version.startsWith(commit);
}

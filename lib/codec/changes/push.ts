import type { ToldChange } from '../../domain/runbook/told-change.ts';
import { ok } from '../../domain/shared/result.ts';
import type { EpochMs } from '../../domain/shared/time.ts';
import { firstText } from '../fields.ts';
import {
  maxChanges,
  namesOf,
  nothing,
  shortSha,
  titleOf,
  wrong,
  type ReadChanges,
} from './reading.ts';

/** A push as both Git hosts tell it. */
export interface ToldPush {
  readonly subject: string;
  readonly ref: string;
  readonly defaultBranch: string;
  readonly before: string;
  readonly after: string;
  readonly atMs: EpochMs | null;
  readonly pusherNames: readonly string[];
  /** Oldest first. */
  readonly commits: readonly {
    readonly sha: string;
    readonly message: string;
    readonly url: string | null;
    readonly names: readonly string[];
  }[];
}

const wholeSha = /^[0-9a-f]{40}([0-9a-f]{24})?$/;
const noCommit = /^0+$/;

/**
 * One change for each commit that came to the default branch, so that each keeps its own author:
 * nobody approves the undoing, or the keeping, of what they wrote themselves.
 */
export function commitChanges(push: ToldPush): ReadChanges {
  const { ref, after, defaultBranch } = push;
  if (defaultBranch === '' || ref !== `refs/heads/${defaultBranch}`) {
    return nothing('a push to another branch than the default one');
  }
  if (!wholeSha.test(after)) return wrong('`after` of the push is no commit.');
  if (noCommit.test(after)) return nothing('the default branch was deleted');
  const commits = push.commits.filter(({ sha }) => wholeSha.test(sha)).slice(-maxChanges);
  if (commits.length === 0) return nothing('a push without commits');
  const changes = commits.map(({ sha, message, url, names }, index): ToldChange => ({
    id: `commit/${sha}`,
    kind: 'commit',
    subject: push.subject,
    environment: null,
    title: titleOf(`Commit ${shortSha(sha)}: ${firstText(message, 'without a message')}`),
    url,
    authorNames: names.length === 0 ? push.pusherNames : names,
    status: 'succeeded',
    atMs: push.atMs,
    versions: [sha],
    previous: namesOf([commits[index - 1]?.sha ?? (noCommit.test(push.before) ? '' : push.before)]),
  }));
  return ok({ kind: 'changes', changes });
}

import type { ChangeRecord } from '../../domain/action/rows.ts';
import { hours, minutes, type EpochMs } from '../../domain/shared/time.ts';

/** How far back the change feed is asked for versions that were healthy. */
export const historyMs = hours(30 * 24);

/** What ran for at least so long was watched: the first of the windows after a deploy. */
const provenMs = minutes(15);

/**
 * Versions that were healthy before the suspect change, which is the newest one before the
 * incident: those that were rolled out well and stayed for a while, the newest first. `changes`
 * are of one service, newest first.
 */
export function healthyVersions(
  changes: readonly ChangeRecord[],
  beganAtMs: EpochMs,
): readonly string[] {
  // A commit alone never ran.
  const rollouts = changes.filter(({ kind }) => kind === 'rollout');
  const [suspect, ...earlier] = rollouts.filter(({ atMs }) => atMs <= beganAtMs);
  if (suspect === undefined) return [];
  const proven = earlier.filter(
    ({ status, atMs }, index) =>
      status === 'succeeded' && (earlier[index - 1] ?? suspect).atMs - atMs >= provenMs,
  );
  const broken = new Set([
    ...suspect.versions,
    ...rollouts.flatMap(({ status, versions }) => (status === 'failed' ? versions : [])),
  ]);
  const versions = [...suspect.previous, ...proven.flatMap((change) => change.versions)];
  return [...new Set(versions)].filter((version) => !broken.has(version));
}

import type { World } from './world.ts';

/**
 * I29: what happens beside Slack is the same with and without it, at the same instants. Gives the
 * first line that differs, up to where the shorter run ends.
 */
export function firstDifference(withSlack: World, without: World): string | null {
  const endMs = Math.min(withSlack.scheduler.nowMs, without.scheduler.nowMs);
  const [ours, theirs] = [withSlack, without].map(({ trace }) =>
    trace.core.filter((line) => Number.parseInt(line, 10) < endMs),
  );
  const length = Math.max(ours?.length ?? 0, theirs?.length ?? 0);
  for (let index = 0; index < length; index += 1) {
    const [one = 'nothing', other = 'nothing'] = [ours?.[index], theirs?.[index]];
    if (one !== other) return `with Slack: ${one.trim()}; without: ${other.trim()}`;
  }
  return null;
}

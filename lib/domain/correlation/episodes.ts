import type { AlertTotals } from '../incident/event.ts';
import { durationMs, type EpochMs } from '../shared/time.ts';
import type { Episode } from './thread.ts';

/** The facts of an alert that decide about its episode. */
export type EpisodeFact = Omit<Episode, 'ordinal'>;

export interface Absorbed {
  readonly episodes: readonly Episode[];
  /** Episodes whose fire was not known: they join the incident, over already or not. */
  readonly joined: readonly Episode[];
  /** Members that were firing and are now known to be over. */
  readonly ended: readonly Episode[];
  /** Whether anything is different from before. */
  readonly isChanged: boolean;
}

/** Resolved episodes are remembered this long, so that a late retry cannot reopen anything. */
const memoryMs = durationMs(30 * 24 * 3_600_000);
const maxEpisodes = 4000;

export const episodeKey = (fact: EpisodeFact): string => `${fact.fingerprint}@${fact.startsAtMs}`;

/**
 * Adds facts to a set of episodes. The outcome is a function of the set of all facts ever
 * absorbed, whatever their order and however often they come: an episode is a member once a fire
 * says so, and over when any fact says so or when the same alert began a later episode.
 */
export function absorb(
  known: readonly Episode[],
  facts: readonly EpisodeFact[],
  ordinal: number,
): Absorbed {
  const before = new Map(known.map((episode) => [episodeKey(episode), episode]));
  const byKey = new Map(before);
  for (const fact of facts) byKey.set(episodeKey(fact), merge(byKey, fact, ordinal));
  const episodes = endOvertaken([...byKey.values()]);
  const wasMember = (episode: Episode): boolean =>
    (before.get(episodeKey(episode))?.ordinal ?? 0) > 0;
  const joined = episodes.filter((episode) => episode.ordinal > 0 && !wasMember(episode));
  const ended = episodes.filter(
    (episode) =>
      episode.status === 'resolved' && before.get(episodeKey(episode))?.status === 'firing',
  );
  const isChanged = joined.length > 0 || ended.length > 0 || byKey.size > before.size;
  return { episodes, joined, ended, isChanged };
}

function merge(byKey: ReadonlyMap<string, Episode>, fact: EpisodeFact, ordinal: number): Episode {
  const { fingerprint, startsAtMs, status } = fact;
  const known = byKey.get(episodeKey(fact));
  if (status === 'resolved') {
    return { fingerprint, startsAtMs, status, ordinal: known?.ordinal ?? 0 };
  }
  if (known === undefined) return { fingerprint, startsAtMs, status, ordinal };
  return known.ordinal === 0 ? { ...known, ordinal } : known;
}

/** One label set cannot fire twice at once: only its latest episode can still be firing. */
function endOvertaken(episodes: readonly Episode[]): Episode[] {
  const latestStart = new Map<string, number>();
  for (const { fingerprint, startsAtMs } of episodes) {
    latestStart.set(fingerprint, Math.max(startsAtMs, latestStart.get(fingerprint) ?? startsAtMs));
  }
  return episodes.map((episode) =>
    episode.startsAtMs < (latestStart.get(episode.fingerprint) ?? 0)
      ? { ...episode, status: 'resolved' }
      : episode,
  );
}

/** Forgets resolved episodes that began over 30 days ago, and the oldest beyond 4,000. */
export function prune(episodes: readonly Episode[], nowMs: EpochMs): readonly Episode[] {
  const kept = episodes.filter(
    (episode) => episode.status === 'firing' || episode.startsAtMs > nowMs - memoryMs,
  );
  if (kept.length <= maxEpisodes) return kept;
  const firingFirst = (episode: Episode): number => (episode.status === 'firing' ? 0 : 1);
  return [...kept]
    .sort((a, b) => firingFirst(a) - firingFirst(b) || b.startsAtMs - a.startsAtMs)
    .slice(0, maxEpisodes);
}

/** Counts over the episodes of one incident. */
export function totalsOf(episodes: readonly Episode[], ordinal: number): AlertTotals {
  const own = episodes.filter((episode) => episode.ordinal === ordinal);
  return {
    episodes: own.length,
    firing: own.filter((episode) => episode.status === 'firing').length,
    alerts: new Set(own.map((episode) => episode.fingerprint)).size,
  };
}

import type { Severity } from '../../../lib/domain/policy/policy.ts';
import type { Fact } from './ledger.ts';

/** What a set of facts says of one episode. No order, no repetition. */
export interface NaiveEpisode {
  readonly fact: Fact;
  readonly hasFired: boolean;
  readonly isOver: boolean;
}

export const episodeName = (fact: Pick<Fact, 'fingerprint' | 'startsAtMs'>): string =>
  `${fact.fingerprint}@${fact.startsAtMs}`;

/** Folds facts as a set: an episode fired if any fact says so, is over if any says so or a later began. */
export function foldFacts(facts: readonly Fact[]): ReadonlyMap<string, NaiveEpisode> {
  const newest = new Map<string, number>();
  for (const { fingerprint, startsAtMs } of facts) {
    newest.set(fingerprint, Math.max(startsAtMs, newest.get(fingerprint) ?? 0));
  }
  const episodes = new Map<string, NaiveEpisode>();
  for (const fact of facts) {
    const known = episodes.get(episodeName(fact));
    episodes.set(episodeName(fact), {
      fact,
      hasFired: fact.isFiring || (known?.hasFired ?? false),
      isOver:
        !fact.isFiring ||
        (known?.isOver ?? false) ||
        fact.startsAtMs < (newest.get(fact.fingerprint) ?? 0),
    });
  }
  return episodes;
}

const order: readonly Severity[] = ['P2', 'P1', 'P0'];

/** The graver of two, by position in a list and not by the core's own rule. */
export const graver = (a: Severity, b: Severity): Severity =>
  order.indexOf(a) >= order.indexOf(b) ? a : b;

export const isAtLeast = (a: Severity, b: Severity): boolean =>
  order.indexOf(a) >= order.indexOf(b);

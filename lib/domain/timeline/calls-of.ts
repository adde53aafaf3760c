import type { Commit } from '../incident/event.ts';
import type { Principal } from '../incident/principal.ts';
import type { EpochMs } from '../shared/time.ts';
import { pagesOf, type PageLine } from './pages-of.ts';

/** Somebody whom a person had called beside the page of the incident itself. */
export interface CallLine {
  /** Null: whoever is on the next level. */
  readonly whom: string | null;
  readonly by: Principal;
  /** What was said with it; may be empty. */
  readonly text: string;
  readonly atMs: EpochMs;
  /** What became of it at PagerDuty. */
  readonly page: PageLine | null;
}

/** Everybody whom people had called, in the order in which they were asked for. */
export function callsOf(commits: readonly Commit[]): readonly CallLine[] {
  const pages = pagesOf(commits);
  // Each call is followed by its own page.
  const persons = pages.filter(({ action }) => action === 'responders').values();
  const levels = pages.filter(({ action }) => action === 'escalate').values();
  return commits.flatMap(({ atMs, events }) =>
    events.flatMap((event): readonly CallLine[] => {
      if (event.type === 'responder.requested') {
        const { person, by, message } = event;
        const page = persons.next().value ?? null;
        return [{ whom: person.name, by, text: message, atMs, page }];
      }
      if (event.type !== 'escalation.requested') return [];
      const { by, reason } = event;
      return [{ whom: null, by, text: reason, atMs, page: levels.next().value ?? null }];
    }),
  );
}

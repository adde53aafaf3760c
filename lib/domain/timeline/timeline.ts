import type { Commit, IncidentEventType } from '../incident/event.ts';
import { toIso, type EpochMs } from '../shared/time.ts';
import { describers } from './describe.ts';
import type { Description } from './description.ts';

/** One line of an incident's story. `seq` is its place in the log. */
export interface TimelineEntry {
  readonly seq: number;
  readonly atMs: EpochMs;
  readonly type: IncidentEventType;
  /** One sentence, without the instant. Holds data from outside: escape it where it is shown. */
  readonly text: string;
  /** Rule and reason of a decision, where the event is one. */
  readonly reason: string | null;
}

/** The story of an incident, in order: a pure function of its log. */
export function timelineOf(commits: readonly Commit[]): readonly TimelineEntry[] {
  return commits.flatMap(({ firstSeq, atMs, events }) =>
    events.map((event, index) => {
      // The table has an entry for every type; the compiler cannot tie the entry to this event.
      const describe = describers[event.type] as (of: typeof event) => Description;
      return { seq: firstSeq + index, atMs, type: event.type, ...describe(event) };
    }),
  );
}

/** As the API gives it. */
export const timelineJson = (
  entries: readonly TimelineEntry[],
): readonly Readonly<Record<string, unknown>>[] =>
  entries.map(({ atMs, ...entry }) => ({ at: toIso(atMs), ...entry }));

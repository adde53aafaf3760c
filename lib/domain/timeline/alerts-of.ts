import type { AlertRef, Commit } from '../incident/event.ts';
import type { EpochMs } from '../shared/time.ts';

/** One alert episode as the log last heard of it. */
export interface AlertLine {
  readonly name: string;
  readonly summary: string;
  readonly status: AlertRef['status'];
  readonly startsAtMs: EpochMs;
}

/** What an incident's log lists of its alerts: firing ones first, then the newest. */
export function alertsOf(commits: readonly Commit[]): readonly AlertLine[] {
  const episodes = new Map<string, AlertLine>();
  for (const event of commits.flatMap(({ events }) => events)) {
    if (event.type !== 'alerts.attached') continue;
    for (const { fingerprint, startsAtMs, name, summary, status } of event.alerts) {
      episodes.set(`${startsAtMs} ${fingerprint}`, { name, summary, status, startsAtMs });
    }
  }
  return [...episodes.values()].toSorted(
    (a, b) => rank(a) - rank(b) || b.startsAtMs - a.startsAtMs,
  );
}

const rank = ({ status }: AlertLine): number => (status === 'firing' ? 0 : 1);

import type { ChangeFound } from '../action/event.ts';
import type { ChangeRecord } from '../action/rows.ts';
import type { Incident } from '../incident/state.ts';
import {
  describeSpan,
  durationMs,
  hours,
  minutes,
  type DurationMs,
  type EpochMs,
} from '../shared/time.ts';

/** A change as an incident records it. */
export type NearChange = Omit<ChangeFound, 'type'>;

/** What the nearness of a change is measured against. */
export type ChangedIncident = Pick<Incident, 'openedAtMs' | 'environment'>;

/**
 * After a rollout a service is watched in three windows. The shorter the time from a change to the
 * incident, the likelier it is the cause. The numbers order what people look at; nothing acts on
 * them.
 */
export const watchWindows: readonly { readonly untilMs: DurationMs; readonly pct: number }[] = [
  { untilMs: minutes(15), pct: 90 },
  { untilMs: hours(2), pct: 60 },
  { untilMs: hours(24), pct: 20 },
];

/** Changes of longer ago are not looked for. */
export const watchedForMs = hours(24);

/** An alert comes minutes after its cause, and clocks differ: so long after is still the beginning. */
const aboutTheSameMs = minutes(5);
const aboutTheSamePct = 30;
const afterwardsPct = 5;

/** A commit runs nowhere until a rollout brings it. */
const commitShare = 0.5;
const otherEnvironmentShare = 0.25;
const unknownEnvironmentShare = 0.9;

/** As many as an incident shows. */
const maxNear = 5;

/** Names a change among those of all feeds. */
export const changeIdOf = ({ sourceId, id }: Pick<ChangeRecord, 'sourceId' | 'id'>): string =>
  `${sourceId}/${id}`;

/**
 * The changes that may have caused an incident, the likeliest first, at most five. A commit that a
 * rollout among them has brought is not told a second time. Changes of more than a day before are
 * left out.
 */
export function rankChanges(
  changes: readonly ChangeRecord[],
  incident: ChangedIncident,
): readonly NearChange[] {
  const rolledOut = new Set(
    changes.flatMap(({ kind, versions }) => (kind === 'rollout' ? versions : [])),
  );
  return changes
    .filter(({ kind, versions }) => kind === 'rollout' || !versions.some((v) => rolledOut.has(v)))
    .flatMap((change) => nearChange(change, incident) ?? [])
    .toSorted((a, b) => b.likelihoodPct - a.likelihoodPct || b.changedAtMs - a.changedAtMs)
    .slice(0, maxNear);
}

/** One change beside an incident; null when it is too old to be told. */
export function nearChange(change: ChangeRecord, incident: ChangedIncident): NearChange | null {
  const time = timing(change.atMs, incident.openedAtMs);
  if (time === null) return null;
  const place = placing(change, incident);
  const kindShare = change.kind === 'commit' ? commitShare : 1;
  return {
    changeId: changeIdOf(change),
    title: change.title,
    url: change.url,
    author: change.author,
    service: change.service,
    changedAtMs: change.atMs,
    reason: `${happening(change)} ${time.says}, ${place.says}.`,
    likelihoodPct: Math.round(time.pct * place.share * kindShare),
  };
}

interface Timing {
  readonly pct: number;
  readonly says: string;
}

function timing(atMs: EpochMs, beganAtMs: EpochMs): Timing | null {
  const beforeMs = beganAtMs - atMs;
  if (beforeMs < 0) {
    const span = describeSpan(durationMs(-beforeMs));
    return -beforeMs <= aboutTheSameMs
      ? { pct: aboutTheSamePct, says: `${span} after the incident began` }
      : { pct: afterwardsPct, says: `${span} after the incident began, perhaps to repair it` };
  }
  const window = watchWindows.find(({ untilMs }) => beforeMs <= untilMs);
  if (window === undefined) return null;
  const span = describeSpan(durationMs(beforeMs));
  return { pct: window.pct, says: `${span} before the incident began` };
}

function happening({ kind, status }: ChangeRecord): string {
  if (kind === 'commit') return 'Committed, which no rollout is known to have brought,';
  switch (status) {
    case 'started':
      return 'A rollout that has not ended began';
    case 'succeeded':
      return 'Rolled out';
    case 'failed':
      return 'A rollout failed';
  }
}

function placing(
  { environment, service }: ChangeRecord,
  incident: ChangedIncident,
): { readonly share: number; readonly says: string } {
  if (environment === null || incident.environment === '') {
    return { share: unknownEnvironmentShare, says: `for ${service}` };
  }
  return isSamePlace(environment, incident.environment)
    ? { share: 1, says: `for ${service} in ${environment}` }
    : {
        share: otherEnvironmentShare,
        says: `for ${service}, but in ${environment} and not in ${incident.environment}`,
      };
}

/** `prod` and `production` are one environment. */
function isSamePlace(a: string, b: string): boolean {
  const [first, second] = [a.toLowerCase(), b.toLowerCase()];
  return first.startsWith(second) || second.startsWith(first);
}

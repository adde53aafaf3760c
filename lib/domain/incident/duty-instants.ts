import { after, between, earliest, type DurationMs, type EpochMs } from '../shared/time.ts';
import type { Incident, IncidentFacts } from './state.ts';

const afterOrNull = (atMs: EpochMs, spanMs: DurationMs | null): EpochMs | null =>
  spanMs === null ? null : after(atMs, spanMs);

type Owed = Pick<IncidentFacts, 'duties' | 'severity'>;

/** When the next update is due, counted from an instant. */
export const updateDueFrom = ({ duties, severity }: Owed, fromMs: EpochMs): EpochMs | null =>
  afterOrNull(fromMs, duties.updateEveryMs[severity]);

/** What is owed once it is resolved. */
export const owedAfterResolve = (
  { duties, severity }: Owed,
  resolvedAtMs: EpochMs,
): Pick<IncidentFacts, 'postmortemDueAtMs' | 'closeAtMs'> => ({
  postmortemDueAtMs: afterOrNull(resolvedAtMs, duties.postmortemWithinMs[severity]),
  closeAtMs: afterOrNull(resolvedAtMs, duties.closeAfterMs[severity]),
});

/** What an open incident owes under another severity: sooner when that asks so, never later. */
export function updateDueUnder(incident: IncidentFacts, atMs: EpochMs): EpochMs | null {
  const dueAtMs = updateDueFrom(incident, atMs);
  return dueAtMs === null || incident.updateDueAtMs === null
    ? dueAtMs
    : earliest(dueAtMs, incident.updateDueAtMs);
}

/**
 * The first instant of the rhythm after `nowMs`: a reminder that comes late, because nothing ran,
 * stands for all that were missed.
 */
export function nextReminder(
  incident: IncidentFacts,
  dueAtMs: EpochMs,
  nowMs: EpochMs,
): EpochMs | null {
  const everyMs = rhythmOf(incident);
  if (everyMs === null) return null;
  const missed = Math.floor(Math.max(0, nowMs - dueAtMs) / everyMs);
  return after(dueAtMs, (everyMs * (missed + 1)) as DurationMs);
}

/** The policy's, or what the last update promised where the policy asks for none. */
function rhythmOf({ duties, severity, latestUpdate }: IncidentFacts): DurationMs | null {
  const everyMs = duties.updateEveryMs[severity];
  if (everyMs !== null || latestUpdate === null) return everyMs;
  const { atMs, nextDueAtMs } = latestUpdate;
  return nextDueAtMs === null ? null : between(atMs, nextDueAtMs);
}

/** When an acknowledgement counts as forgotten; null when it never does, or there is none. */
export function idleAt(incident: Incident): EpochMs | null {
  if (incident.state !== 'acknowledged' || incident.settleAtMs !== null) return null;
  const sinceMs = incident.lastHumanAtMs ?? incident.acknowledgedAtMs;
  return afterOrNull(sinceMs, incident.duties.ackIdleMs[incident.severity]);
}

/** When to remind of the post-mortem; null when it is written, not owed, or was reminded of. */
export const postmortemReminderAt = (incident: Incident): EpochMs | null =>
  incident.state === 'resolved' && !incident.isPostmortemReminded && incident.postmortem === null
    ? incident.postmortemDueAtMs
    : null;

/** When a resolved incident is to be closed; null when it is, or never will be. */
export const closingAt = (incident: Incident): EpochMs | null =>
  incident.state === 'resolved' && incident.closedAtMs === null ? incident.closeAtMs : null;

import { nextStage } from '../sla/clock.ts';
import type { EpochMs } from '../shared/time.ts';
import type { Incident } from './state.ts';

/** What there is to look at: an instant of the incident's own, or a page that waits. */
export type DueRow =
  | { readonly kind: 'timer'; readonly name: 'response' | 'resolution' | 'settle' }
  | { readonly kind: 'intent'; readonly intentId: string };

/**
 * A wake-up: at `dueAtMs` somebody must look at this incident. The row never decides: whoever is
 * woken loads the incident and decides from it.
 */
export interface DueAt {
  readonly tenant: string;
  readonly incidentId: string;
  readonly dueAtMs: EpochMs;
  readonly row: DueRow;
}

/**
 * The wake-ups of an incident: the next stage of each clock, the end of a resolve delay, and every
 * open page. A pure function of the incident, so a commit writes exactly the difference.
 */
export function dueRows(incident: Incident): readonly DueAt[] {
  const of = (dueAtMs: EpochMs, row: DueRow): DueAt => ({
    tenant: incident.tenant,
    incidentId: incident.id,
    dueAtMs,
    row,
  });
  const intents = incident.intents.map(({ dueAtMs, intentId }) =>
    of(dueAtMs, { kind: 'intent', intentId }),
  );
  if (incident.state === 'resolved') return intents;
  const clocks = [incident.response, incident.resolution].flatMap((clock) => {
    const stage = nextStage(clock, incident.ladder);
    return stage === null ? [] : [of(stage.dueAtMs, { kind: 'timer', name: clock.name })];
  });
  const settle =
    incident.settleAtMs === null
      ? []
      : [of(incident.settleAtMs, { kind: 'timer', name: 'settle' })];
  return [...clocks, ...settle, ...intents];
}

/** Equal names mean the same row of the store. */
export const nameOf = ({ incidentId, dueAtMs, row }: DueAt): string =>
  `${incidentId}#${dueAtMs}#${row.kind}:${row.kind === 'timer' ? row.name : row.intentId}`;

/** The rows to write and to delete when an incident changes from one state to another. */
export function dueDifference(
  before: Incident | null,
  next: Incident,
): { readonly added: readonly DueAt[]; readonly removed: readonly DueAt[] } {
  const old = before === null ? [] : dueRows(before);
  const fresh = dueRows(next);
  const oldNames = new Set(old.map(nameOf));
  const freshNames = new Set(fresh.map(nameOf));
  return {
    added: fresh.filter((row) => !oldNames.has(nameOf(row))),
    removed: old.filter((row) => !freshNames.has(nameOf(row))),
  };
}

import { nextStage } from '../sla/clock.ts';
import type { EpochMs } from '../shared/time.ts';
import { closingAt, idleAt, postmortemReminderAt } from './duty-instants.ts';
import type { Incident } from './state.ts';

/** The instants of an incident's own: two clocks, the end of a resolve delay, and duties. */
export type TimerName =
  'response' | 'resolution' | 'settle' | 'update' | 'idle' | 'postmortem' | 'close';

/** What there is to look at: an instant of the incident's own, or a page that waits. */
export type DueRow =
  | { readonly kind: 'timer'; readonly name: TimerName }
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
 * The wake-ups of an incident: the next stage of each clock, the end of a resolve delay, what
 * people are to be reminded of, and every open page. A pure function of the incident, so a commit
 * writes exactly the difference. Any wake-up does all that is due at its instant: a duty needs
 * none of its own where there is another.
 */
export function dueRows(incident: Incident): readonly DueAt[] {
  const { tenant, id: incidentId, intents } = incident;
  const timers = timersOf(incident).map(([name, dueAtMs]): DueAt => {
    return { tenant, incidentId, dueAtMs, row: { kind: 'timer', name } };
  });
  const pages = intents.map(({ dueAtMs, intentId }): DueAt => {
    return { tenant, incidentId, dueAtMs, row: { kind: 'intent', intentId } };
  });
  return [...timers, ...pages];
}

type Timer<At = EpochMs> = readonly [name: TimerName, dueAtMs: At];

function timersOf(incident: Incident): readonly Timer[] {
  const instants = lifecycleTimers(incident).filter(isSet);
  const taken = new Set(instants.map(([, dueAtMs]) => dueAtMs));
  const duties = dutyTimers(incident).filter(isSet);
  return [...instants, ...duties.filter(([, dueAtMs]) => !taken.has(dueAtMs))];
}

const isSet = (timer: Timer<EpochMs | null>): timer is Timer => timer[1] !== null;

function lifecycleTimers(incident: Incident): readonly Timer<EpochMs | null>[] {
  if (incident.state === 'resolved') return [['close', closingAt(incident)]];
  const { ladder, response, resolution, settleAtMs } = incident;
  return [
    ['response', nextStage(response, ladder)?.dueAtMs ?? null],
    ['resolution', nextStage(resolution, ladder)?.dueAtMs ?? null],
    ['settle', settleAtMs],
  ];
}

function dutyTimers(incident: Incident): readonly Timer<EpochMs | null>[] {
  return incident.state === 'resolved'
    ? [['postmortem', postmortemReminderAt(incident)]]
    : [
        ['update', incident.updateDueAtMs],
        ['idle', idleAt(incident)],
      ];
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

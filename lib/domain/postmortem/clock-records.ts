import type { Commit, IncidentEvent } from '../incident/event.ts';
import type { ClockName } from '../incident/sla-event.ts';
import type { Severity } from '../policy/policy.ts';
import { after, between, type DurationMs, type EpochMs } from '../shared/time.ts';

/** How one version of one clock went. */
export interface ClockRecord {
  readonly clock: ClockName;
  readonly version: number;
  readonly severity: Severity;
  readonly startedAtMs: EpochMs;
  readonly targetMs: DurationMs;
  readonly deadlineAtMs: EpochMs;
  readonly isBreached: boolean;
  /** A breach was recorded, and the goal turned out to have been reached before. */
  readonly isBreachWithdrawn: boolean;
  /** `replaced`: a newer version took its place before it ended. */
  readonly outcome: 'running' | 'met' | 'stopped' | 'replaced';
  readonly elapsedMs: DurationMs | null;
}

/** Every version of both clocks, in the order in which they started. */
export function clockRecords(commits: readonly Commit[]): readonly ClockRecord[] {
  const records: ClockRecord[] = [];
  for (const { atMs, events } of commits) {
    for (const event of events) record(records, event, atMs);
  }
  return records;
}

function record(records: ClockRecord[], event: IncidentEvent, atMs: EpochMs): void {
  if (event.type === 'incident.opened') {
    const { severity, target } = event;
    for (const [clock, targetMs] of [
      ['response', target.respondMs],
      ['resolution', target.resolveMs],
    ] as const) {
      const deadlineAtMs = after(atMs, targetMs);
      records.push(started({ clock, version: 1, severity, fromMs: atMs, targetMs, deadlineAtMs }));
    }
  } else if (event.type === 'sla.clock_started') {
    restart(records, event);
  } else if (event.type === 'sla.breached') {
    amend(records, event, () => ({ isBreached: true }));
  } else if (event.type === 'sla.breach_withdrawn') {
    amend(records, event, () => ({ isBreached: false, isBreachWithdrawn: true }));
  } else if (event.type === 'sla.met') {
    amend(records, event, () => ({ outcome: 'met', elapsedMs: event.elapsedMs }));
  } else if (event.type === 'sla.stopped') {
    amend(records, event, ({ startedAtMs }) => ({
      outcome: 'stopped',
      elapsedMs: between(startedAtMs, atMs),
    }));
  }
}

type Start = Pick<
  ClockStarted,
  'clock' | 'version' | 'severity' | 'fromMs' | 'targetMs' | 'deadlineAtMs'
>;

const started = ({ fromMs, ...start }: Start): ClockRecord => ({
  clock: start.clock,
  version: start.version,
  severity: start.severity,
  startedAtMs: fromMs,
  targetMs: start.targetMs,
  deadlineAtMs: start.deadlineAtMs,
  isBreached: false,
  isBreachWithdrawn: false,
  outcome: 'running',
  elapsedMs: null,
});

type ClockStarted = Extract<IncidentEvent, { readonly type: 'sla.clock_started' }>;

/** A resumed version goes on; a new one takes the place of the one before. */
function restart(records: ClockRecord[], event: ClockStarted): void {
  const { clock, version, deadlineAtMs } = event;
  const isResumed = records.some((known) => known.clock === clock && known.version === version);
  if (isResumed) {
    amend(records, event, () => ({ deadlineAtMs, outcome: 'running', elapsedMs: null }));
    return;
  }
  amend(records, { clock, version: version - 1 }, ({ outcome }) => ({
    outcome: outcome === 'running' ? 'replaced' : outcome,
  }));
  records.push(started(event));
}

function amend(
  records: ClockRecord[],
  which: { readonly clock: ClockName; readonly version: number },
  change: (of: ClockRecord) => Partial<ClockRecord>,
): void {
  const index = records.findIndex(
    ({ clock, version }) => clock === which.clock && version === which.version,
  );
  const known = records[index];
  if (known !== undefined) records[index] = { ...known, ...change(known) };
}

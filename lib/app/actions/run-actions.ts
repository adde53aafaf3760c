import type { IncidentEventType } from '../../domain/incident/event.ts';
import type { Action } from '../../domain/action/action.ts';
import { isEnded } from '../../domain/action/summary.ts';
import { ok, type Result } from '../../domain/shared/result.ts';
import { after, durationMs, minutes, seconds, type EpochMs } from '../../domain/shared/time.ts';
import type { PortFailure } from '../../ports/failure.ts';
import { inParallel } from '../concurrency.ts';
import { considerIncident } from './consider-incident.ts';
import type { ActDeps } from './deps.ts';
import { driveAction } from './drive-action.ts';

/** A run looks this far ahead: the next one starts then. */
const horizonMs = minutes(1);
/**
 * While something waits that will move within this time, such as a plan before people, a run
 * stays: what they approve is then followed from the first second on.
 */
const nearMs = minutes(10);
/** While something is pending, what became due meanwhile is looked for this often. */
const lookAgainMs = seconds(2);
const actionsAtOnce = 8;
const rowsPerLook = 100;
const looksPerRun = 500;

/** Something that happened to an incident, as the bus tells. */
export interface IncidentNews {
  readonly tenant: string;
  readonly incidentId: string;
  readonly type: IncidentEventType;
  /** Which action it is about; null: none, or it was not told. */
  readonly actionId: string | null;
}

/**
 * Does at once what an event asks for: looks whether a runbook matches, plans what was requested,
 * starts what was approved, cancels what is no longer wanted. Lost, late and repeated events
 * change nothing but lateness: what is not done is found again by its instant.
 */
export async function actOnNews(
  deps: ActDeps,
  { tenant, incidentId, type, actionId }: IncidentNews,
): Promise<Result<void, PortFailure>> {
  if (actionId !== null) return driveAction(deps, { tenant, actionId });
  const considered = await considerIncident(deps, { tenant, incidentId, events: [{ type }] });
  if (!considered.ok) return considered;
  const incident = await deps.store.loadIncident(tenant, incidentId);
  if (!incident.ok) return incident;
  const open = (incident.value?.actions ?? []).filter(({ state }) => !isEnded(state));
  const driven = await inParallel(open, actionsAtOnce, (summary) =>
    driveAction(deps, { tenant, actionId: summary.actionId }),
  );
  return driven.find((result) => !result.ok) ?? ok(undefined);
}

export interface ActionRun {
  /** Actions that were driven. */
  readonly driven: number;
  /** Those that could not be read or written; the next run finds them again. */
  readonly failed: number;
}

/**
 * One run, started once a minute. Drives every action that is due, then those that become due
 * within the next minute, each at its instant and none behind another; ends at once when nothing
 * is near. Late, missing, repeated and overlapping runs change nothing but lateness.
 */
export async function actDue(deps: ActDeps): Promise<Result<ActionRun, PortFailure>> {
  const endMs = after(deps.clock.now(), horizonMs);
  const run = startRun(deps);
  for (let look = 0; look < looksPerRun; look += 1) {
    const rows = await deps.actionRows.loadPending(after(endMs, nearMs), rowsPerLook);
    if (!rows.ok) {
      await run.end();
      return rows;
    }
    const nowMs = deps.clock.now();
    const pending = rows.value.filter(run.isWanted);
    run.drive(pending.filter((action) => instantOf(action) <= nowMs));
    if (nowMs >= endMs || (pending.length === 0 && run.isIdle())) break;
    await deps.clock.sleep(durationMs(waitMs(pending, nowMs)));
  }
  return ok(await run.end());
}

const instantOf = ({ nextAtMs }: Action): number => nextAtMs ?? Infinity;

/** Until the next instant, but never so short that a late index makes the loop spin. */
function waitMs(pending: readonly Action[], nowMs: EpochMs): number {
  const coming = pending.map(instantOf).filter((atMs) => atMs > nowMs);
  return Math.max(250, Math.min(lookAgainMs, ...coming.map((atMs) => atMs - nowMs)));
}

interface Run {
  readonly isWanted: (action: Action) => boolean;
  readonly isIdle: () => boolean;
  readonly drive: (due: readonly Action[]) => void;
  readonly end: () => Promise<ActionRun>;
}

/** Drives side by side: a target that does not answer holds up nobody but itself. */
function startRun(deps: ActDeps): Run {
  const running = new Map<string, Promise<void>>();
  const seen = new Set<string>();
  const failed = new Set<string>();
  const thrown: unknown[] = [];
  const nameOf = ({ tenant, id }: Action): string => `${tenant}/${id}`;
  const driveOne = async (action: Action): Promise<void> => {
    const name = nameOf(action);
    try {
      const driven = await driveAction(deps, { tenant: action.tenant, actionId: action.id });
      if (driven.ok) return;
      failed.add(name);
      deps.log.error('An action is left to the next run.', { action: name, why: driven.error });
    } catch (error) {
      // A mistake of ours in one action is told once the others have been driven.
      failed.add(name);
      thrown.push(error);
    } finally {
      running.delete(name);
    }
  };
  return {
    isWanted: (action) => !running.has(nameOf(action)) && !failed.has(nameOf(action)),
    isIdle: () => running.size === 0,
    drive(due) {
      for (const action of due.slice(0, Math.max(0, actionsAtOnce - running.size))) {
        seen.add(nameOf(action));
        running.set(nameOf(action), driveOne(action));
      }
    },
    async end() {
      await Promise.all(running.values());
      if (thrown.length > 0) throw thrown[0];
      return { driven: seen.size, failed: failed.size };
    },
  };
}

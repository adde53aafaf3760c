import { HISTORY_LENGTH, type Pace } from './settings.ts';
import {
  isAutoSyncOn,
  isBusy,
  liveRevision,
  outcomeOf,
  type AppState,
  type HistoryRecord,
  type RunOperation,
} from './state.ts';

/** What the controller does next, and when. */
interface Due {
  readonly atMs: number;
  readonly then: (state: AppState) => AppState;
}

/** No Application has that many things to do at once. */
const MAX_STEPS = 1000;

/** The Application as its controller has it at an instant: everything that was due has happened. */
export function advance(state: AppState, nowMs: number, pace: Pace): AppState {
  let current = state;
  for (let step = 0; step < MAX_STEPS; step += 1) {
    const next = nextOf(current, pace);
    if (next === null || next.atMs > nowMs) return current;
    current = next.then(current);
  }
  return current;
}

function nextOf(state: AppState, pace: Pace): Due | null {
  const dues = [heals(state, pace), begins(state, pace), ends(state, pace), syncs(state, pace)];
  return dues
    .filter((due) => due !== null)
    .reduce<Due | null>(
      (first, due) => (first === null || due.atMs < first.atMs ? due : first),
      null,
    );
}

/** The owner puts `syncPolicy` back. */
function heals(state: AppState, { healMs }: Pace): Due | null {
  const { owner, ownedPolicy, syncPolicy } = state;
  if (owner === null || JSON.stringify(syncPolicy) === JSON.stringify(ownedPolicy)) return null;
  const atMs = state.changedAtMs + healMs;
  return { atMs, then: (now) => ({ ...now, syncPolicy: ownedPolicy, changedAtMs: atMs }) };
}

function begins({ pending, isWindowClosed }: AppState, { beginMs }: Pace): Due | null {
  if (pending === null) return null;
  const atMs = pending.askedAtMs + beginMs;
  const operation: RunOperation = {
    sync: pending.sync,
    phase: 'Running',
    message: isWindowClosed ? 'Sync operation blocked by sync window' : 'waiting for completion',
    startedAtMs: atMs,
    freeSinceMs: isWindowClosed ? null : atMs,
    finishedAtMs: null,
  };
  return { atMs, then: (now) => ({ ...now, pending: null, operation }) };
}

function ends({ operation }: AppState, { operateMs }: Pace): Due | null {
  if (operation?.phase !== 'Running' || operation.freeSinceMs === null) return null;
  const atMs = operation.freeSinceMs + operateMs;
  return { atMs, then: (now) => ended(now, operation, atMs) };
}

function ended(state: AppState, operation: RunOperation, atMs: number): AppState {
  const { sync } = operation;
  const isFailing = outcomeOf(state, sync.revision) === 'failing';
  const finished: RunOperation = {
    ...operation,
    phase: isFailing ? 'Failed' : 'Succeeded',
    message: isFailing ? FAILED_SAYS : 'successfully synced (all tasks run)',
    finishedAtMs: atMs,
  };
  const after = { ...state, operation: finished, changedAtMs: atMs };
  if (sync.isDryRun) return after;
  if (isFailing) return { ...after, failedRevision: sync.revision };
  const history = [...state.history, entryOf(state, operation, atMs)].slice(-HISTORY_LENGTH);
  return { ...after, history, deployedAtMs: atMs };
}

const FAILED_SAYS = 'one or more objects failed to apply, reason: error validating data';

const entryOf = (
  { history, source }: AppState,
  { sync, startedAtMs }: RunOperation,
  deployedAtMs: number,
): HistoryRecord => ({
  id: (history.at(-1)?.id ?? -1) + 1,
  revision: sync.revision,
  source: sync.source ?? source,
  startedAtMs,
  deployedAtMs,
  by: sync.by === '' ? 'automated sync policy' : sync.by,
});

/** Auto-sync brings Git's head, once things have been quiet. */
function syncs(state: AppState, { autoSyncMs }: Pace): Due | null {
  const { head } = state;
  if (!isAutoSyncOn(state) || isBusy(state) || state.isWindowClosed || state.isDeleting)
    return null;
  if ([liveRevision(state), state.failedRevision].includes(head)) return null;
  const atMs = state.changedAtMs + autoSyncMs;
  const sync = { revision: head, isDryRun: false, by: '' };
  return { atMs, then: (now) => ({ ...now, pending: { sync, askedAtMs: atMs } }) };
}

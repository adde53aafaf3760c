import { createHash } from 'node:crypto';
import type { JsonObject } from '../../shared/json.ts';
import type { ArgoCdSandboxApplication, Outcome } from './settings.ts';

export interface HistoryRecord {
  readonly id: number;
  readonly revision: string;
  readonly source: JsonObject;
  readonly startedAtMs: number;
  readonly deployedAtMs: number;
  readonly by: string;
}

/** A sync that was asked for. `source` is given by rollbacks alone. */
export interface WantedSync {
  readonly revision: string;
  readonly source?: JsonObject;
  readonly isDryRun: boolean;
  /** Empty: auto-sync. */
  readonly by: string;
}

export interface RunOperation {
  readonly sync: WantedSync;
  readonly phase: 'Running' | 'Failed' | 'Succeeded';
  readonly message: string;
  readonly startedAtMs: number;
  /** Since when no sync window holds it; null: held. */
  readonly freeSinceMs: number | null;
  readonly finishedAtMs: number | null;
}

/** An Application at one instant, with what its controller is about to do. */
export interface AppState {
  readonly name: string;
  readonly project: string;
  readonly namespace: string;
  readonly uid: string;
  readonly source: JsonObject;
  readonly syncPolicy: JsonObject | null;
  readonly annotations: JsonObject;
  readonly owner: string | null;
  /** What the owner keeps. */
  readonly ownedPolicy: JsonObject | null;
  readonly isDeleting: boolean;
  readonly isWindowClosed: boolean;
  readonly head: string;
  readonly outcomes: Readonly<Record<string, Outcome>>;
  readonly history: readonly HistoryRecord[];
  readonly pending: { readonly sync: WantedSync; readonly askedAtMs: number } | null;
  readonly operation: RunOperation | null;
  readonly deployedAtMs: number;
  /** Of the last change by people, and of the end of the last operation. */
  readonly changedAtMs: number;
  /** Auto-sync does not try a version again that failed. */
  readonly failedRevision: string | null;
}

/** Before all time: what is there from the start has long been healthy. */
const LONG_AGO_MS = 0;

export function initialState(seed: ArgoCdSandboxApplication): AppState {
  const syncPolicy = seed.automated === null ? null : { automated: seed.automated };
  return {
    name: seed.name,
    project: seed.project,
    namespace: seed.namespace ?? 'argocd',
    uid: uidOf(`${seed.project}/${seed.name}`),
    source: seed.source,
    syncPolicy,
    annotations: {},
    owner: seed.owner ?? null,
    ownedPolicy: syncPolicy,
    isDeleting: false,
    isWindowClosed: false,
    head: seed.head,
    outcomes: seed.outcomes ?? {},
    history: seed.history.map(({ revision, source }, id) => ({
      id,
      revision,
      source: source ?? seed.source,
      startedAtMs: LONG_AGO_MS,
      deployedAtMs: LONG_AGO_MS,
      by: 'automated sync policy',
    })),
    pending: null,
    operation: null,
    deployedAtMs: LONG_AGO_MS,
    changedAtMs: LONG_AGO_MS,
    failedRevision: null,
  };
}

/** The same in every run, as what is seeded is. */
function uidOf(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex');
  const parts = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20)];
  return [...parts, hex.slice(20, 32)].join('-');
}

export const liveRevision = ({ history }: AppState): string => history.at(-1)?.revision ?? '';

export const outcomeOf = ({ outcomes }: AppState, revision: string): Outcome =>
  (Object.hasOwn(outcomes, revision) ? outcomes[revision] : undefined) ?? 'healthy';

export const automatedOf = ({ syncPolicy }: AppState): JsonObject | null => {
  const automated = syncPolicy?.['automated'];
  // Seeds and patches hold an object there, or nothing.
  return typeof automated === 'object' && automated !== null ? (automated as JsonObject) : null;
};

export const isAutoSyncOn = (state: AppState): boolean => {
  const automated = automatedOf(state);
  return automated !== null && automated['enabled'] !== false;
};

/** Whether an operation is under way or asked for: there is never more than one. */
export const isBusy = ({ pending, operation }: AppState): boolean =>
  pending !== null || operation?.phase === 'Running';

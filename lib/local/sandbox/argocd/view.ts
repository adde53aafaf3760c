import type { JsonObject } from '../../shared/json.ts';
import type { Pace } from './settings.ts';
import {
  liveRevision,
  outcomeOf,
  type AppState,
  type HistoryRecord,
  type RunOperation,
  type WantedSync,
} from './state.ts';

const isoSeconds = (atMs: number): string => new Date(atMs).toISOString().replace(/\.\d+Z$/, 'Z');

/** The Application as Argo CD's API shows it. */
export function applicationOf(state: AppState, nowMs: number, pace: Pace): JsonObject {
  const wanted = wantedOf(state);
  return {
    metadata: metadataOf(state),
    spec: {
      project: state.project,
      source: state.source,
      destination: { server: 'https://kubernetes.default.svc', namespace: state.name },
      ...(state.syncPolicy === null ? {} : { syncPolicy: state.syncPolicy }),
    },
    status: {
      sync: {
        status: liveRevision(state) === state.head ? 'Synced' : 'OutOfSync',
        revision: state.head,
      },
      health: { status: healthOf(state, nowMs, pace) },
      history: state.history.map(shownEntry),
      reconciledAt: new Date(reconciledAtMs(state, nowMs, pace)).toISOString(),
      ...shownState(state),
    },
    ...(wanted === null ? {} : { operation: operationOf(wanted) }),
  };
}

/** What is asked for or under way. */
const wantedOf = ({ pending, operation }: AppState): WantedSync | null =>
  pending?.sync ?? (operation?.phase === 'Running' ? operation.sync : null);

/** The API clears it when an operation is asked for. */
const shownState = ({ pending, operation }: AppState): JsonObject =>
  pending !== null || operation === null ? {} : { operationState: stateOf(operation) };

const metadataOf = (state: AppState): JsonObject => ({
  name: state.name,
  namespace: state.namespace,
  uid: state.uid,
  annotations: state.annotations,
  ...(state.isDeleting ? { deletionTimestamp: isoSeconds(state.changedAtMs) } : {}),
  ...(state.owner === null ? {} : { ownerReferences: [ownerOf(state.owner)] }),
});

const shownEntry = (entry: HistoryRecord): JsonObject => ({
  id: entry.id,
  revision: entry.revision,
  source: entry.source,
  deployStartedAt: isoSeconds(entry.startedAtMs),
  deployedAt: isoSeconds(entry.deployedAtMs),
  initiatedBy: { username: entry.by },
});

const ownerOf = (name: string): JsonObject => ({
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'ApplicationSet',
  name,
  controller: true,
});

const operationOf = ({ revision, source, isDryRun, by }: WantedSync): JsonObject => ({
  initiatedBy: by === '' ? { automated: true } : { username: by },
  sync: {
    revision,
    ...(source === undefined ? {} : { source }),
    ...(isDryRun ? { dryRun: true } : {}),
    syncStrategy: { apply: {} },
  },
});

const stateOf = (operation: RunOperation): JsonObject => ({
  operation: operationOf(operation.sync),
  phase: operation.phase,
  message: operation.message,
  startedAt: new Date(operation.startedAtMs).toISOString(),
  ...(operation.finishedAtMs === null
    ? {}
    : { finishedAt: new Date(operation.finishedAtMs).toISOString() }),
  syncResult: { revision: operation.sync.revision },
});

/** The controller looks at the cluster a moment after an operation, and not before. */
function reconciledAtMs({ operation, changedAtMs }: AppState, nowMs: number, pace: Pace): number {
  const finishedAtMs = operation?.finishedAtMs ?? null;
  if (operation === null || finishedAtMs === null) return changedAtMs;
  const looked = finishedAtMs + pace.refreshMs;
  return looked <= nowMs ? looked : operation.startedAtMs;
}

/** What the controller knows of the cluster, which it looks at a moment after a deploy. */
export function healthOf(state: AppState, nowMs: number, { rolloutMs, refreshMs }: Pace): string {
  const sinceMs = nowMs - state.deployedAtMs;
  const before = state.history.at(-2);
  if (sinceMs < refreshMs && before !== undefined) {
    return outcomeOf(state, before.revision) === 'healthy' ? 'Healthy' : 'Degraded';
  }
  const outcome = outcomeOf(state, liveRevision(state));
  if (sinceMs < rolloutMs || outcome === 'hanging') return 'Progressing';
  return outcome === 'degraded' ? 'Degraded' : 'Healthy';
}

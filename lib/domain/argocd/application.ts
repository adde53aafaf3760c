import { canonicalJson, type Json, type JsonObject } from '../shared/json.ts';

/** What was, or is to be, deployed: the commits and the sources with their parameters. */
export interface Version {
  /** Commit or chart version; of several sources joined by a comma. */
  readonly revision: string;
  /** Canonical text of the source or sources, empty when not told. */
  readonly source: string;
}

/** One successful sync. `id` 0 is a real one. */
export interface HistoryEntry {
  readonly id: number;
  readonly version: Version;
  readonly deployedAt: string;
}

/** The newest operation: pending while the controller has not begun. */
export interface Operation {
  readonly version: Version;
  /** Empty while it is pending. */
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly phase: 'Pending' | 'Running' | 'Terminating' | 'Failed' | 'Error' | 'Succeeded';
  readonly message: string;
  readonly isDryRun: boolean;
}

/** An Argo CD Application, as far as plans and observations are about it. */
export interface Application {
  readonly name: string;
  readonly namespace: string;
  readonly project: string;
  readonly uid: string;
  readonly isDeleting: boolean;
  readonly hasAnnotations: boolean;
  readonly annotations: Readonly<Record<string, string>>;
  readonly syncPolicy: JsonObject | null;
  /** `spec.syncPolicy.automated` as it is; null: none. */
  readonly automated: JsonObject | null;
  readonly isAutoSyncOn: boolean;
  readonly history: readonly HistoryEntry[];
  readonly operation: Operation | null;
  readonly health: string;
  readonly sync: string;
  readonly reconciledAt: string;
  readonly images: readonly string[];
  /** Who made the Application and would put its spec back; empty: nobody seen. */
  readonly owner: string;
}

/** Our mark, and what auto-sync was before we switched it off. */
export const markAnnotation = 'tocsin.dev/action';
export const savedAnnotation = 'tocsin.dev/auto-sync';

/** Reads Argo CD's JSON; null when it is no Application. What is missing in it is empty. */
export function readApplication(raw: JsonObject): Application | null {
  const metadata = objectAt(raw, 'metadata');
  const spec = objectAt(raw, 'spec');
  const status = objectAt(raw, 'status');
  const name = textAt(metadata, 'name');
  const uid = textAt(metadata, 'uid');
  if (name === '' || uid === '') return null;
  const syncPolicy = maybeObjectAt(spec, 'syncPolicy');
  const automated = maybeObjectAt(syncPolicy ?? {}, 'automated');
  const annotations = maybeObjectAt(metadata, 'annotations');
  return {
    name,
    namespace: textAt(metadata, 'namespace'),
    project: textAt(spec, 'project'),
    uid,
    isDeleting: textAt(metadata, 'deletionTimestamp') !== '',
    hasAnnotations: annotations !== null,
    annotations: textsOf(annotations ?? {}),
    syncPolicy,
    automated,
    isAutoSyncOn: automated !== null && memberOf(automated, 'enabled') !== false,
    history: readHistory(status),
    operation: readOperation(raw, status),
    health: textAt(objectAt(status, 'health'), 'status') || 'Unknown',
    sync: textAt(objectAt(status, 'sync'), 'status') || 'Unknown',
    reconciledAt: textAt(status, 'reconciledAt'),
    images: listAt(objectAt(status, 'summary'), 'images').filter((one) => typeof one === 'string'),
    owner: ownerOf(metadata, name),
  };
}

export const isSameVersion = (a: Version, b: Version): boolean =>
  a.revision === b.revision && (a.source === b.source || a.source === '' || b.source === '');

/** Whether an operation is under way, or about to be. */
export const isBusy = ({ operation }: Application): boolean =>
  operation !== null && ['Pending', 'Running', 'Terminating'].includes(operation.phase);

function readHistory(status: JsonObject): readonly HistoryEntry[] {
  return listAt(status, 'history')
    .filter(isObject)
    .flatMap((entry) => {
      // An id of 0 is left out by servers that write no zero values.
      const id = memberOf(entry, 'id') ?? 0;
      const version = readVersion(entry);
      if (typeof id !== 'number' || version.revision === '') return [];
      return [{ id, version, deployedAt: textAt(entry, 'deployedAt') }];
    })
    .toSorted((a, b) => a.id - b.id);
}

/** `operation` is there from the call on; `operationState` from when the controller begins. */
function readOperation(raw: JsonObject, status: JsonObject): Operation | null {
  const pending = maybeObjectAt(raw, 'operation');
  const last = maybeObjectAt(status, 'operationState');
  if (pending !== null && (last === null || endings.has(textAt(last, 'phase')))) {
    // One that has ended, beside one that is asked for, is the operation before.
    return operationOf({}, pending);
  }
  return last === null ? null : operationOf(last, objectAt(last, 'operation'));
}

function operationOf(state: JsonObject, operation: JsonObject): Operation {
  const sync = objectAt(operation, 'sync');
  const asked = readVersion(sync);
  return {
    version: asked.revision === '' ? readVersion(objectAt(state, 'syncResult')) : asked,
    startedAt: textAt(state, 'startedAt'),
    finishedAt: textAt(state, 'finishedAt'),
    phase: phases.find((phase) => phase === textAt(state, 'phase')) ?? 'Pending',
    message: textAt(state, 'message'),
    isDryRun: memberOf(sync, 'dryRun') === true,
  };
}

const endings = new Set(['Failed', 'Error', 'Succeeded']);
const phases = ['Running', 'Terminating', 'Failed', 'Error', 'Succeeded'] as const;

function readVersion(of: JsonObject): Version {
  const revisions = listAt(of, 'revisions').filter((one) => typeof one === 'string');
  const sources = listAt(of, 'sources');
  const source = maybeObjectAt(of, 'source');
  return {
    revision: textAt(of, 'revision') || revisions.join(','),
    source: sources.length > 0 ? canonicalJson(sources) : source ? canonicalJson(source) : '',
  };
}

/** ApplicationSets own by reference, apps of apps by Argo CD's tracking annotation or label. */
function ownerOf(metadata: JsonObject, name: string): string {
  const owner = listAt(metadata, 'ownerReferences').find(isObject);
  if (owner !== undefined) return `${textAt(owner, 'kind')} ${textAt(owner, 'name')}`;
  const tracked = textAt(objectAt(metadata, 'annotations'), 'argocd.argoproj.io/tracking-id');
  const label = textAt(objectAt(metadata, 'labels'), 'app.kubernetes.io/instance');
  const parent = tracked.split(':')[0] ?? '';
  if (parent !== '') return `Application ${parent}`;
  return label === '' || label === name ? '' : `Application ${label}`;
}

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const memberOf = (of: JsonObject, name: string): Json | undefined =>
  Object.hasOwn(of, name) ? of[name] : undefined;

const maybeObjectAt = (of: JsonObject, name: string): JsonObject | null => {
  const value = memberOf(of, name);
  return isObject(value) ? value : null;
};

const objectAt = (of: JsonObject, name: string): JsonObject => maybeObjectAt(of, name) ?? {};

const textAt = (of: JsonObject, name: string): string => {
  const value = memberOf(of, name);
  return typeof value === 'string' ? value : '';
};

const listAt = (of: JsonObject, name: string): readonly Json[] => {
  const value = memberOf(of, name);
  // What is a list in JSON holds JSON, which `isArray` does not tell of a readonly one.
  return Array.isArray(value) ? (value as readonly Json[]) : [];
};

const textsOf = (of: JsonObject): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(of).flatMap(([name, value]) =>
      typeof value === 'string' ? [[name, value] as const] : [],
    ),
  );

import type { Json } from '../../../../domain/shared/json.ts';
import {
  instant,
  isSame,
  nameOf,
  namespaceOf,
  numberAt,
  valueAt,
  withValue,
  type KubeObject,
} from '../fields.ts';
import { createHistory, type StoreEvent } from './history.ts';
import { apiVersionOf, KINDS, type Kind } from './kinds.ts';
import { createShelves, type Shelves } from './shelves.ts';

export interface WriteOptions {
  /** Gives what would be, and keeps nothing. */
  readonly isDryRun?: boolean;
}

/** All objects of the cluster. Only differences count as changes. */
export interface Store {
  readonly get: (kind: Kind, namespace: string, name: string) => KubeObject | undefined;
  /** By namespace and name; of one namespace when it is given. */
  readonly list: (kind: Kind, namespace?: string) => readonly KubeObject[];
  /** Stamps it: uid, generation, versions. The caller knows that it is not there. */
  readonly create: (kind: Kind, object: KubeObject, options?: WriteOptions) => KubeObject;
  /** Puts it in the place of the one with its name, which the caller has seen. */
  readonly replace: (kind: Kind, object: KubeObject, options?: WriteOptions) => KubeObject;
  readonly remove: (kind: Kind, object: KubeObject) => void;
  readonly version: () => number;
  /** What happened after that version; `undefined` when it is not remembered any more. */
  readonly since: (version: number) => readonly StoreEvent[] | undefined;
  readonly subscribe: (listener: (event: StoreEvent) => void) => () => void;
  /** Everything, for keeping. */
  readonly dump: () => StoreDump;
}

export interface StoreDump {
  readonly version: number;
  readonly objects: readonly KubeObject[];
}

export interface StoreDeps {
  readonly nowMs: () => number;
  readonly newUid: () => string;
  /** What was kept. */
  readonly kept?: StoreDump;
}

export function createStore({ nowMs, newUid, kept }: StoreDeps): Store {
  const shelves = createShelves();
  let version = kept?.version ?? 1000;
  const history = createHistory(version);
  for (const object of kept?.objects ?? []) place(shelves, object);
  const stamp = (object: KubeObject): KubeObject =>
    withValue(object, ['metadata', 'resourceVersion'], String(version + 1));
  const tell = (event: Omit<StoreEvent, 'version'>): void => {
    version += 1;
    history.tell({ ...event, version });
  };
  return {
    get: shelves.get,
    list: (kind, namespace) =>
      namespace === undefined
        ? shelves.all(kind)
        : shelves.all(kind).filter((object) => namespaceOf(object) === namespace),
    create: (kind, object, { isDryRun = false } = {}) => {
      const created = stamp(newObject(kind, object, { uid: newUid(), atMs: nowMs() }));
      if (isDryRun) return created;
      shelves.put(kind, created);
      tell({ type: 'ADDED', kind, object: created, before: null });
      return created;
    },
    replace: (kind, object, { isDryRun = false } = {}) => {
      const before = shelves.get(kind, namespaceOf(object), nameOf(object)) ?? object;
      const next = succeed(kind, before, object);
      if (isSame(next, before)) return before;
      const replaced = stamp(next);
      if (isDryRun) return replaced;
      shelves.put(kind, replaced);
      tell({ type: 'MODIFIED', kind, object: replaced, before });
      return replaced;
    },
    remove: (kind, object) => {
      const before = shelves.get(kind, namespaceOf(object), nameOf(object));
      if (before === undefined) return;
      const last = stamp(before);
      shelves.remove(kind, before);
      tell({ type: 'DELETED', kind, object: last, before });
    },
    version: () => version,
    since: history.since,
    subscribe: history.subscribe,
    dump: () => ({ version, objects: KINDS.flatMap(shelves.all) }),
  };
}

function place(shelves: Shelves, object: KubeObject): void {
  const kind = KINDS.find(
    (one) => one.kind === object['kind'] && apiVersionOf(one) === object['apiVersion'],
  );
  if (kind !== undefined) shelves.put(kind, object);
}

function newObject(
  kind: Kind,
  object: KubeObject,
  { uid, atMs }: { readonly uid: string; readonly atMs: number },
): KubeObject {
  const stamps: readonly (readonly [string, Json | undefined])[] = [
    ['uid', uid],
    ['creationTimestamp', instant(atMs)],
    ['generation', kind.hasGeneration ? 1 : undefined],
  ];
  return stamps.reduce<KubeObject>(
    (made, [name, value]) => withValue(made, ['metadata', name], value),
    {
      ...object,
      apiVersion: apiVersionOf(kind),
      kind: kind.kind,
    },
  );
}

/** What the server alone decides stays as it was; a changed spec is a new generation. */
function succeed(kind: Kind, before: KubeObject, object: KubeObject): KubeObject {
  const generation = numberAt(before, 'metadata', 'generation') ?? 1;
  const isChanged = !isSame(before['spec'], object['spec']);
  const own = ['uid', 'creationTimestamp', 'resourceVersion'] as const;
  const kept = own.reduce<KubeObject>(
    (made, name) => withValue(made, ['metadata', name], valueAt(before, 'metadata', name)),
    { ...object, apiVersion: apiVersionOf(kind), kind: kind.kind },
  );
  return withValue(
    kept,
    ['metadata', 'generation'],
    kind.hasGeneration ? generation + (isChanged ? 1 : 0) : undefined,
  );
}

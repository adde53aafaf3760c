import type { KubeRef } from '../../domain/action/plan.ts';
import { applyJsonPatch, readJsonPatch } from '../../domain/kubernetes/json-patch.ts';
import {
  countAt,
  isObject,
  nameOf,
  objectAt,
  objectsAt,
  textAt,
  uidOf,
  without,
} from '../../domain/kubernetes/read.ts';
import { canonicalJson, type Json, type JsonObject } from '../../domain/shared/json.ts';
import { err, ok, type Result } from '../../domain/shared/result.ts';
import { toIso } from '../../domain/shared/time.ts';
import type { Cluster, ClusterFailure, KubePatch } from '../../ports/cluster.ts';
import type { Clock } from '../../ports/system.ts';
import { matchesSelector } from './label-selector.ts';

/** A call as it arrives, for whoever decides whether it fails. */
export interface ClusterCall {
  readonly verb: 'get' | 'list' | 'patch' | 'delete';
  readonly kind: string;
  readonly name: string;
  readonly isDryRun: boolean;
}

/** `after`: the write was done, and its answer is lost. */
export interface ClusterFault {
  readonly when: 'before' | 'after';
  readonly failure: ClusterFailure;
}

/** A write that changed something. */
export interface ClusterWrite {
  readonly ref: KubeRef;
  readonly verb: 'patch' | 'delete';
  /** Of the mark, where there is one on the object. */
  readonly body: Json;
}

/**
 * One cluster in memory, as far as its API server goes: objects, generations, preconditions, dry
 * runs and faults. It has no controllers: what they would do, the test puts there.
 */
export interface MemoryCluster extends Cluster {
  /** Somebody else creates or replaces an object; its generation follows its spec. */
  readonly put: (object: JsonObject) => void;
  readonly remove: (ref: KubeRef) => void;
  readonly find: (ref: KubeRef) => JsonObject | null;
  readonly writes: () => readonly ClusterWrite[];
  /** Asked at every call; null lets it pass. */
  readonly failWith: (fault: (call: ClusterCall) => ClusterFault | null) => void;
  /** Pods may be deleted only after this is allowed, as in the optional role. */
  readonly allowDeletes: (isAllowed: boolean) => void;
}

interface World {
  readonly clock: Pick<Clock, 'now'>;
  readonly objects: Map<string, JsonObject>;
  readonly writes: ClusterWrite[];
  version: number;
  fault: (call: ClusterCall) => ClusterFault | null;
  mayDelete: boolean;
}

export function createMemoryCluster(of: { readonly clock: Pick<Clock, 'now'> }): MemoryCluster {
  const world: World = {
    clock: of.clock,
    objects: new Map(),
    writes: [],
    version: 0,
    fault: () => null,
    mayDelete: true,
  };
  return {
    ...clusterCalls(world),
    put: (object) => put(world, object),
    remove: (ref) => void world.objects.delete(keyOf(ref)),
    find: (ref) => world.objects.get(keyOf(ref)) ?? null,
    writes: () => [...world.writes],
    failWith(fault) {
      world.fault = fault;
    },
    allowDeletes(isAllowed) {
      world.mayDelete = isAllowed;
    },
  };
}

function clusterCalls(world: World): Cluster {
  return {
    get: (ref) =>
      answer(world, { verb: 'get', kind: ref.kind, name: ref.name, isDryRun: false }, () =>
        read(world, ref),
      ),
    list: (of, selector) =>
      answer(world, { verb: 'list', kind: of.kind, name: '', isDryRun: false }, () =>
        ok(list(world, of, selector)),
      ),
    patch: (patch, { isDryRun }) =>
      answer(world, { verb: 'patch', kind: patch.ref.kind, name: patch.ref.name, isDryRun }, () =>
        change(world, patch, isDryRun),
      ),
    deletePod: (ref, uid) =>
      answer(world, { verb: 'delete', kind: ref.kind, name: ref.name, isDryRun: false }, () =>
        remove(world, ref, uid),
      ),
    may: ({ verb }) => Promise.resolve(ok(verb !== 'delete' || world.mayDelete)),
  };
}

function answer<Value>(
  world: World,
  call: ClusterCall,
  act: () => Result<Value, ClusterFailure>,
): Promise<Result<Value, ClusterFailure>> {
  const fault = world.fault(call);
  if (fault === null) return Promise.resolve(act());
  if (fault.when === 'after') act();
  return Promise.resolve(err(fault.failure));
}

const keyOf = ({ kind, namespace, name }: KubeRef): string => `${kind} ${namespace}/${name}`;

const refOf = (object: JsonObject): KubeRef => ({
  apiVersion: textAt(object, ['apiVersion']),
  kind: textAt(object, ['kind']),
  namespace: textAt(object, ['metadata', 'namespace']),
  name: nameOf(object),
});

function read(world: World, ref: KubeRef): Result<JsonObject, ClusterFailure> {
  const object = world.objects.get(keyOf(ref));
  return object === undefined ? missing(ref) : ok(object);
}

/** Items of a list do not say their kind. */
const list = (world: World, of: Omit<KubeRef, 'name'>, selector: string): readonly JsonObject[] =>
  [...world.objects.values()]
    .filter((object) => {
      const { kind, namespace } = refOf(object);
      return kind === of.kind && namespace === of.namespace;
    })
    .filter((object) => matchesSelector(objectAt(object, ['metadata', 'labels']), selector))
    .map((object) => without(without(object, 'kind'), 'apiVersion'));

function put(world: World, object: JsonObject): void {
  const old = world.objects.get(keyOf(refOf(object)));
  store(world, old ?? null, object);
}

function change(
  world: World,
  { ref, subresource, type, body }: KubePatch,
  isDryRun: boolean,
): Result<JsonObject, ClusterFailure> {
  const old = world.objects.get(keyOf(ref));
  if (old === undefined) return missing(ref);
  if (type !== 'json') return invalid('the memory cluster takes only JSON Patches');
  const patched = applyPatch(old, body);
  if (!patched.ok) return patched;
  if (!isObject(patched.value)) return invalid('the patch leaves no object');
  const written = withStatusRule(old, patched.value, subresource);
  if (isDryRun) return ok(versioned(world, old, written));
  if (canonicalJson(written) !== canonicalJson(old))
    world.writes.push({ ref, verb: 'patch', body });
  return ok(store(world, old, signed(world, written, subresource)));
}

function remove(world: World, ref: KubeRef, uid: string): Result<void, ClusterFailure> {
  const old = world.objects.get(keyOf(ref));
  if (old === undefined) return missing(ref);
  if (uidOf(old) !== uid) {
    return refused('conflict', { status: 409, reason: 'Conflict', message: 'the uid is another' });
  }
  world.objects.delete(keyOf(ref));
  world.writes.push({ ref, verb: 'delete', body: { uid } });
  return ok(undefined);
}

function applyPatch(old: JsonObject, body: Json): Result<Json, ClusterFailure> {
  const patch = readJsonPatch(body);
  const applied = patch.ok ? applyJsonPatch(old, patch.value) : patch;
  if (applied.ok) return applied;
  // The API server tells neither which operation failed nor why, and answers 422 without causes.
  return refused('conflict', {
    status: 422,
    reason: 'Invalid',
    message: 'the server rejected our request due to an error in our request',
  });
}

/** The status is changed through its own path, and nothing else is through it. */
function withStatusRule(
  old: JsonObject,
  patched: JsonObject,
  subresource: KubePatch['subresource'],
): JsonObject {
  const { status } = subresource === 'status' ? patched : old;
  const rest = without(subresource === 'status' ? old : patched, 'status');
  return status === undefined ? rest : { ...rest, status };
}

/** Who wrote it, and when, as the server notes it; times have no fractions. */
function signed(
  { clock }: World,
  object: JsonObject,
  subresource: KubePatch['subresource'],
): JsonObject {
  const time = `${toIso(clock.now()).slice(0, 19)}Z`;
  const entry = { manager: 'tocsin', operation: 'Update', time };
  const field = subresource === null ? entry : { ...entry, subresource };
  const metadata = objectAt(object, ['metadata']);
  const others = objectsAt(metadata, ['managedFields']).filter(
    (each) => each['manager'] !== 'tocsin',
  );
  return { ...object, metadata: { ...metadata, managedFields: [...others, field] } };
}

function store(world: World, old: JsonObject | null, object: JsonObject): JsonObject {
  world.version += 1;
  const stored = versioned(world, old, object);
  world.objects.set(keyOf(refOf(stored)), stored);
  return stored;
}

/** Kinds without a generation, which their controllers do not follow. */
const ungenerated = new Set(['Service', 'HorizontalPodAutoscaler', 'Pod', 'EndpointSlice']);

function versioned(world: World, old: JsonObject | null, object: JsonObject): JsonObject {
  const metadata = objectAt(object, ['metadata']);
  return {
    ...object,
    metadata: {
      ...metadata,
      uid: uidOf(object) || uidOf(old ?? {}) || `uid-${world.version}`,
      resourceVersion: String(world.version),
      ...(ungenerated.has(refOf(object).kind) ? {} : { generation: nextGeneration(old, object) }),
    },
  };
}

/** Counts the changes of the spec, and of nothing else. */
function nextGeneration(old: JsonObject | null, object: JsonObject): number {
  if (old === null) return 1;
  const isSame = canonicalJson(old['spec'] ?? null) === canonicalJson(object['spec'] ?? null);
  return countAt(old, ['metadata', 'generation']) + (isSame ? 0 : 1);
}

const refused = (
  kind: ClusterFailure['kind'],
  of: { readonly status: number; readonly reason: string; readonly message: string },
): { readonly ok: false; readonly error: ClusterFailure } => err({ kind, ...of });

const missing = (ref: KubeRef): { readonly ok: false; readonly error: ClusterFailure } =>
  refused('not_found', { status: 404, reason: 'NotFound', message: `${keyOf(ref)} not found` });

const invalid = (message: string): { readonly ok: false; readonly error: ClusterFailure } =>
  refused('rejected', { status: 422, reason: 'Invalid', message });

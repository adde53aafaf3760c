import type { Json, JsonObject } from '../../../../domain/shared/json.ts';
import { isObject, isSame, valueAt } from '../fields.ts';
import { mergePatch } from './merge-patch.ts';

/** By which member the elements of a list are known, as Kubernetes' built-in types say. */
const MERGE_KEYS: ReadonlyMap<string, string> = new Map([
  ['containers', 'name'],
  ['initContainers', 'name'],
  ['ephemeralContainers', 'name'],
  ['env', 'name'],
  ['volumes', 'name'],
  ['imagePullSecrets', 'name'],
  ['volumeMounts', 'mountPath'],
  ['volumeDevices', 'devicePath'],
  ['hostAliases', 'ip'],
  ['topologySpreadConstraints', 'topologyKey'],
  ['conditions', 'type'],
  ['ownerReferences', 'uid'],
]);

/** Two lists of this name there are: a container's and a Service's. */
function mergeKey(list: string, elements: readonly Json[]): string | undefined {
  if (list !== 'ports') return MERGE_KEYS.get(list);
  return elements.some((port) => valueAt(port, 'containerPort') !== undefined)
    ? 'containerPort'
    : 'port';
}

const isMarker = (key: string): boolean => key.startsWith('$');

/** Strategic merge patch, as much of it as kubectl sends for the built-in workloads. */
export function strategicMerge(before: Json | undefined, patch: JsonObject): JsonObject {
  if (patch['$patch'] === 'replace') return withoutMarkers(patch);
  if (patch['$patch'] === 'delete') return {};
  const start = retained(isObject(before) ? before : {}, patch['$retainKeys']);
  const merged = Object.entries(patch)
    .filter(([key]) => !isMarker(key))
    .reduce<JsonObject>((made, [key, value]) => {
      if (value === null) return withoutKey(made, key);
      return { ...made, [key]: mergeMember(valueAt(made, key), value, key) };
    }, start);
  return removedFromLists(merged, patch);
}

function mergeMember(before: Json | undefined, value: Json, key: string): Json {
  if (isObject(value)) return strategicMerge(before, value);
  if (!Array.isArray(value)) return value;
  const elements = value as readonly Json[];
  const by = mergeKey(key, elements);
  if (key === 'finalizers') return union(before, elements);
  return by === undefined ? withoutMarkersIn(elements) : mergeList(before, elements, by);
}

const listOf = (value: Json | undefined): readonly Json[] =>
  Array.isArray(value) ? (value as readonly Json[]) : [];

const union = (before: Json | undefined, more: readonly Json[]): readonly Json[] => [
  ...new Set([...listOf(before), ...more]),
];

function mergeList(before: Json | undefined, patch: readonly Json[], by: string): readonly Json[] {
  const start = patch.some((element) => valueAt(element, '$patch') === 'replace')
    ? []
    : listOf(before);
  return patch
    .filter((element) => isObject(element) && element['$patch'] !== 'replace')
    .reduce<readonly Json[]>((list, element) => mergeElement(list, element, by), start);
}

function mergeElement(list: readonly Json[], element: Json, by: string): readonly Json[] {
  if (!isObject(element)) return list;
  const at = list.findIndex((one) => isSame(valueAt(one, by), valueAt(element, by)));
  if (element['$patch'] === 'delete') return list.filter((_, index) => index !== at);
  const merged = strategicMerge(list[at], element);
  return at < 0 ? [...list, merged] : list.with(at, merged);
}

/** `$deleteFromPrimitiveList/finalizers` and its like. */
function removedFromLists(object: JsonObject, patch: JsonObject): JsonObject {
  const prefix = '$deleteFromPrimitiveList/';
  return Object.entries(patch)
    .filter(([key]) => key.startsWith(prefix))
    .reduce((made, [key, values]) => {
      const name = key.slice(prefix.length);
      const left = listOf(valueAt(made, name)).filter((one) => !listOf(values).includes(one));
      return { ...made, [name]: left };
    }, object);
}

function retained(object: JsonObject, keys: Json | undefined): JsonObject {
  if (!Array.isArray(keys)) return object;
  const kept = new Set<unknown>(keys);
  return Object.fromEntries(Object.entries(object).filter(([key]) => kept.has(key)));
}

const withoutKey = (object: JsonObject, key: string): JsonObject =>
  mergePatch(object, { [key]: null });

const withoutMarkers = (object: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(object).filter(([key]) => !isMarker(key)));

const withoutMarkersIn = (list: readonly Json[]): readonly Json[] =>
  list.map((element) => (isObject(element) ? withoutMarkers(element) : element));

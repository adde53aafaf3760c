import type { Facts } from '../action/plan.ts';
import type { Digest, JsonObject } from '../shared/json.ts';
import {
  isList,
  at,
  isTrueAt,
  kindOf,
  numberAt,
  objectAt,
  objectsAt,
  textAt,
  uidOf,
} from './read.ts';
import { templateHash, templateOf } from './template.ts';

/**
 * What an object looks like, reduced to what plans are about. An object that is gone has no facts,
 * so that it equals neither state of any plan.
 */
export function factsOf(object: JsonObject, digest: Digest): Facts {
  switch (kindOf(object)) {
    case 'HorizontalPodAutoscaler':
      return {
        uid: uidOf(object),
        minReplicas: numberAt(object, ['spec', 'minReplicas']) ?? 1,
        maxReplicas: numberAt(object, ['spec', 'maxReplicas']),
      };
    case 'Service':
      return { uid: uidOf(object), ...selectorFacts(object) };
    case 'HTTPRoute':
      return { uid: uidOf(object), generation: generationOf(object), ...weightFacts(object) };
    case 'Rollout':
      return { ...workloadFacts(object, digest), ...rolloutFacts(object) };
    default:
      return workloadFacts(object, digest);
  }
}

export const generationOf = (object: JsonObject): number | null =>
  numberAt(object, ['metadata', 'generation']);

/** Replicas that are wanted; Kubernetes' own default is 1. */
export const replicasOf = (workload: JsonObject): number =>
  numberAt(workload, ['spec', 'replicas']) ?? 1;

/** The name of the fact that holds a weight. */
export const weightFact = (rule: number, backend: string): string => `weight ${rule} ${backend}`;

/** The name of the fact that holds one key of a selector. */
export const selectorFact = (key: string): string => `selector ${key}`;

const workloadFacts = (object: JsonObject, digest: Digest): Facts => ({
  uid: uidOf(object),
  generation: generationOf(object),
  template: templateHash(templateOf(object), digest),
  paused: isTrueAt(object, ['spec', 'paused']),
  replicas: replicasOf(object),
});

const rolloutFacts = (rollout: JsonObject): Facts => ({
  aborted: isTrueAt(rollout, ['status', 'abort']),
  // The controller takes the flag back once it is done.
  promoted: isTrueAt(rollout, ['status', 'promoteFull']) || !isInProgress(rollout),
  restartAt: textAt(rollout, ['spec', 'restartAt']) || null,
});

/** Whether a Rollout is between two versions. */
export function isInProgress(rollout: JsonObject): boolean {
  const [current, stable] = ['currentPodHash', 'stableRS'].map((name) =>
    textAt(rollout, ['status', name]),
  );
  return current !== stable;
}

const selectorFacts = (service: JsonObject): Facts =>
  Object.fromEntries(
    Object.entries(objectAt(service, ['spec', 'selector'])).map(([key, value]) => [
      selectorFact(key),
      typeof value === 'string' ? value : null,
    ]),
  );

function weightFacts(route: JsonObject): Facts {
  const rules = at(route, ['spec', 'rules']);
  if (!isList(rules)) return {};
  return Object.fromEntries(
    rules.flatMap((rule, index) =>
      objectsAt(rule, ['backendRefs']).map((backend) => [
        weightFact(index, textAt(backend, ['name'])),
        weightOf(backend),
      ]),
    ),
  );
}

/** Of a backend; Gateway API's own default is 1. */
export const weightOf = (backend: JsonObject): number => numberAt(backend, ['weight']) ?? 1;

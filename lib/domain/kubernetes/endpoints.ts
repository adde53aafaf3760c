import type { Convergence } from '../action/observation.ts';
import type { JsonObject } from '../shared/json.ts';
import { generationOf } from './facts.ts';
import { at, isTrueAt, labelOf, nameOf, numberAt, objectsAt, textAt } from './read.ts';
import { converged, waiting } from './rollout-status.ts';

export const serviceOfSlice = (slice: JsonObject): string =>
  labelOf(slice, 'kubernetes.io/service-name');

/** Missing means ready: so the API defines it. */
export const isEndpointReady = (endpoint: JsonObject): boolean =>
  at(endpoint, ['conditions', 'ready']) === undefined ||
  isTrueAt(endpoint, ['conditions', 'ready']);

/** Whether a Service sends to the pods of its selector, to enough of them and to no others. */
export function serviceStatus(of: {
  readonly slices: readonly JsonObject[];
  readonly pods: readonly JsonObject[];
  readonly atLeast: number;
}): Convergence {
  const names = new Set(of.pods.map((pod) => nameOf(pod)));
  const endpoints = of.slices.flatMap((slice) => objectsAt(slice, ['endpoints']));
  const ready = endpoints.filter((endpoint) => isEndpointReady(endpoint));
  const foreign = ready.filter((endpoint) => !names.has(textAt(endpoint, ['targetRef', 'name'])));
  if (foreign.length > 0)
    return waiting(`${foreign.length} pods of the other side still get traffic.`);
  if (ready.length < of.atLeast) {
    return waiting(`${ready.length} of ${of.atLeast} pods of the new side get traffic.`);
  }
  return converged(`All ${ready.length} pods that get traffic are of the new side.`);
}

/** Whether every gateway has taken over the route as it is now. */
export function routeStatus(route: JsonObject): Convergence {
  const parents = objectsAt(route, ['status', 'parents']);
  if (parents.length === 0) return waiting('No gateway has taken the route yet.');
  const lagging = parents.find(
    (parent) => !['Accepted', 'ResolvedRefs'].every((type) => holds(route, parent, type)),
  );
  if (lagging === undefined) return converged(`All ${parents.length} gateways have taken it over.`);
  return waiting(`Gateway ${textAt(lagging, ['parentRef', 'name'])} has not taken it over yet.`);
}

const holds = (route: JsonObject, parent: JsonObject, type: string): boolean =>
  objectsAt(parent, ['conditions']).some(
    (condition) =>
      textAt(condition, ['type']) === type &&
      textAt(condition, ['status']) === 'True' &&
      numberAt(condition, ['observedGeneration']) === generationOf(route),
  );

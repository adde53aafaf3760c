import type { JsonObject } from '../../../../domain/shared/json.ts';
import { listAt, namespaceOf, numberAt, objectAt, textAt, type KubeObject } from '../fields.ts';
import { dated, HTTP_ROUTE, SERVICE, withStatus, type Condition, type World } from './world.ts';

/** Says of each HTTPRoute what its gateway made of it. */
export function syncRoutes(world: World): void {
  for (const route of world.store.list(HTTP_ROUTE)) sync(world, route);
}

function sync(world: World, route: KubeObject): void {
  const generation = numberAt(route, 'metadata', 'generation') ?? 1;
  const before = listAt(route, 'status', 'parents');
  const parents = listAt(route, 'spec', 'parentRefs').map((parentRef, index): JsonObject => {
    const known = listAt(before[index], 'conditions');
    return {
      parentRef,
      controllerName: 'tocsin.dev/sandbox-gateway',
      conditions: [ACCEPTED, resolved(world, route)].map((condition) => ({
        ...dated(
          condition,
          known.find((one) => textAt(one, 'type') === condition.type),
          world.nowMs,
        ),
        observedGeneration: generation,
      })),
    };
  });
  world.store.replace(HTTP_ROUTE, withStatus(route, { parents }));
}

const ACCEPTED: Condition = {
  type: 'Accepted',
  status: 'True',
  reason: 'Accepted',
  message: 'Route is accepted',
};

function resolved({ store }: World, route: KubeObject): Condition {
  const backends = listAt(route, 'spec', 'rules').flatMap((rule) =>
    listAt(rule, 'backendRefs').map((backend) => objectAt(backend)),
  );
  const missing = backends
    .map((backend) => textAt(backend, 'name'))
    .filter((name) => store.get(SERVICE, namespaceOf(route), name) === undefined);
  return missing.length === 0
    ? {
        type: 'ResolvedRefs',
        status: 'True',
        reason: 'ResolvedRefs',
        message: 'All references are resolved',
      }
    : {
        type: 'ResolvedRefs',
        status: 'False',
        reason: 'BackendNotFound',
        message: `Services not found: ${missing.join(', ')}`,
      };
}

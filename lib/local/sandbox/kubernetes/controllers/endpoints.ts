import type { Json } from '../../../../domain/shared/json.ts';
import {
  isLeaving,
  listAt,
  nameOf,
  namespaceOf,
  objectAt,
  textAt,
  uidOf,
  withValue,
  type KubeObject,
} from '../fields.ts';
import { selects } from '../store/selectors.ts';
import {
  ENDPOINT_SLICE,
  isReady,
  ownedBy,
  ownerReference,
  POD,
  SERVICE,
  type World,
} from './world.ts';

/** Keeps, for each Service, which pods its traffic goes to. */
export function syncEndpoints(world: World): void {
  for (const service of world.store.list(SERVICE)) sync(world, service);
}

function sync({ store, suffix }: World, service: KubeObject): void {
  const selector = { matchLabels: objectAt(service, 'spec', 'selector') };
  const pods = store
    .list(POD, namespaceOf(service))
    .filter((pod) => selects(selector, pod) && textAt(pod, 'status', 'podIP') !== '');
  const endpoints = pods.map(endpoint);
  const ports = listAt(service, 'spec', 'ports').map((port) => ({
    name: textAt(port, 'name'),
    protocol: textAt(port, 'protocol') || 'TCP',
    port: objectAt(port)['targetPort'] ?? objectAt(port)['port'] ?? 0,
  }));
  const [slice] = ownedBy(store, ENDPOINT_SLICE, service);
  if (slice !== undefined) {
    const mended = withValue(withValue(slice, ['endpoints'], endpoints), ['ports'], ports);
    store.replace(ENDPOINT_SLICE, mended);
    return;
  }
  store.create(ENDPOINT_SLICE, {
    metadata: {
      name: `${nameOf(service)}-${suffix()}`,
      namespace: namespaceOf(service),
      labels: {
        'kubernetes.io/service-name': nameOf(service),
        'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
      },
      ownerReferences: [ownerReference(service)],
    },
    addressType: 'IPv4',
    endpoints,
    ports,
  });
}

const endpoint = (pod: KubeObject): Json => ({
  addresses: [textAt(pod, 'status', 'podIP')],
  conditions: { ready: isReady(pod), serving: isReady(pod), terminating: isLeaving(pod) },
  nodeName: textAt(pod, 'spec', 'nodeName'),
  targetRef: {
    kind: 'Pod',
    name: nameOf(pod),
    namespace: namespaceOf(pod),
    uid: uidOf(pod),
  },
});

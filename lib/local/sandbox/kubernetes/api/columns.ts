import type { Json } from '../../../../domain/shared/json.ts';
import {
  countAt,
  instantAt,
  isLeaving,
  isSetAt,
  listAt,
  nameOf,
  numberAt,
  textAt,
  textsAt,
  valueAt,
  type KubeObject,
} from '../fields.ts';

/** One column of `kubectl get`. `isWide` ones are shown with `-o wide` alone. */
export interface Column {
  readonly name: string;
  readonly isWide: boolean;
  readonly cell: (object: KubeObject, nowMs: number) => string | number;
}

const column = (name: string, cell: Column['cell']): Column => ({ name, cell, isWide: false });
const wide = (name: string, cell: Column['cell']): Column => ({ name, cell, isWide: true });

/** As kubectl writes how long something has been. */
export function age(fromMs: number, nowMs: number): string {
  const s = Math.max(0, Math.floor((nowMs - fromMs) / 1000));
  if (s < 120) return `${String(s)}s`;
  const m = Math.floor(s / 60);
  if (m < 10) return pair([m, 'm'], [s % 60, 's']);
  if (m < 180) return `${String(m)}m`;
  const h = Math.floor(m / 60);
  if (h < 8) return pair([h, 'h'], [m % 60, 'm']);
  return h < 48 ? `${String(h)}h` : `${String(Math.floor(h / 24))}d`;
}

type Counted = readonly [count: number, unit: string];

const pair = (large: Counted, small: Counted): string =>
  large.join('') + (small[0] === 0 ? '' : small.join(''));

const NAME = column('Name', nameOf);
const AGE = column('Age', (object, nowMs) =>
  age(instantAt(object, 'metadata', 'creationTimestamp'), nowMs),
);

const count = (name: string, ...path: readonly string[]): Column =>
  column(name, (object) => countAt(object, ...path));
const text = (name: string, ...path: readonly string[]): Column =>
  column(name, (object) => textAt(object, ...path));

const containersOf = (object: KubeObject): readonly Json[] =>
  listAt(object, 'spec', 'template', 'spec', 'containers');
const joined = (list: readonly Json[], field: string): string =>
  list.map((one) => textAt(one, field)).join(',');
const CONTAINERS = wide('Containers', (object) => joined(containersOf(object), 'name'));
const IMAGES = wide('Images', (object) => joined(containersOf(object), 'image'));
const pairs = (texts: Readonly<Record<string, string>>): string =>
  Object.entries(texts)
    .map(([key, value]) => `${key}=${value}`)
    .join(',') || '<none>';
const SELECTOR = wide('Selector', (object) =>
  pairs(textsAt(object, 'spec', 'selector', 'matchLabels')),
);

const ready = (of: 'replicas' | 'desired'): Column =>
  column('Ready', (object) => {
    const wanted = countAt(object, 'spec', of);
    return `${String(countAt(object, 'status', 'readyReplicas'))}/${String(wanted)}`;
  });

const statuses = (pod: KubeObject): readonly Json[] => listAt(pod, 'status', 'containerStatuses');

function podStatus(pod: KubeObject): string {
  if (isLeaving(pod)) return 'Terminating';
  const waiting = statuses(pod).map((one) => textAt(one, 'state', 'waiting', 'reason'));
  return waiting.find((reason) => reason !== '') ?? textAt(pod, 'status', 'phase');
}

const POD: readonly Column[] = [
  NAME,
  column('Ready', (pod) => {
    const all = statuses(pod);
    const good = all.filter((one) => isSetAt(one, 'ready'));
    return `${String(good.length)}/${String(listAt(pod, 'spec', 'containers').length)}`;
  }),
  column('Status', podStatus),
  column('Restarts', (pod) =>
    statuses(pod).reduce<number>((sum, one) => sum + countAt(one, 'restartCount'), 0),
  ),
  AGE,
  wide('IP', (pod) => textAt(pod, 'status', 'podIP') || '<none>'),
  wide('Node', (pod) => textAt(pod, 'spec', 'nodeName') || '<none>'),
];

const target = (hpa: KubeObject): string =>
  `${textAt(hpa, 'spec', 'scaleTargetRef', 'kind')}/${textAt(hpa, 'spec', 'scaleTargetRef', 'name')}`;

const BY_KIND: ReadonlyMap<unknown, readonly Column[]> = new Map<unknown, readonly Column[]>([
  ['Pod', POD],
  [
    'Deployment',
    [
      NAME,
      ready('replicas'),
      count('Up-to-date', 'status', 'updatedReplicas'),
      count('Available', 'status', 'availableReplicas'),
      AGE,
      CONTAINERS,
      IMAGES,
      SELECTOR,
    ],
  ],
  [
    'ReplicaSet',
    [
      NAME,
      count('Desired', 'spec', 'replicas'),
      count('Current', 'status', 'replicas'),
      count('Ready', 'status', 'readyReplicas'),
      AGE,
      CONTAINERS,
      IMAGES,
      SELECTOR,
    ],
  ],
  ['StatefulSet', [NAME, ready('replicas'), AGE, CONTAINERS, IMAGES]],
  [
    'DaemonSet',
    [
      NAME,
      count('Desired', 'status', 'desiredNumberScheduled'),
      count('Current', 'status', 'currentNumberScheduled'),
      count('Ready', 'status', 'numberReady'),
      count('Up-to-date', 'status', 'updatedNumberScheduled'),
      count('Available', 'status', 'numberAvailable'),
      AGE,
      CONTAINERS,
      IMAGES,
    ],
  ],
  [
    'ControllerRevision',
    [
      NAME,
      column('Controller', (object) => {
        const [owner] = listAt(object, 'metadata', 'ownerReferences');
        return `${textAt(owner, 'kind').toLowerCase()}.apps/${textAt(owner, 'name')}`;
      }),
      count('Revision', 'revision'),
      AGE,
    ],
  ],
  [
    'HorizontalPodAutoscaler',
    [
      NAME,
      column('Reference', target),
      column('Minpods', (hpa) => numberAt(hpa, 'spec', 'minReplicas') ?? '<unset>'),
      count('Maxpods', 'spec', 'maxReplicas'),
      count('Replicas', 'status', 'currentReplicas'),
      AGE,
    ],
  ],
  [
    'Service',
    [
      NAME,
      text('Type', 'spec', 'type'),
      column('Cluster-IP', (service) => textAt(service, 'spec', 'clusterIP') || 'None'),
      column('Port(s)', (service) =>
        listAt(service, 'spec', 'ports')
          .map((port) => `${String(countAt(port, 'port'))}/${textAt(port, 'protocol') || 'TCP'}`)
          .join(','),
      ),
      AGE,
      wide('Selector', (service) => pairs(textsAt(service, 'spec', 'selector'))),
    ],
  ],
  [
    'EndpointSlice',
    [
      NAME,
      text('AddressType', 'addressType'),
      column('Endpoints', (slice) =>
        listAt(slice, 'endpoints')
          .map((one) => textAt(valueAt(one, 'addresses'), '0'))
          .join(','),
      ),
      AGE,
    ],
  ],
  [
    'HTTPRoute',
    [NAME, column('Hostnames', (route) => JSON.stringify(listAt(route, 'spec', 'hostnames'))), AGE],
  ],
  [
    'Rollout',
    [
      NAME,
      count('Desired', 'spec', 'replicas'),
      count('Current', 'status', 'replicas'),
      count('Up-to-date', 'status', 'updatedReplicas'),
      count('Available', 'status', 'availableReplicas'),
      AGE,
    ],
  ],
  ['Namespace', [NAME, text('Status', 'status', 'phase'), AGE]],
  [
    'Event',
    [
      column('Last Seen', (event, nowMs) => age(instantAt(event, 'lastTimestamp'), nowMs)),
      text('Type', 'type'),
      text('Reason', 'reason'),
      column('Object', (event) =>
        [
          textAt(event, 'involvedObject', 'kind').toLowerCase(),
          textAt(event, 'involvedObject', 'name'),
        ].join('/'),
      ),
      text('Message', 'message'),
    ],
  ],
  [
    'RoleBinding',
    [
      NAME,
      column('Role', (binding) =>
        [textAt(binding, 'roleRef', 'kind'), textAt(binding, 'roleRef', 'name')].join('/'),
      ),
      AGE,
    ],
  ],
]);

const PLAIN: readonly Column[] = [NAME, AGE];

export const columnsOf = (kind: string): readonly Column[] => BY_KIND.get(kind) ?? PLAIN;

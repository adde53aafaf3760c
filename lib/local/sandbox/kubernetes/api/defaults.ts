import type { Json, JsonObject } from '../../../../domain/shared/json.ts';
import {
  isObject,
  listAt,
  objectAt,
  textAt,
  valueAt,
  withValue,
  type KubeObject,
} from '../fields.ts';

type Defaults = readonly (readonly [path: readonly string[], value: Json])[];

const ROLLING: JsonObject = { maxSurge: '25%', maxUnavailable: '25%' };

const BY_KIND: ReadonlyMap<unknown, Defaults> = new Map<unknown, Defaults>([
  [
    'Deployment',
    [
      [['spec', 'replicas'], 1],
      [['spec', 'strategy', 'type'], 'RollingUpdate'],
      [['spec', 'revisionHistoryLimit'], 10],
      [['spec', 'progressDeadlineSeconds'], 600],
    ],
  ],
  [
    'StatefulSet',
    [
      [['spec', 'replicas'], 1],
      [['spec', 'podManagementPolicy'], 'OrderedReady'],
      [['spec', 'updateStrategy', 'type'], 'RollingUpdate'],
      [['spec', 'revisionHistoryLimit'], 10],
    ],
  ],
  [
    'DaemonSet',
    [
      [['spec', 'updateStrategy', 'type'], 'RollingUpdate'],
      [['spec', 'revisionHistoryLimit'], 10],
    ],
  ],
  ['ReplicaSet', [[['spec', 'replicas'], 1]]],
  [
    'Rollout',
    [
      [['spec', 'replicas'], 1],
      [['spec', 'revisionHistoryLimit'], 10],
    ],
  ],
  ['HorizontalPodAutoscaler', [[['spec', 'minReplicas'], 1]]],
  [
    'Service',
    [
      [['spec', 'type'], 'ClusterIP'],
      [['spec', 'sessionAffinity'], 'None'],
    ],
  ],
  ['Namespace', [[['status', 'phase'], 'Active']]],
]);

const POD: Defaults = [
  [['restartPolicy'], 'Always'],
  [['terminationGracePeriodSeconds'], 30],
  [['dnsPolicy'], 'ClusterFirst'],
  [['schedulerName'], 'default-scheduler'],
  [['securityContext'], {}],
];

const CONTAINER: Defaults = [
  [['resources'], {}],
  [['terminationMessagePath'], '/dev/termination-log'],
  [['terminationMessagePolicy'], 'File'],
  [['imagePullPolicy'], 'IfNotPresent'],
];

const fill = (object: JsonObject, defaults: Defaults): JsonObject =>
  defaults.reduce<JsonObject>(
    (made, [path, value]) =>
      valueAt(made, ...path) === undefined ? withValue(made, path, value) : made,
    object,
  );

/** The object with what the server fills in where the sender left it out. */
export function withDefaults(object: KubeObject): KubeObject {
  const filled = fill(object, BY_KIND.get(object['kind']) ?? []);
  return withStrategy(withTemplate(filled));
}

function withTemplate(object: KubeObject): KubeObject {
  const spec = objectAt(object, 'spec', 'template', 'spec');
  if (Object.keys(spec).length === 0) return object;
  // A custom resource's template is stored as it was sent.
  if (object['kind'] === 'Rollout') return object;
  const containers: readonly Json[] = listAt(spec, 'containers').map((container) =>
    isObject(container) ? fill(container, CONTAINER) : container,
  );
  const filled = { ...fill(spec, POD), containers };
  return withValue(object, ['spec', 'template', 'spec'], filled);
}

function withStrategy(object: KubeObject): KubeObject {
  const isRolling = (path: string): boolean =>
    valueAt(object, 'spec', path, 'type') === 'RollingUpdate';
  switch (textAt(object, 'kind')) {
    case 'Deployment': {
      if (!isRolling('strategy')) return object;
      const given = objectAt(object, 'spec', 'strategy', 'rollingUpdate');
      return withValue(object, ['spec', 'strategy', 'rollingUpdate'], { ...ROLLING, ...given });
    }
    case 'StatefulSet':
      if (!isRolling('updateStrategy')) return object;
      return fill(object, [[['spec', 'updateStrategy', 'rollingUpdate', 'partition'], 0]]);
    case 'DaemonSet': {
      if (!isRolling('updateStrategy')) return object;
      return fill(object, [
        [['spec', 'updateStrategy', 'rollingUpdate', 'maxUnavailable'], 1],
        [['spec', 'updateStrategy', 'rollingUpdate', 'maxSurge'], 0],
      ]);
    }
    default:
      return object;
  }
}

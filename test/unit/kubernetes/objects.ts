import type { JsonObject } from '../../../lib/domain/shared/json.ts';

export const namespace = 'shop';

export const podTemplate = (image: string, more: JsonObject = {}): JsonObject => ({
  metadata: { labels: { app: 'checkout' } },
  spec: { containers: [{ name: 'web', image, env: [{ name: 'LEVEL', value: 'info' }] }], ...more },
});

const controlledBy = (kind: string, name: string): JsonObject => ({
  ownerReferences: [{ apiVersion: 'apps/v1', kind, name, uid: `uid-${name}`, controller: true }],
});

export interface Shape {
  readonly kind?: string;
  readonly annotations?: JsonObject;
  readonly labels?: JsonObject;
  readonly metadata?: JsonObject;
  readonly spec?: JsonObject;
  readonly status?: JsonObject;
  readonly image?: string;
}

const complete: JsonObject = {
  observedGeneration: 1,
  replicas: 4,
  updatedReplicas: 4,
  readyReplicas: 4,
  availableReplicas: 4,
};

/** A workload of four replicas that is complete. */
export function workload(shape: Shape = {}): JsonObject {
  const { kind = 'Deployment', image = 'shop/checkout:1.4.2', annotations, labels } = shape;
  return {
    apiVersion: kind === 'Rollout' ? 'argoproj.io/v1alpha1' : 'apps/v1',
    kind,
    metadata: {
      name: 'checkout',
      namespace,
      uid: 'uid-checkout',
      ...(annotations === undefined ? {} : { annotations }),
      ...(labels === undefined ? {} : { labels }),
      ...shape.metadata,
    },
    spec: {
      replicas: 4,
      revisionHistoryLimit: 10,
      progressDeadlineSeconds: 600,
      selector: { matchLabels: { app: 'checkout' } },
      template: podTemplate(image),
      ...shape.spec,
    },
    status: { ...complete, ...shape.status },
  };
}

const revision = 'deployment.kubernetes.io/revision';

export const deployment = (number: string, shape: Shape = {}): JsonObject =>
  workload({ ...shape, annotations: { [revision]: number, ...shape.annotations } });

/** One ReplicaSet of `checkout`. */
export function replicaSet(
  number: string,
  image: string,
  of: {
    readonly available?: number;
    readonly replicas?: number;
    readonly annotations?: JsonObject;
    readonly metadata?: JsonObject;
  } = {},
): JsonObject {
  const hash = `hash${number}`;
  const template = podTemplate(image);
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `checkout-${hash}`,
      namespace,
      labels: { app: 'checkout', 'pod-template-hash': hash },
      annotations: { [revision]: number, ...of.annotations },
      ...controlledBy('Deployment', 'checkout'),
      ...of.metadata,
    },
    spec: {
      template: {
        ...template,
        metadata: { labels: { app: 'checkout', 'pod-template-hash': hash } },
      },
    },
    status: {
      replicas: of.replicas ?? of.available ?? 0,
      availableReplicas: of.available ?? 0,
    },
  };
}

/** A ReplicaSet of the Rollout `checkout`. */
export function rolloutReplicaSet(number: string, image: string, available = 0): JsonObject {
  const hash = `hash${number}`;
  return {
    ...replicaSet(number, image, { available }),
    metadata: {
      name: `checkout-${hash}`,
      namespace,
      labels: { app: 'checkout', 'rollouts-pod-template-hash': hash },
      annotations: { 'rollout.argoproj.io/revision': number },
      ...controlledBy('Rollout', 'checkout'),
    },
    spec: {
      template: {
        ...podTemplate(image),
        metadata: { labels: { app: 'checkout', 'rollouts-pod-template-hash': hash } },
      },
    },
  };
}

/** One ControllerRevision of `checkout`. */
export const controllerRevision = (
  kind: 'StatefulSet' | 'DaemonSet',
  number: number,
  image: string,
): JsonObject => ({
  apiVersion: 'apps/v1',
  kind: 'ControllerRevision',
  metadata: {
    name: `checkout-rev${number}`,
    namespace,
    labels: { app: 'checkout', 'controller-revision-hash': `rev${number}` },
    ...controlledBy(kind, 'checkout'),
  },
  revision: number,
  data: { spec: { template: { ...podTemplate(image), $patch: 'replace' } } },
});

export const pod = (
  name: string,
  labels: JsonObject,
  of: {
    readonly isReady?: boolean;
    readonly reason?: string;
    readonly ports?: readonly JsonObject[];
  } = {},
): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name,
    namespace,
    uid: `uid-${name}`,
    labels: { app: 'checkout', ...labels },
    creationTimestamp: '2026-11-21T09:00:00Z',
  },
  spec: { containers: [{ name: 'web', image: 'shop/checkout:1', ports: of.ports ?? [] }] },
  status: {
    conditions: [{ type: 'Ready', status: (of.isReady ?? true) ? 'True' : 'False' }],
    containerStatuses: [
      of.reason === undefined
        ? { name: 'web', state: { running: {} } }
        : { name: 'web', state: { waiting: { reason: of.reason } } },
    ],
  },
});

export const autoscaler = (
  of: { readonly min?: number; readonly max?: number; readonly metadata?: JsonObject } = {},
): JsonObject => ({
  apiVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
  metadata: { name: 'checkout-hpa', namespace, uid: 'uid-hpa', ...of.metadata },
  spec: {
    ...(of.min === undefined ? {} : { minReplicas: of.min }),
    maxReplicas: of.max ?? 20,
    scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'checkout' },
  },
});

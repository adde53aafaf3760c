import type { Json, JsonObject } from '../../../../domain/shared/json.ts';
import type { KubeObject } from '../fields.ts';

/** The namespace of the example: a shop that somebody can break. */
export const SHOP = 'shop';

const container = (image: string): JsonObject => ({
  name: 'app',
  image,
  ports: [{ name: 'http', containerPort: 8080, protocol: 'TCP' }],
});

const workload = (
  name: string,
  { labels, image }: { readonly labels: JsonObject; readonly image: string },
): { readonly metadata: JsonObject; readonly spec: JsonObject } => ({
  metadata: { name, namespace: SHOP, labels },
  spec: {
    selector: { matchLabels: labels },
    template: { metadata: { labels }, spec: { containers: [container(image)] } },
  },
});

const deployment = (
  name: string,
  replicas: number,
  told: { readonly labels?: JsonObject; readonly image: string },
): KubeObject => {
  const { metadata, spec } = workload(name, { labels: told.labels ?? { app: name }, ...told });
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata,
    // Ten minutes, the default, is long for somebody who wants to see a rollout fail.
    spec: { ...spec, replicas, progressDeadlineSeconds: 60 },
  };
};

const service = (name: string, selector: JsonObject): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: SHOP },
  spec: { selector, ports: [{ name: 'http', port: 80, targetPort: 8080, protocol: 'TCP' }] },
});

const clusterScoped = (kind: string, name: string, more: JsonObject = {}): KubeObject => ({
  apiVersion: 'v1',
  kind,
  metadata: { name, labels: { 'kubernetes.io/metadata.name': name } },
  ...more,
});

/** What is there before anything is deployed. */
export const GROUND: readonly KubeObject[] = [
  ...['default', 'kube-system', 'tocsin', SHOP].map((name) => clusterScoped('Namespace', name)),
  ...['node-a', 'node-b', 'node-c'].map((name) =>
    clusterScoped('Node', name, {
      status: { conditions: [{ type: 'Ready', status: 'True', reason: 'KubeletReady' }] },
    }),
  ),
];

const ledger = workload('ledger', { labels: { app: 'ledger' }, image: 'shop/ledger:2.0.0' });
const agent = workload('log-agent', {
  labels: { app: 'log-agent' },
  image: 'shop/log-agent:3.1.0',
});
const payments = workload('payments', {
  labels: { app: 'payments' },
  image: 'shop/payments:5.0.0',
});

const STEPS: readonly Json[] = [
  { setWeight: 20 },
  { pause: {} },
  { setWeight: 50 },
  { pause: { duration: '30s' } },
];

/** The first version of everything in the shop. */
export const WORKLOADS: readonly KubeObject[] = [
  deployment('checkout', 3, { image: 'shop/checkout:1.4.0' }),
  deployment('search', 2, { image: 'shop/search:2.7.0' }),
  ...['blue', 'green'].map((version) =>
    deployment(`accounts-${version}`, 2, {
      labels: { app: 'accounts', version },
      image: `shop/accounts:${version === 'blue' ? '8.2.0' : '8.3.0'}`,
    }),
  ),
  ...['stable', 'next'].map((version) =>
    deployment(`storefront-${version}`, 2, {
      image: `shop/storefront:${version === 'stable' ? '11.0.0' : '11.1.0'}`,
    }),
  ),
  {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: ledger.metadata,
    spec: { ...ledger.spec, replicas: 3, serviceName: 'ledger' },
  },
  { apiVersion: 'apps/v1', kind: 'DaemonSet', ...agent },
  {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Rollout',
    metadata: payments.metadata,
    spec: { ...payments.spec, replicas: 5, strategy: { canary: { steps: STEPS } } },
  },
  {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: 'search', namespace: SHOP },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'search' },
      minReplicas: 2,
      maxReplicas: 6,
      metrics: [
        {
          type: 'Resource',
          resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } },
        },
      ],
    },
  },
  ...['checkout', 'search', 'ledger', 'payments', 'storefront-stable', 'storefront-next'].map(
    (name) => service(name, { app: name }),
  ),
  service('accounts', { app: 'accounts', version: 'blue' }),
  {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: { name: 'storefront', namespace: SHOP },
    spec: {
      parentRefs: [{ name: 'shop-gateway' }],
      hostnames: ['shop.example.com'],
      rules: [
        {
          backendRefs: [
            { name: 'storefront-stable', port: 80, weight: 90 },
            { name: 'storefront-next', port: 80, weight: 10 },
          ],
        },
      ],
    },
  },
];

/** What was deployed since, one after another. */
export const DEPLOYS: readonly { readonly name: string; readonly image: string }[] = [
  { name: 'checkout', image: 'shop/checkout:1.4.1' },
  { name: 'search', image: 'shop/search:2.7.1' },
  { name: 'checkout', image: 'shop/checkout:1.4.2' },
  { name: 'ledger', image: 'shop/ledger:2.0.1' },
  { name: 'log-agent', image: 'shop/log-agent:3.1.1' },
  { name: 'payments', image: 'shop/payments:5.0.1' },
];

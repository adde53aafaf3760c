import { invariant } from '../../../../domain/shared/invariant.ts';

/** One kind of object, as discovery tells of it. */
export interface Kind {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly shortNames: readonly string[];
  readonly isNamespaced: boolean;
  readonly subresources: readonly ('status' | 'scale')[];
  /** Whether `metadata.generation` counts changes of the spec. */
  readonly hasGeneration: boolean;
  /** From a CustomResourceDefinition: takes no strategic merge patch. */
  readonly isCustom: boolean;
}

const APPS = { group: 'apps', version: 'v1' };
const RBAC = { group: 'rbac.authorization.k8s.io', version: 'v1' };
const ADMISSION = { group: 'admissionregistration.k8s.io', version: 'v1' };
const WORKLOAD = { ...APPS, subresources: ['status', 'scale'], hasGeneration: true } as const;

type Told = Partial<Kind> & Pick<Kind, 'kind' | 'plural'>;

const kind = (told: Told): Kind => ({
  group: '',
  version: 'v1',
  shortNames: [],
  isNamespaced: true,
  subresources: [],
  hasGeneration: false,
  isCustom: false,
  ...told,
});

export const KINDS: readonly Kind[] = [
  kind({ kind: 'Namespace', plural: 'namespaces', shortNames: ['ns'], isNamespaced: false }),
  kind({ kind: 'Node', plural: 'nodes', shortNames: ['no'], isNamespaced: false }),
  kind({ kind: 'Pod', plural: 'pods', shortNames: ['po'], subresources: ['status'] }),
  kind({ kind: 'Service', plural: 'services', shortNames: ['svc'] }),
  kind({ kind: 'ConfigMap', plural: 'configmaps', shortNames: ['cm'] }),
  kind({ kind: 'ServiceAccount', plural: 'serviceaccounts', shortNames: ['sa'] }),
  kind({ kind: 'Event', plural: 'events', shortNames: ['ev'] }),
  kind({ ...WORKLOAD, kind: 'Deployment', plural: 'deployments', shortNames: ['deploy'] }),
  kind({ ...WORKLOAD, kind: 'ReplicaSet', plural: 'replicasets', shortNames: ['rs'] }),
  kind({ ...WORKLOAD, kind: 'StatefulSet', plural: 'statefulsets', shortNames: ['sts'] }),
  kind({
    ...APPS,
    kind: 'DaemonSet',
    plural: 'daemonsets',
    shortNames: ['ds'],
    subresources: ['status'],
    hasGeneration: true,
  }),
  kind({ ...APPS, kind: 'ControllerRevision', plural: 'controllerrevisions' }),
  kind({
    group: 'autoscaling',
    version: 'v2',
    kind: 'HorizontalPodAutoscaler',
    plural: 'horizontalpodautoscalers',
    shortNames: ['hpa'],
    subresources: ['status'],
  }),
  kind({ group: 'discovery.k8s.io', kind: 'EndpointSlice', plural: 'endpointslices' }),
  kind({ ...RBAC, kind: 'Role', plural: 'roles' }),
  kind({ ...RBAC, kind: 'RoleBinding', plural: 'rolebindings' }),
  kind({ ...RBAC, kind: 'ClusterRole', plural: 'clusterroles', isNamespaced: false }),
  kind({
    ...RBAC,
    kind: 'ClusterRoleBinding',
    plural: 'clusterrolebindings',
    isNamespaced: false,
  }),
  kind({
    ...ADMISSION,
    kind: 'ValidatingAdmissionPolicy',
    plural: 'validatingadmissionpolicies',
    isNamespaced: false,
    hasGeneration: true,
  }),
  kind({
    ...ADMISSION,
    kind: 'ValidatingAdmissionPolicyBinding',
    plural: 'validatingadmissionpolicybindings',
    isNamespaced: false,
    hasGeneration: true,
  }),
  kind({
    group: 'gateway.networking.k8s.io',
    kind: 'HTTPRoute',
    plural: 'httproutes',
    subresources: ['status'],
    hasGeneration: true,
    isCustom: true,
  }),
  kind({
    group: 'argoproj.io',
    version: 'v1alpha1',
    kind: 'Rollout',
    plural: 'rollouts',
    shortNames: ['ro'],
    subresources: ['status', 'scale'],
    hasGeneration: true,
    isCustom: true,
  }),
];

/** The kind of that name; asking for one that is not served is our own mistake. */
export function kindNamed(name: string): Kind {
  const found = KINDS.find((one) => one.kind === name);
  invariant(found !== undefined, `the sandbox serves ${name}`);
  return found;
}

/** The kind behind a part of an address. */
export const kindServed = (group: string, version: string, plural: string): Kind | undefined =>
  KINDS.find((one) => one.group === group && one.version === version && one.plural === plural);

export const apiVersionOf = ({ group, version }: Kind): string =>
  group === '' ? version : `${group}/${version}`;

/** `deployments.apps`, as error messages call it. */
export const qualified = ({ group, plural }: Kind): string =>
  group === '' ? plural : `${plural}.${group}`;

import type { KubeRef, TargetRef } from '../action/plan.ts';
import type { TargetPlace } from '../policy/action-policy.ts';

/** Where each kind lives in the API. */
export const apiVersions = {
  Deployment: 'apps/v1',
  StatefulSet: 'apps/v1',
  DaemonSet: 'apps/v1',
  ReplicaSet: 'apps/v1',
  ControllerRevision: 'apps/v1',
  Rollout: 'argoproj.io/v1alpha1',
  Pod: 'v1',
  Service: 'v1',
  EndpointSlice: 'discovery.k8s.io/v1',
  HorizontalPodAutoscaler: 'autoscaling/v2',
  HTTPRoute: 'gateway.networking.k8s.io/v1',
  Kustomization: 'kustomize.toolkit.fluxcd.io/v1',
  HelmRelease: 'helm.toolkit.fluxcd.io/v2',
} as const;

export type KnownKind = keyof typeof apiVersions;

/** A place of the policy that is in a cluster. */
export type KubePlace = Extract<TargetPlace, { readonly cluster: string }>;

/** All objects of a kind in a namespace. */
export const ofKind = (kind: KnownKind, namespace: string): Omit<KubeRef, 'name'> => ({
  apiVersion: apiVersions[kind],
  kind,
  namespace,
});

export const refTo = (kind: KnownKind, namespace: string, name: string): KubeRef => ({
  ...ofKind(kind, namespace),
  name,
});

/** The object that a place of the policy names. */
export function refOf(place: KubePlace): KubeRef {
  switch (place.kind) {
    case 'workload':
      return refTo(place.workload, place.namespace, place.name);
    case 'service':
      return refTo('Service', place.namespace, place.name);
    case 'http-route':
      return refTo('HTTPRoute', place.namespace, place.name);
  }
}

/** The object that a plan is about. */
export const refOfTarget = ({ kind, namespace, name }: TargetRef): KubeRef => ({
  // Only kinds of `refOf` come into a plan.
  apiVersion: new Map<string, string>(Object.entries(apiVersions)).get(kind) ?? 'apps/v1',
  kind,
  namespace,
  name,
});

/** For people: `Deployment shop/checkout`. */
export const nameRef = ({ kind, namespace, name }: KubeRef): string =>
  `${kind} ${namespace}/${name}`;

/** Name of the lease on an object. */
export const lockOf = (cluster: string, { kind, namespace, name }: KubeRef): string =>
  `kubernetes/${cluster}/${namespace}/${kind}/${name}`;

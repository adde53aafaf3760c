import type { KubeRef } from '../../domain/action/plan.ts';
import { err, ok, type Result } from '../../domain/shared/result.ts';
import type { ClusterFailure } from '../../ports/cluster.ts';
import { refusal } from './failures.ts';

/** The kinds that are read or changed, as they are named in paths and in rights. */
const plurals: ReadonlyMap<string, string> = new Map([
  ['Application', 'applications'],
  ['AnalysisRun', 'analysisruns'],
  ['ControllerRevision', 'controllerrevisions'],
  ['DaemonSet', 'daemonsets'],
  ['Deployment', 'deployments'],
  ['EndpointSlice', 'endpointslices'],
  ['Event', 'events'],
  ['GitRepository', 'gitrepositories'],
  ['HTTPRoute', 'httproutes'],
  ['HelmRelease', 'helmreleases'],
  ['HorizontalPodAutoscaler', 'horizontalpodautoscalers'],
  ['Kustomization', 'kustomizations'],
  ['Pod', 'pods'],
  ['PodDisruptionBudget', 'poddisruptionbudgets'],
  ['ReplicaSet', 'replicasets'],
  ['Rollout', 'rollouts'],
  ['Service', 'services'],
  ['StatefulSet', 'statefulsets'],
]);

/** What a right is about. */
export interface Resource {
  readonly group: string;
  readonly plural: string;
}

const namePattern = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/;
const apiVersionPattern = /^(?:([a-z0-9][-a-z0-9.]{0,251})\/)?(v[0-9][a-z0-9]{0,20})$/;

/** Group and plural of a kind; refuses kinds that nothing of ours has to do with. */
export function resourceOf(
  of: Pick<KubeRef, 'apiVersion' | 'kind'>,
): Result<Resource & { readonly version: string }, ClusterFailure> {
  const plural = plurals.get(of.kind);
  const [, group = '', version] = apiVersionPattern.exec(of.apiVersion) ?? [];
  if (plural === undefined || version === undefined) {
    return err(refusal(`Tocsin has nothing to do with ${of.apiVersion} ${of.kind} in a cluster.`));
  }
  return ok({ group, plural, version });
}

/** Path of all objects of a kind in a namespace. */
export function listPath(of: Omit<KubeRef, 'name'>): Result<string, ClusterFailure> {
  const resource = resourceOf(of);
  if (!resource.ok) return resource;
  const { group, version, plural } = resource.value;
  if (!isName(of.namespace)) return err(refusal(`"${of.namespace}" is no name of a namespace.`));
  const api = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  return ok(`${api}/namespaces/${of.namespace}/${plural}`);
}

/** Path of one object. */
export function objectPath(ref: KubeRef): Result<string, ClusterFailure> {
  const list = listPath(ref);
  if (!list.ok) return list;
  if (!isName(ref.name)) return err(refusal(`"${ref.name}" is no name of a ${ref.kind}.`));
  return ok(`${list.value}/${ref.name}`);
}

/** A name of Kubernetes (RFC 1123), which can hold nothing that a path would resolve away. */
const isName = (text: string): boolean => namePattern.test(text) && !text.includes('..');

/** `Deployment shop/web`, for a sentence. */
export const described = (ref: KubeRef): string => `${ref.kind} ${ref.namespace}/${ref.name}`;

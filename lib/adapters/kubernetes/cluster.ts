import { member, recordOf, textOf } from '../../codec/fields.ts';
import type { KubeRef } from '../../domain/action/plan.ts';
import type { JsonObject } from '../../domain/shared/json.ts';
import { err, ok } from '../../domain/shared/result.ts';
import type { Cluster, ClusterFailure, ClusterResult, KubePatch } from '../../ports/cluster.ts';
import { refusal } from './failures.ts';
import { listAll } from './list.ts';
import { maxObjectBytes } from './limits.ts';
import { described, objectPath, resourceOf } from './paths.ts';
import { ask, type TransportDeps } from './transport.ts';

export interface ClusterDeps extends TransportDeps {
  /** The only namespaces in which anything is changed. */
  readonly namespaces: readonly string[];
}

/** The API of one cluster. What is not in a namespace of the policy is read, and never changed. */
export function createCluster(deps: ClusterDeps): Cluster {
  return {
    get: (ref) => get(deps, ref),
    list: (of, selector) => listAll(deps, of, selector),
    patch: (patch, { isDryRun }) => sendPatch(deps, patch, isDryRun),
    deletePod: (ref, uid) => deletePod(deps, ref, uid),
    may: (asked) => may(deps, asked),
  };
}

async function get(deps: ClusterDeps, ref: KubeRef): ClusterResult<JsonObject> {
  const path = objectPath(ref);
  if (!path.ok) return path;
  const doing = `show ${described(ref)}`;
  const call = { ...object, doing, method: 'GET' as const, path: path.value };
  const got = await ask(deps, call);
  return got.ok ? asObject(deps, { doing, ref, kind: ref.kind }, got.value) : got;
}

const object = { query: {}, body: null, isWrite: false, maxBytes: maxObjectBytes } as const;

const contentTypes = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
} as const;

async function sendPatch(
  deps: ClusterDeps,
  { ref, subresource, type, body }: KubePatch,
  isDryRun: boolean,
): ClusterResult<JsonObject> {
  const path = pathToChange(deps, ref);
  if (!path.ok) return path;
  const doing = `${isDryRun ? 'try the change of' : 'change'} ${described(ref)}`;
  const patched = await ask(deps, {
    doing,
    method: 'PATCH',
    path: subresource === null ? path.value : `${path.value}/${subresource}`,
    query: {
      fieldManager: 'tocsin',
      fieldValidation: 'Strict',
      ...(isDryRun ? { dryRun: 'All' } : {}),
    },
    body: { type: contentTypes[type], json: body },
    isWrite: true,
    maxBytes: maxObjectBytes,
  });
  const kind = subresource === 'scale' ? 'Scale' : ref.kind;
  return patched.ok ? asObject(deps, { doing, ref, kind }, patched.value) : patched;
}

async function deletePod(deps: ClusterDeps, ref: KubeRef, uid: string): ClusterResult<void> {
  if (ref.kind !== 'Pod' || uid === '') {
    return err(refusal(`Only a Pod of a known uid is ever deleted, not ${described(ref)}.`));
  }
  const path = pathToChange(deps, ref);
  if (!path.ok) return path;
  const json = { apiVersion: 'v1', kind: 'DeleteOptions', preconditions: { uid } };
  const deleted = await ask(deps, {
    doing: `delete ${described(ref)}`,
    method: 'DELETE',
    path: path.value,
    query: {},
    body: { type: 'application/json', json },
    isWrite: true,
    maxBytes: maxObjectBytes,
  });
  return deleted.ok ? ok(undefined) : deleted;
}

function pathToChange({ cluster, namespaces }: ClusterDeps, ref: KubeRef) {
  if (namespaces.includes(ref.namespace) && !ref.namespace.startsWith('kube-')) {
    return objectPath(ref);
  }
  const listed = namespaces.length === 0 ? 'none' : namespaces.join(', ');
  const message =
    `${described(ref)} is not changed: the policy lets Tocsin change things in the namespaces ` +
    `${listed} of the cluster ${cluster}. Add ${ref.namespace} there if that is meant.`;
  return err(refusal(message));
}

/** Asks and changes nothing, so that it may be repeated. */
async function may(
  deps: ClusterDeps,
  asked: Parameters<Cluster['may']>[0],
): ClusterResult<boolean> {
  const { verb, ref, subresource } = asked;
  const resource = resourceOf(ref);
  if (!resource.ok) return resource;
  const { group, plural } = resource.value;
  const { namespace, name } = ref;
  const resourceAttributes = {
    ...{ namespace, verb, group, resource: plural },
    ...(name === '' ? {} : { name }),
    ...(subresource === null ? {} : { subresource }),
  };
  const doing = `say whether Tocsin may ${verb} ${plural} in ${namespace}`;
  const review = await ask(deps, {
    ...object,
    doing,
    method: 'POST',
    path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
    body: {
      type: 'application/json',
      json: {
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SelfSubjectAccessReview',
        spec: { resourceAttributes },
      },
    },
  });
  if (!review.ok) return review;
  const allowed = member(recordOf(review.value, 'status'), 'allowed');
  return typeof allowed === 'boolean' ? ok(allowed) : err(another(deps, doing));
}

/** Believes only an answer that is about what was asked for. */
function asObject(
  deps: ClusterDeps,
  of: { readonly doing: string; readonly ref: KubeRef; readonly kind: string },
  json: JsonObject,
) {
  const { name, namespace } = of.ref;
  const metadata = recordOf(json, 'metadata');
  const isIt =
    textOf(json, 'kind') === of.kind &&
    textOf(metadata, 'name') === name &&
    textOf(metadata, 'namespace') === namespace;
  return isIt ? ok(json) : err(another(deps, of.doing));
}

const another = ({ cluster }: ClusterDeps, doing: string): ClusterFailure => ({
  ...refusal(`The cluster ${cluster} could not ${doing}: its answer is about something else.`),
  kind: 'unavailable',
  status: 200,
});

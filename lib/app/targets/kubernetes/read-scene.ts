import type { KubeRef, PlanRefusal } from '../../../domain/action/plan.ts';
import { judgeOwner, keeperOf, type Keeper } from '../../../domain/kubernetes/owner.ts';
import {
  controllerOf,
  isTrueAt,
  kindOf,
  nameOf,
  objectAt,
  objectsAt,
  textAt,
} from '../../../domain/kubernetes/read.ts';
import { nameRef, ofKind, refOf, refTo, type KubePlace } from '../../../domain/kubernetes/refs.ts';
import { refusePlan } from '../../../domain/kubernetes/refuse.ts';
import type { Scene } from '../../../domain/kubernetes/scene.ts';
import { labelsText, selectorText } from '../../../domain/kubernetes/selector.ts';
import type { JsonObject } from '../../../domain/shared/json.ts';
import { ok, type Result } from '../../../domain/shared/result.ts';
import type { Cluster } from '../../../ports/cluster.ts';
import type { PortFailure } from '../../../ports/failure.ts';
import type { Planning } from '../actuator.ts';
import { findAutoscaler, listOf } from './read-around.ts';
import { notPlanned } from './failures.ts';

type Read<Value> = Promise<Result<Value, PlanRefusal | PortFailure>>;

/** What is around an object, as far as its kind needs it. */
type Around = Pick<Scene, 'history' | 'pods' | 'related'>;

const nothingAround: Around = { history: [], pods: [], related: [] };

/** Reads all that a plan needs, and finds out who keeps the object. Changes nothing. */
export async function readScene(
  cluster: Cluster,
  planning: Planning,
  of: { readonly place: KubePlace; readonly digest: Scene['digest'] },
): Read<Scene> {
  const ref = refOf(of.place);
  const object = await readObject(cluster, ref);
  if (!object.ok) return object;
  const autoscaler = of.place.kind === 'workload' ? await findAutoscaler(cluster, ref) : ok(null);
  if (!autoscaler.ok) return notPlanned(autoscaler.error);
  // Scaling moves the autoscaler, where there is one; so its keeper is the one that matters.
  const moved = (planning.request.verb === 'scale' ? autoscaler.value : null) ?? object.value;
  const owner = await readOwner(cluster, planning, moved);
  if (!owner.ok) return owner;
  const around = await readAround(cluster, object.value, { place: of.place, planning });
  if (!around.ok) return around;
  const { target, request, healthyVersions, actionId, nowMs } = planning;
  return ok({
    ...{ target, request, healthyVersions, actionId, nowMs },
    digest: of.digest,
    ref,
    object: object.value,
    ...around.value,
    autoscaler: autoscaler.value,
    owner: owner.value,
  });
}

async function readObject(cluster: Cluster, ref: KubeRef): Read<JsonObject> {
  const found = await cluster.get(ref);
  if (!found.ok) {
    if (found.error.kind !== 'not_found') return notPlanned(found.error);
    return refusePlan(
      'no_such_target',
      `There is no ${nameRef(ref)} in the cluster: correct the target in the policy, or deploy it.`,
    );
  }
  if (textAt(found.value, ['metadata', 'deletionTimestamp']) === '') return found;
  const message = `${nameRef(ref)} is being deleted: nothing is done to it. Deploy it anew.`;
  return refusePlan('gone', message);
}

async function readOwner(
  cluster: Cluster,
  { request, tenant }: Planning,
  object: JsonObject,
): Read<Scene['owner']> {
  const keeper = keeperOf(object);
  const isSuspended = keeper === null ? null : await readSuspended(cluster, keeper);
  const namespace = textAt(object, ['metadata', 'namespace']);
  return judgeOwner({
    subject: `${kindOf(object)} ${namespace}/${nameOf(object)}`,
    keeper,
    isSuspended,
    verb: request.verb,
    targets: tenant.actions.targets,
  });
}

const fluxKinds = { kustomization: 'Kustomization', helmrelease: 'HelmRelease' } as const;

/** Null: it cannot be read, and counts as if it were at work. */
async function readSuspended(cluster: Cluster, keeper: Keeper): Promise<boolean | null> {
  if (keeper.kind !== 'kustomization' && keeper.kind !== 'helmrelease') return null;
  const found = await cluster.get(refTo(fluxKinds[keeper.kind], keeper.namespace, keeper.name));
  return found.ok ? isTrueAt(found.value, ['spec', 'suspend']) : null;
}

function readAround(
  cluster: Cluster,
  object: JsonObject,
  { place, planning }: { readonly place: KubePlace; readonly planning: Planning },
): Read<Around> {
  switch (place.kind) {
    case 'workload':
      return planning.request.verb === 'rollback'
        ? aroundWorkload(cluster, object, place)
        : Promise.resolve(ok(nothingAround));
    case 'service':
      return aroundService(cluster, object, { place, planning });
    case 'http-route':
      return aroundRoute(cluster, object, place);
  }
}

async function aroundWorkload(
  cluster: Cluster,
  object: JsonObject,
  { workload, namespace }: Extract<KubePlace, { readonly kind: 'workload' }>,
): Read<Around> {
  const isOfReplicaSets = workload === 'Deployment' || workload === 'Rollout';
  const kind = isOfReplicaSets ? 'ReplicaSet' : 'ControllerRevision';
  const selector = selectorText(object);
  const history = await listOf(cluster, ofKind(kind, namespace), selector);
  if (!history.ok) return notPlanned(history.error);
  if (workload !== 'StatefulSet') return ok({ ...nothingAround, history: history.value });
  const pods = await listOf(cluster, ofKind('Pod', namespace), selector);
  if (!pods.ok) return notPlanned(pods.error);
  return ok({ ...nothingAround, history: history.value, pods: pods.value });
}

async function aroundService(
  cluster: Cluster,
  service: JsonObject,
  of: {
    readonly place: Extract<KubePlace, { readonly kind: 'service' }>;
    readonly planning: Planning;
  },
): Read<Around> {
  const { namespace, selectorKey, sides } = of.place;
  const labels = objectAt(service, ['spec', 'selector']);
  const ofBoth = Object.fromEntries(Object.entries(labels).filter(([key]) => key !== selectorKey));
  const pods = await listOf(cluster, ofKind('Pod', namespace), labelsText(ofBoth));
  if (!pods.ok) return notPlanned(pods.error);
  const other = sides.find((side) => side !== labels[selectorKey]) ?? sides[0];
  const to = of.planning.request.parameters['to'] ?? other;
  const related = await deploymentsBehind(
    cluster,
    namespace,
    labelsText({ ...labels, [selectorKey]: to }),
  );
  return related.ok ? ok({ history: [], pods: pods.value, related: related.value }) : related;
}

/** The Deployments whose ReplicaSets have pods with these labels. */
async function deploymentsBehind(
  cluster: Cluster,
  namespace: string,
  selector: string,
): Read<readonly JsonObject[]> {
  const replicaSets = await listOf(cluster, ofKind('ReplicaSet', namespace), selector);
  if (!replicaSets.ok) return notPlanned(replicaSets.error);
  const names = new Set(
    replicaSets.value
      .map((replicaSet) => controllerOf(replicaSet))
      .filter((owner) => owner !== null && textAt(owner, ['kind']) === 'Deployment')
      .map((owner) => textAt(owner ?? {}, ['name'])),
  );
  const found: JsonObject[] = [];
  for (const name of names) {
    const deployment = await cluster.get(refTo('Deployment', namespace, name));
    if (deployment.ok) found.push(deployment.value);
    else if (deployment.error.kind !== 'not_found') return notPlanned(deployment.error);
  }
  return ok(found);
}

async function aroundRoute(
  cluster: Cluster,
  route: JsonObject,
  { namespace, rule }: Extract<KubePlace, { readonly kind: 'http-route' }>,
): Read<Around> {
  const names = objectsAt(route, ['spec', 'rules', rule, 'backendRefs']).map((backend) =>
    textAt(backend, ['name']),
  );
  const selector = `kubernetes.io/service-name in (${names.join(',')})`;
  const slices = await listOf(cluster, ofKind('EndpointSlice', namespace), selector);
  return slices.ok ? ok({ ...nothingAround, related: slices.value }) : notPlanned(slices.error);
}

import type { Convergence, Observation } from '../../../domain/action/observation.ts';
import type { Facts, KubeRef } from '../../../domain/action/plan.ts';
import { routeStatus, serviceStatus } from '../../../domain/kubernetes/endpoints.ts';
import { factsOf } from '../../../domain/kubernetes/facts.ts';
import { stuckPodFact } from '../../../domain/kubernetes/forced-rollback.ts';
import { markOf } from '../../../domain/kubernetes/patch.ts';
import { isObject, numberAt, objectAt, uidOf } from '../../../domain/kubernetes/read.ts';
import { nameRef, ofKind, refOfTarget } from '../../../domain/kubernetes/refs.ts';
import { broken, scaleStatus, waiting } from '../../../domain/kubernetes/rollout-status.ts';
import { labelsText } from '../../../domain/kubernetes/selector.ts';
import type { JsonObject } from '../../../domain/shared/json.ts';
import { err, ok } from '../../../domain/shared/result.ts';
import type { ClusterResult } from '../../../ports/cluster.ts';
import type { Looking } from './deps.ts';
import { workloadConvergence } from './look-at-workload.ts';
import { listOf } from './read-around.ts';

/** Reads the object of a step: its facts, the newest mark on it, and how far it is. */
export async function lookAt(looking: Looking): ClusterResult<Observation> {
  const { deps, cluster, step } = looking;
  const object = await cluster.get(refOfStep(looking));
  const atMs = deps.clock.now();
  if (!object.ok) {
    if (object.error.kind !== 'not_found') return object;
    const convergence = broken(`${nameRef(refOfStep(looking))} is gone.`);
    return ok({ atMs, facts: {}, mark: null, convergence });
  }
  const facts = await readFacts(looking, object.value);
  if (!facts.ok) return facts;
  const convergence = isAsWanted(step.to, facts.value)
    ? await converge(looking, object.value)
    : ok(waiting('It is not as the plan wants it.'));
  if (!convergence.ok) return convergence;
  return ok({
    atMs,
    facts: facts.value,
    mark: markOf(object.value),
    convergence: convergence.value,
  });
}

/** What a step patches; for a pod that is deleted, the workload that it belongs to. */
function refOfStep({ plan, step: { call } }: Looking): KubeRef {
  return call.kind === 'kube-patch' ? call.ref : refOfTarget(plan.target);
}

async function readFacts(
  { deps, cluster, step }: Looking,
  object: JsonObject,
): ClusterResult<Facts> {
  const facts = factsOf(object, deps.hashing.digest);
  if (step.call.kind !== 'kube-delete-pod') return ok(facts);
  const { ref, uid } = step.call;
  const pod = await cluster.get(ref);
  if (!pod.ok && pod.error.kind !== 'not_found') return err(pod.error);
  const isThere = pod.ok && uidOf(pod.value) === uid;
  return ok({ ...facts, [stuckPodFact]: isThere ? uid : null });
}

const isAsWanted = (wanted: Facts, seen: Facts): boolean =>
  Object.entries(wanted).every(([name, value]) => seen[name] === value);

function converge(looking: Looking, object: JsonObject): ClusterResult<Convergence> {
  switch (refOfStep(looking).kind) {
    case 'HorizontalPodAutoscaler':
      return autoscaled(looking, object);
    case 'Service':
      return switched(looking, object);
    case 'HTTPRoute':
      return Promise.resolve(ok(routeStatus(object)));
    default:
      return workloadConvergence(looking, object);
  }
}

async function autoscaled(
  { cluster, plan }: Looking,
  autoscaler: JsonObject,
): ClusterResult<Convergence> {
  const workload = await cluster.get(refOfTarget(plan.target));
  if (!workload.ok) return workload;
  return ok(scaleStatus(workload.value, numberAt(autoscaler, ['spec', 'minReplicas']) ?? 1));
}

async function switched(
  { cluster, plan }: Looking,
  service: JsonObject,
): ClusterResult<Convergence> {
  const { namespace, name } = plan.target;
  const byName = `kubernetes.io/service-name=${name}`;
  const slices = await listOf(cluster, ofKind('EndpointSlice', namespace), byName);
  if (!slices.ok) return slices;
  const selector = labelsText(objectAt(service, ['spec', 'selector']));
  const pods = await listOf(cluster, ofKind('Pod', namespace), selector);
  if (!pods.ok) return pods;
  const serving = isObject(plan.before) ? numberAt(plan.before, ['serving']) : null;
  const atLeast = Math.max(1, serving ?? 1);
  return ok(serviceStatus({ slices: slices.value, pods: pods.value, atLeast }));
}

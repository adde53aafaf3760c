import type { Plan, PlanStep } from '../../../domain/action/plan.ts';
import { invariant } from '../../../domain/shared/invariant.ts';
import { err, ok, type Result } from '../../../domain/shared/result.ts';
import type { Cluster, ClusterResult } from '../../../ports/cluster.ts';
import type { Actuator, SendFailure } from '../actuator.ts';
import type { KubernetesActuatorDeps } from './deps.ts';
import { sendFailure } from './failures.ts';
import { lookAt } from './look.ts';
import { planOnCluster } from './plan.ts';

/**
 * Workloads, Services and HTTPRoutes of the clusters of a policy: raw objects, one JSON Patch for
 * each step, with the state of the plan as its precondition.
 */
export function createKubernetesActuator(deps: KubernetesActuatorDeps): Actuator {
  return {
    plan: (planning) => planOnCluster(deps, planning),
    send: (plan, step) => send(deps, plan, step),
    async look(plan, step) {
      const cluster = await openFor(deps, plan);
      return cluster.ok ? lookAt({ deps, cluster: cluster.value, plan, step }) : cluster;
    },
  };
}

const openFor = ({ clusters }: KubernetesActuatorDeps, plan: Plan): ClusterResult<Cluster> =>
  clusters.open(plan.tenant, plan.target.place, plan.actionId);

async function send(
  deps: KubernetesActuatorDeps,
  plan: Plan,
  step: PlanStep,
): Promise<Result<void, SendFailure>> {
  const cluster = await openFor(deps, plan);
  // Nothing was sent: the outcome is known.
  if (!cluster.ok) return err({ ...sendFailure(cluster.error), isLost: false });
  const sent = await call(cluster.value, step);
  return sent.ok ? ok(undefined) : err(sendFailure(sent.error));
}

function call(cluster: Cluster, { call }: PlanStep): ClusterResult<unknown> {
  invariant(
    call.kind === 'kube-patch' || call.kind === 'kube-delete-pod',
    `a step on a cluster calls the cluster, not ${call.kind}`,
  );
  return call.kind === 'kube-patch'
    ? cluster.patch(call, { isDryRun: false })
    : cluster.deletePod(call.ref, call.uid);
}

import { createClusters } from '../../lib/adapters/kubernetes/clusters.ts';
import { createMemoryLog } from '../../lib/adapters/memory/log.ts';
import { systemClock } from '../../lib/adapters/system/clock.ts';
import { systemHashing } from '../../lib/adapters/system/hashing.ts';
import type { Actuator, Planning } from '../../lib/app/targets/actuator.ts';
import { createKubernetesActuator } from '../../lib/app/targets/kubernetes/actuator.ts';
import type { Plan } from '../../lib/domain/action/plan.ts';
import type { TargetPolicy } from '../../lib/domain/policy/action-policy.ts';
import { noActions } from '../../lib/domain/policy/no-actions.ts';
import { ok } from '../../lib/domain/shared/result.ts';
import type { ClusterSecret } from '../../lib/ports/secrets.ts';
import { drawPolicy, tenantId } from '../sim/engine/policy.ts';

const CLUSTER = 'under-test';

export const targetIn = (namespace: string, name: string): TargetPolicy => ({
  id: name,
  service: null,
  team: 'tests',
  on: { kind: 'workload', cluster: CLUSTER, namespace, workload: 'Deployment', name },
  checks: [],
  approvers: [],
  replicas: null,
  git: null,
});

/** Our own adapter and actuator, with the credential that an operator would have given us. */
export function tocsinOn(
  secret: ClusterSecret,
  namespace: string,
): { readonly actuator: Actuator; readonly planning: (target: TargetPolicy) => Planning } {
  const drawn = drawPolicy(1);
  const cluster = {
    id: CLUSTER,
    name: 'The cluster under test',
    access: { kind: 'kubeconfig' },
    namespaces: [namespace],
  } as const;
  const tenants = drawn.tenants.map((tenant) => ({
    ...tenant,
    actions: { ...noActions, clusters: [cluster] },
  }));
  const opened = {
    tenants: {
      [tenantId]: { clusters: { [CLUSTER]: secret }, argocd: {}, gitHosts: {}, signals: {} },
    },
  };
  const clusters = createClusters({
    policy: { ...drawn, tenants },
    secrets: { targets: () => Promise.resolve(ok(opened)) },
    aws: { credentials: () => ({ accessKeyId: 'none', secretAccessKey: 'none' }) },
    clock: systemClock,
    log: createMemoryLog(),
  });
  const [tenant] = tenants;
  if (tenant === undefined) throw new Error('The drawn policy has no tenant.');
  return {
    actuator: createKubernetesActuator({ clusters, hashing: systemHashing, clock: systemClock }),
    planning: (target) => ({
      tenant,
      target,
      request: { verb: 'rollback', targetId: target.id, parameters: {}, reason: 'a test' },
      incidentId: 'inc-test',
      actionId: 'a0123456789abcde',
      healthyVersions: [],
      nowMs: systemClock.now(),
    }),
  };
}

/** A plan as the engine would complete it. */
export const completed = (
  draft: Pick<Plan, 'target' | 'steps'>,
  { tenant, incidentId, actionId, nowMs }: Planning,
): Plan =>
  ({
    ...draft,
    tenant: tenant.id,
    incidentId,
    actionId,
    plannedAtMs: nowMs,
    // The actuator reads no more of a plan than this.
  }) as Plan;

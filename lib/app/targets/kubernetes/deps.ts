import type { Plan, PlanStep } from '../../../domain/action/plan.ts';
import type { Cluster, Clusters } from '../../../ports/cluster.ts';
import type { Clock, Hashing } from '../../../ports/system.ts';

export interface KubernetesActuatorDeps {
  readonly clusters: Clusters;
  readonly hashing: Pick<Hashing, 'digest'>;
  readonly clock: Pick<Clock, 'now'>;
}

/** What a look is for. */
export interface Looking {
  readonly deps: Pick<KubernetesActuatorDeps, 'hashing' | 'clock'>;
  readonly cluster: Cluster;
  readonly plan: Plan;
  readonly step: PlanStep;
}

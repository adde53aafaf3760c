import { createMemoryCluster, type MemoryCluster } from '../../../lib/adapters/memory/cluster.ts';
import { systemHashing } from '../../../lib/adapters/system/hashing.ts';
import type { Actuator, Planning } from '../../../lib/app/targets/actuator.ts';
import { createKubernetesActuator } from '../../../lib/app/targets/kubernetes/actuator.ts';
import type { Plan, PlanDraft, PlanStep } from '../../../lib/domain/action/plan.ts';
import type { ActionVerb } from '../../../lib/domain/action/verb.ts';
import type {
  TargetPlace,
  TargetPolicy,
  WorkloadKind,
} from '../../../lib/domain/policy/action-policy.ts';
import { noActions } from '../../../lib/domain/policy/no-actions.ts';
import type { JsonObject } from '../../../lib/domain/shared/json.ts';
import { ok } from '../../../lib/domain/shared/result.ts';
import { epochMs, minutes, type EpochMs } from '../../../lib/domain/shared/time.ts';
import { tenant } from '../domain/samples.ts';
import { namespace } from './objects.ts';

export const startMs = epochMs(Date.parse('2026-11-21T10:00:00Z'));

export const workloadPlace = (workload: WorkloadKind, name = 'checkout'): TargetPlace => ({
  kind: 'workload',
  cluster: 'main',
  namespace,
  workload,
  name,
});

export const target = (on: TargetPlace, more: Partial<TargetPolicy> = {}): TargetPolicy => ({
  id: 'checkout',
  service: 'checkout',
  team: 'payments',
  on,
  checks: [],
  approvers: [],
  replicas: { min: 1, max: 30 },
  git: null,
  ...more,
});

export interface Wanted {
  readonly verb: ActionVerb;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly healthyVersions?: readonly string[];
  readonly target?: TargetPolicy;
  readonly otherTargets?: readonly TargetPolicy[];
  readonly namespaces?: readonly string[];
}

export interface World {
  readonly cluster: MemoryCluster;
  readonly actuator: Actuator;
  readonly advance: (ms: number) => void;
  readonly now: () => EpochMs;
  readonly plan: (wanted: Wanted) => ReturnType<Actuator['plan']>;
  /** The plan, or an error that shows why there is none. */
  readonly mustPlan: (wanted: Wanted) => Promise<Plan & PlanDraft>;
}

/** A cluster in memory with these objects, and our actuator on it. */
export function createWorld(objects: readonly JsonObject[]): World {
  let nowMs = startMs;
  const clock = { now: () => nowMs };
  const cluster = createMemoryCluster({ clock });
  for (const object of objects) cluster.put(object);
  const clusters = { open: () => Promise.resolve(ok(cluster)) };
  const actuator = createKubernetesActuator({ clusters, hashing: systemHashing, clock });
  const plan = (wanted: Wanted): ReturnType<Actuator['plan']> =>
    actuator.plan(planningOf(wanted, nowMs));
  return {
    cluster,
    actuator,
    plan,
    now: () => nowMs,
    advance(ms) {
      nowMs = epochMs(nowMs + ms);
    },
    async mustPlan(wanted) {
      const drafted = await plan(wanted);
      if (!drafted.ok) throw new Error(drafted.error.message);
      return wholePlan(drafted.value, nowMs);
    },
  };
}

function planningOf(wanted: Wanted, nowMs: EpochMs): Planning {
  const on = wanted.target ?? target(workloadPlace('Deployment'));
  const cluster = {
    id: 'main',
    name: 'Main',
    access: { kind: 'kubeconfig' },
    namespaces: wanted.namespaces ?? [namespace],
  } as const;
  const actions = {
    ...noActions,
    clusters: [cluster],
    targets: [on, ...(wanted.otherTargets ?? [])],
  };
  return {
    tenant: { ...tenant, actions },
    target: on,
    request: {
      verb: wanted.verb,
      targetId: on.id,
      parameters: wanted.parameters ?? {},
      reason: 'a test',
    },
    incidentId: 'INC-1',
    actionId: 'a0123',
    healthyVersions: wanted.healthyVersions ?? [],
    nowMs,
  };
}

const wholePlan = (draft: PlanDraft, nowMs: EpochMs): Plan & PlanDraft => ({
  ...draft,
  tenant: tenant.id,
  incidentId: 'INC-1',
  actionId: 'a0123',
  authors: [],
  verification: {
    convergeWithinMs: minutes(10),
    soakMs: minutes(2),
    samples: 5,
    validateWithinMs: minutes(10),
    checks: [],
  },
  plannedAtMs: nowMs,
});

export function stepAt(plan: Plan, index: number): PlanStep {
  const step = plan.steps[index];
  if (step === undefined) throw new Error(`The plan has no step ${index}.`);
  return step;
}

/** Sends all steps of a plan. */
export async function carryOut({ actuator }: World, plan: Plan): Promise<void> {
  for (const step of plan.steps) {
    const sent = await actuator.send(plan, step);
    if (!sent.ok) throw new Error(sent.error.message);
  }
}

/** What a look at a step of a plan tells. */
export async function mustLook({ actuator }: World, plan: Plan, index = 0) {
  const seen = await actuator.look(plan, stepAt(plan, index));
  if (!seen.ok) throw new Error(seen.error.message);
  return seen.value;
}

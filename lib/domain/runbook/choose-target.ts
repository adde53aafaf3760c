import type { ActionVerb } from '../action/verb.ts';
import type { RunbookPolicy, TargetPolicy } from '../policy/action-policy.ts';

/**
 * The target that a runbook's action is meant for: the one that it names, or the first of the
 * services, in their order, that can do what it proposes. Null when there is none.
 */
export function chooseTarget(
  action: NonNullable<RunbookPolicy['action']>,
  services: readonly string[],
  targets: readonly TargetPolicy[],
): TargetPolicy | null {
  if (action.target !== null) return targets.find(({ id }) => id === action.target) ?? null;
  for (const service of services) {
    const own = targets.filter((target) => target.service === service);
    const able = own.find((target) => canDo(target, action.verb));
    if (able !== undefined) return able;
  }
  return null;
}

/** Whether a target is of a kind that knows the verb. Whether it can now is for its planner. */
export function canDo({ on, git }: TargetPolicy, verb: ActionVerb): boolean {
  switch (verb) {
    case 'rollback':
      return on.kind === 'workload' || on.kind === 'argocd';
    case 'scale':
      return on.kind === 'workload' && on.workload !== 'DaemonSet';
    case 'restart':
      return on.kind === 'workload';
    case 'pause':
    case 'resume':
      return on.kind === 'workload' && (on.workload === 'Deployment' || on.workload === 'Rollout');
    case 'abort':
    case 'retry':
    case 'promote':
      return on.kind === 'workload' && on.workload === 'Rollout';
    case 'switch':
      return on.kind === 'service';
    case 'shift':
      return on.kind === 'http-route';
    case 'revert':
      return git !== null;
  }
}

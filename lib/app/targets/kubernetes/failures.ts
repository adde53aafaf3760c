import type { PlanRefusal } from '../../../domain/action/plan.ts';
import { refusePlan } from '../../../domain/kubernetes/refuse.ts';
import { err } from '../../../domain/shared/result.ts';
import type { ClusterFailure } from '../../../ports/cluster.ts';
import type { PortFailure } from '../../../ports/failure.ts';
import type { SendFailure } from '../actuator.ts';

export interface NotPlanned {
  readonly ok: false;
  readonly error: PlanRefusal | PortFailure;
}

/** A read, or a rehearsal, that the cluster did not allow is a refusal; all else may pass. */
export function notPlanned(failure: ClusterFailure): NotPlanned {
  if (failure.status !== 401 && failure.status !== 403) return err(failure);
  return refusePlan(
    'forbidden',
    `${failure.message} Give Tocsin the right there (deploy/kubernetes/ has it), or correct its ` +
      'credential in the targets secret.',
  );
}

/**
 * A call without a known outcome is lost: it may have happened all the same. The API server says
 * of its own timeouts that the request may still be running.
 */
export function sendFailure({
  status: _status,
  reason: _reason,
  ...failure
}: ClusterFailure): SendFailure {
  return { ...failure, isLost: failure.kind === 'timeout' || failure.kind === 'unavailable' };
}

import type { Severity, TenantPolicy } from '../policy/policy.ts';
import type { DurationMs } from '../shared/time.ts';

type BySeverity = Readonly<Record<Severity, DurationMs | null>>;

/**
 * What people owe an incident, as copied from the policy when it opened: later policies do not
 * move it. Null: nothing is owed.
 */
export interface Duties {
  /** An update for stakeholders is due so often until the incident is resolved. */
  readonly updateEveryMs: BySeverity;
  /** The post-mortem is due so long after the resolve. */
  readonly postmortemWithinMs: BySeverity;
  /** An incident that stayed resolved for so long is closed. */
  readonly closeAfterMs: BySeverity;
  /** An acknowledgement without any act of a person for so long pages again. */
  readonly ackIdleMs: BySeverity;
}

const never: BySeverity = { P0: null, P1: null, P2: null };

/** Of incidents that opened before there were duties. */
export const noDuties: Duties = {
  updateEveryMs: never,
  postmortemWithinMs: never,
  closeAfterMs: never,
  ackIdleMs: never,
};

/** What the policy asks. Nobody outside waits for word on an incident about Tocsin itself. */
export function dutiesOf(
  { communication, paging }: TenantPolicy,
  { isOperator }: { readonly isOperator: boolean },
): Duties {
  const { updateEveryMs, postmortemWithinMs, closeAfterMs } = communication;
  return {
    updateEveryMs: isOperator ? never : updateEveryMs,
    postmortemWithinMs: isOperator ? never : postmortemWithinMs,
    closeAfterMs,
    ackIdleMs: paging.ackIdleMs,
  };
}

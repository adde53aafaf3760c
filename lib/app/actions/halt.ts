import type { Halt } from '../../domain/action/rows.ts';
import { describePrincipal, type Principal } from '../../domain/incident/principal.ts';
import { err, ok, type Result } from '../../domain/shared/result.ts';
import type { PortFailure } from '../../ports/failure.ts';
import { isWorthDecidingAgain, maxAttempts, pause } from '../attempts.ts';
import type { ActionDeps } from './deps.ts';

/** Somebody stops every action of a tenant, or lets them go on. */
export interface HaltRequest {
  readonly tenant: string;
  readonly by: Principal;
  readonly reason: string;
}

/**
 * Stops everything: no action starts and no further call is made until `resumeActions`. A call
 * that is on its way runs to its end, and its target is still read. Repeating it changes nothing.
 */
export const haltActions = (
  deps: ActionDeps,
  request: HaltRequest,
): Promise<Result<Halt, PortFailure>> => throwSwitch(deps, request, true);

/** Lets actions start again. Those that waited and have not expired start by themselves. */
export const resumeActions = (
  deps: ActionDeps,
  request: HaltRequest,
): Promise<Result<Halt, PortFailure>> => throwSwitch(deps, request, false);

async function throwSwitch(
  deps: ActionDeps,
  request: HaltRequest,
  isOn: boolean,
): Promise<Result<Halt, PortFailure>> {
  let last: PortFailure = { kind: 'conflict', message: 'The kill switch was never free.' };
  for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
    if (attempt > 0) await pause(deps, attempt);
    const thrown = await throwOnce(deps, request, isOn);
    if (thrown.ok) return thrown;
    last = thrown.error;
    if (!isWorthDecidingAgain(last)) break;
  }
  return err(last);
}

async function throwOnce(
  { actionRows, clock, log, policy }: ActionDeps,
  { tenant, by, reason }: HaltRequest,
  isOn: boolean,
): Promise<Result<Halt, PortFailure>> {
  const held = await actionRows.loadHalt(tenant);
  if (!held.ok || held.value.isOn === isOn) return held;
  const halt: Halt = {
    tenant,
    version: held.value.version + 1,
    isOn,
    by: describePrincipal(by),
    reason,
    atMs: clock.now(),
  };
  const saved = await actionRows.saveHalt(halt);
  if (!saved.ok) return saved;
  log.warn(isOn ? 'All actions of a tenant are halted.' : 'Actions of a tenant may go on.', {
    tenant,
    by: halt.by,
    reason,
    policyVersion: policy.version,
  });
  return ok(halt);
}

/** The kill switch; null, with a line in the log, where it cannot be read, which stops as well. */
export async function readHalt(
  { actionRows, log }: ActionDeps,
  tenant: string,
): Promise<Halt | null> {
  const halt = await actionRows.loadHalt(tenant);
  if (halt.ok) return halt.value;
  log.error('The kill switch cannot be read: no action goes on.', { tenant, why: halt.error });
  return null;
}

import { err, ok, type Result } from '../shared/result.ts';
import type { Action } from './action.ts';
import type { ActionCommand, ActionDenial, FurtherCommand } from './command.ts';
import { approve, cancel, denyAction, wake } from './decide-approval.ts';
import { beginAction, planFailed, planned } from './decide-plan.ts';
import { send, start, wait } from './decide-start.ts';
import { answered, giveUp, lookFailed, looked, lost, rejected } from './decide-step.ts';
import { compare, sampled } from './decide-verdict.ts';
import { ActionDeciding, deny, type ActionContext } from './deciding.ts';
import type { ActionEvent } from './event.ts';
import { isToBeRenewed, leaseEnd } from './lease.ts';

export type { ActionContext } from './deciding.ts';

/**
 * What a decision changes: the action with a version one higher, to be written on the version
 * before, and what its incident's log tells of it, which may be nothing (a look that only says
 * when to look again).
 */
export interface DecidedAction {
  readonly action: Action;
  readonly events: readonly ActionEvent[];
}

/**
 * Decides what a command does to an action; null where there is none yet. Total and pure: it reads
 * no clock and nothing that was not handed in. A denial changes nothing. Every open action has a
 * `nextAtMs`, when somebody must look at it again.
 */
export function decideAction(
  action: Action | null,
  command: ActionCommand,
  context: ActionContext,
): Result<DecidedAction, ActionDenial> {
  if (command.kind === 'request') {
    if (action !== null) return err(deny('already', `It was asked for already: ${action.id}.`));
    const begun = beginAction(command, context);
    return begun instanceof ActionDeciding ? ok(decided(begun)) : err(begun);
  }
  if (action === null) return err(deny('stale', 'There is no such action; ask for one.'));
  const deciding = new ActionDeciding(action, context);
  const denial = handle(deciding, command);
  return denial === null ? ok(decided(deciding)) : err(denial);
}

function decided(deciding: ActionDeciding): DecidedAction {
  renew(deciding);
  const { action, events } = deciding;
  return { action: { ...action, version: action.version + 1 }, events };
}

/** Whoever works on it keeps its leases, too. */
function renew(deciding: ActionDeciding): void {
  const { leaseUntilMs } = deciding.action;
  if (leaseUntilMs === null || !isToBeRenewed(leaseUntilMs, deciding.nowMs)) return;
  deciding.change({ leaseUntilMs: leaseEnd(deciding.nowMs) });
}

type Handlers = {
  readonly [Kind in FurtherCommand['kind']]: (
    deciding: ActionDeciding,
    command: Extract<FurtherCommand, { readonly kind: Kind }>,
  ) => ActionDenial | null;
};

const handlers: Handlers = {
  planned,
  'plan-failed': planFailed,
  approve,
  deny: denyAction,
  cancel,
  wake,
  start,
  wait,
  send,
  answered,
  lost,
  rejected,
  looked,
  'look-failed': lookFailed,
  sampled,
  'give-up': giveUp,
  compare,
};

function handle(deciding: ActionDeciding, command: FurtherCommand): ActionDenial | null {
  // The table has an entry for every kind; the compiler cannot tie the entry to this command.
  const handler = handlers[command.kind] as (
    deciding: ActionDeciding,
    command: FurtherCommand,
  ) => ActionDenial | null;
  return handler(deciding, command);
}

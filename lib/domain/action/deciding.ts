import { engine, type Principal } from '../incident/principal.ts';
import type { GuardrailPolicy, TargetPolicy } from '../policy/action-policy.ts';
import type { TenantPolicy } from '../policy/policy.ts';
import {
  after,
  durationMs,
  minutes,
  seconds,
  type DurationMs,
  type EpochMs,
} from '../shared/time.ts';
import { invariant } from '../shared/invariant.ts';
import type { Action, EndedActionState } from './action.ts';
import type { ActionDenial } from './command.ts';
import type { ActionEvent } from './event.ts';
import type { Plan, PlanStep } from './plan.ts';

/** What a decision may look at besides the action and the command. */
export interface ActionContext {
  readonly policy: TenantPolicy;
  readonly nowMs: EpochMs;
}

/** A call that was not answered by then never will be: its own deadline is 40 s. */
export const callOverMs = seconds(45);

/** An action that waits for something looks again so often. */
export const waitMs = seconds(10);

/** After its own deadline an action is still read for so long, then a person must. */
export const graceMs = minutes(10);

/** How an action ends. */
export interface Ending {
  readonly state: EndedActionState;
  readonly outcome: string;
  readonly by?: Principal;
  /** Whether the target was changed, or may have been. */
  readonly wasApplied?: boolean;
}

/** A decision in the making: the events so far, and the action as it stands after them. */
export class ActionDeciding {
  readonly events: ActionEvent[] = [];
  readonly context: ActionContext;
  #action: Action;

  constructor(action: Action, context: ActionContext) {
    this.#action = action;
    this.context = context;
  }

  get action(): Action {
    return this.#action;
  }

  get nowMs(): EpochMs {
    return this.context.nowMs;
  }

  get guardrails(): GuardrailPolicy {
    return this.context.policy.actions.guardrails;
  }

  /** The plan of an action that has one: every one that is proposed or further. */
  get plan(): Plan {
    const { plan } = this.#action;
    invariant(plan !== null, 'an action that is proposed has a plan');
    return plan;
  }

  /** The step that is next or under way; the last once all are done. */
  get step(): PlanStep {
    const step = this.plan.steps[this.#action.step];
    invariant(step !== undefined, 'an action points at a step of its plan');
    return step;
  }

  get target(): TargetPolicy | null {
    return targetOf(this.context.policy, this.#action.request.targetId);
  }

  change(patch: Partial<Action>): void {
    this.#action = { ...this.#action, ...patch };
  }

  record(event: ActionEvent, patch: Partial<Action> = {}): void {
    this.events.push(event);
    this.change(patch);
  }

  /** Ends it. Its leases are free with it. */
  end({ state, outcome, by = engine, wasApplied = false }: Ending): void {
    const followUps = wasApplied ? (this.#action.plan?.followUps ?? []) : [];
    const actionId = this.#action.id;
    this.record(
      { type: 'action.ended', actionId, state, outcome, by, wasApplied, followUps },
      {
        state,
        outcome,
        endedAtMs: this.nowMs,
        nextAtMs: null,
        leaseUntilMs: null,
        waitingFor: '',
      },
    );
  }

  /** Looks again after a while, and tells why, once for each reason. */
  wait(reason: string, afterMs: DurationMs = waitMs): void {
    this.change({ nextAtMs: after(this.nowMs, afterMs) });
    if (this.#action.waitingFor === reason) return;
    const actionId = this.#action.id;
    this.record({ type: 'action.waiting', actionId, reason }, { waitingFor: reason });
  }

  /** One more failure: looks again, the later the more there were. */
  backOff(): void {
    const { failures } = this.#action;
    this.change({ failures: failures + 1, nextAtMs: after(this.nowMs, pauseAfter(failures)) });
  }
}

export const targetOf = ({ actions }: TenantPolicy, targetId: string): TargetPolicy | null =>
  actions.targets.find(({ id }) => id === targetId) ?? null;

/** Doubling from 2 s to 30 s. */
const pauseAfter = (failures: number): DurationMs =>
  durationMs(Math.min(seconds(30), seconds(2) * 2 ** Math.min(failures, 5)));

/** A text with a full stop where it has none. */
export const asSentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);

export const deny = (kind: ActionDenial['kind'], message: string): ActionDenial => ({
  kind,
  message,
});

/** The action is not where the command belongs. */
export const movedOn = ({ id, state, outcome }: Action): ActionDenial =>
  deny('stale', `Action ${id} is ${state} by now${outcome === '' ? '.' : `: ${outcome}`}`);

import type { Observation } from '../../lib/domain/action/observation.ts';
import type { Facts, Plan, PlanDraft, PlanRefusal } from '../../lib/domain/action/plan.ts';
import type { TargetPolicy } from '../../lib/domain/policy/action-policy.ts';
import { err, ok, type Result } from '../../lib/domain/shared/result.ts';
import type { EpochMs } from '../../lib/domain/shared/time.ts';
import type { Actuator, Planning, SendFailure } from '../../lib/app/targets/actuator.ts';
import type { PortFailure } from '../../lib/ports/failure.ts';
import type { Measured, Signals, AlertAtSource } from '../../lib/ports/signals.ts';
import type { Clock } from '../../lib/ports/system.ts';

/** A function that dies in the midst of a call. */
export class Killed extends Error {
  override readonly name = 'Killed';
}

/** What one target runs. */
interface FakeTarget {
  readonly version: string;
  readonly generation: number;
  readonly mark: string | null;
  readonly changedAtMs: EpochMs;
}

/** One state-changing call that was carried out, in the order in which they were. */
export interface Mutation {
  readonly targetId: string;
  readonly mark: string;
  readonly from: string;
  readonly to: string;
  readonly atMs: EpochMs;
}

/** What becomes of the next such call: an answer, a kill, or both sides of a lost answer. */
export type TargetFault =
  | { readonly call: 'plan'; readonly failure: PlanRefusal | PortFailure }
  | { readonly call: 'look'; readonly failure: PortFailure }
  | { readonly call: 'send'; readonly failure: SendFailure; readonly isApplied: boolean }
  | { readonly call: 'plan' | 'look' | 'send'; readonly killed: 'before' | 'after' };

/**
 * A platform of its own: each target runs a version, which is healthy or not; a call carries the
 * state that it expects and is refused where that is gone, as the real ones are.
 */
export class FakeTargets {
  readonly mutations: Mutation[] = [];
  readonly faults: TargetFault[] = [];
  /** Every call, by name. */
  readonly calls: string[] = [];
  /** What reading a target gives instead of what it runs: a lying API. */
  readonly sees = new Map<string, Facts>();
  /** Nothing can be read of any target while this is set. */
  isUnreadable: PortFailure | null = null;
  /** How many steps a plan has. */
  steps = 1;
  risk: Plan['risk'] = 'wide';
  convergence: Observation['convergence'] = { kind: 'converged', says: '3 of 3 pods are new' };
  alertAtSource: AlertAtSource = 'resolved';
  measured: Measured = { kind: 'value', value: 0 };
  /** Called before each call is made: for what happens meanwhile. */
  beforeCall: (call: string) => Promise<void> = () => Promise.resolve();
  readonly #targets = new Map<string, FakeTarget>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  readonly actuator: Actuator = {
    plan: (planning) => this.#call('plan', () => this.#plan(planning)),
    send: (plan, step) => this.#call('send', () => this.#send(plan, Number(step.id.slice(1)))),
    look: (plan) => this.#call<Observation, PortFailure>('look', () => this.#look(plan)),
  };

  readonly signals: Signals = {
    measure: () => Promise.resolve(ok(this.measured)),
    alertAtSource: () => Promise.resolve(ok(this.alertAtSource)),
  };

  /** Somebody else changes what runs. */
  deploy(targetId: string, version: string): void {
    const { generation, mark } = this.of(targetId);
    const changedAtMs = this.#clock.now();
    this.#targets.set(targetId, { version, generation: generation + 1, mark, changedAtMs });
  }

  of(targetId: string): FakeTarget {
    const fresh = { version: 'v2', generation: 7, mark: null, changedAtMs: this.#clock.now() };
    return this.#targets.get(targetId) ?? fresh;
  }

  async #call<Value, Failure>(
    call: 'plan' | 'look' | 'send',
    work: () => Result<Value, Failure>,
  ): Promise<Result<Value, Failure>> {
    this.calls.push(call);
    await this.beforeCall(call);
    const fault = this.#takeFault(call);
    // What cannot be read can be neither planned nor looked at: both calls may fail so.
    if (call !== 'send' && this.isUnreadable !== null) return err(this.isUnreadable as Failure);
    return fault === undefined ? work() : failed(fault, work);
  }

  #takeFault(call: string): TargetFault | undefined {
    const index = this.faults.findIndex((planned) => planned.call === call);
    return index < 0 ? undefined : this.faults.splice(index, 1)[0];
  }

  #plan({ target, request }: Planning): Result<PlanDraft, PlanRefusal | PortFailure> {
    return ok(
      draftOf(target, request.verb, { ...this.of(target.id), steps: this.steps, risk: this.risk }),
    );
  }

  #send(plan: Plan, step: number): Result<void, SendFailure> {
    const { id } = plan.target;
    const before = this.of(id);
    const planned = plan.steps[step - 1];
    if (
      before.version !== planned?.from['version'] ||
      before.generation !== planned.from['generation']
    ) {
      const message = `the object has been modified: it runs ${before.version}`;
      return err({ kind: 'conflict', message, isLost: false });
    }
    const to = String(planned.to['version']);
    const mark = `${plan.actionId}.${planned.id}`;
    const atMs = this.#clock.now();
    this.mutations.push({ targetId: id, mark, from: before.version, to, atMs });
    this.#targets.set(id, {
      version: to,
      generation: before.generation + 1,
      mark,
      changedAtMs: atMs,
    });
    return ok(undefined);
  }

  #look({ target }: Plan): Result<Observation, PortFailure> {
    const { version, generation, mark } = this.of(target.id);
    const facts = this.sees.get(target.id) ?? { version, generation };
    return ok({ atMs: this.#clock.now(), facts, mark, convergence: this.convergence });
  }
}

function failed<Value, Failure>(
  fault: TargetFault,
  work: () => Result<Value, Failure>,
): Result<Value, Failure> {
  if ('killed' in fault) {
    if (fault.killed === 'after') work();
    throw new Killed(`killed ${fault.killed} ${fault.call}`);
  }
  if ('isApplied' in fault && fault.isApplied) work();
  // The fault was planned for this call: its failure is one of those that the call can have.
  return err(fault.failure as Failure);
}

/** Versions that a plan of so many steps leads through, from what runs now to `v1`. */
function draftOf(
  target: TargetPolicy,
  verb: Plan['verb'],
  now: { version: string; generation: number; steps: number; risk: Plan['risk'] },
): PlanDraft {
  const via = Array.from({ length: now.steps - 1 }, (_, index) => `half-${index + 1}`);
  const versions = [now.version, ...via, 'v1'];
  return {
    verb,
    target: {
      id: target.id,
      platform: 'kubernetes',
      place: 'main',
      namespace: 'shop',
      kind: 'Deployment',
      name: target.id,
      uid: `uid-of-${target.id}`,
      service: target.service,
      team: target.team,
    },
    // The lock on the object itself is added by whoever asks for the plan.
    locks: [`kubernetes/main/shop/HorizontalPodAutoscaler/${target.id}`],
    title: `Roll back Deployment shop/${target.id} to v1`,
    basis: 'v1 was healthy for two days.',
    changes: [{ what: 'image', from: now.version, to: 'v1' }],
    steps: versions.slice(1).map((version, index) => ({
      id: `s${index + 1}`,
      says: `Set the image of ${target.id} to ${version}`,
      call: {
        kind: 'kube-patch',
        ref: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: target.id },
        subresource: null,
        type: 'json',
        body: [],
      },
      from: { version: versions[index] ?? '', generation: now.generation + index },
      to: { version },
    })),
    undo: 'Roll forward to v2.',
    risks: [],
    risk: now.risk,
    owner: { kind: 'nobody', name: '', says: '' },
    dryRun: { kind: 'passed', says: 'The API server would take it.' },
    followUps: [],
    before: { image: now.version },
    convergeWithinMs: null,
    versions: { from: [now.version], to: ['v1'] },
  };
}

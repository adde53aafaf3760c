import fc from 'fast-check';
import type { Action, ActionState, Origin } from '../../../lib/domain/action/action.ts';
import { planHashOf } from '../../../lib/domain/action/action-id.ts';
import type { ActionCommand } from '../../../lib/domain/action/command.ts';
import { decideAction, type DecidedAction } from '../../../lib/domain/action/decide-action.ts';
import { leaseWrites } from '../../../lib/domain/action/lease.ts';
import type { Observation, Signal } from '../../../lib/domain/action/observation.ts';
import type { Plan } from '../../../lib/domain/action/plan.ts';
import { startWrites } from '../../../lib/domain/action/recent-starts.ts';
import type { Halt, Lease, RecentStarts } from '../../../lib/domain/action/rows.ts';
import { freeLease, neverHalted, noStarts } from '../../../lib/domain/action/unwritten.ts';
import { after, seconds, type EpochMs } from '../../../lib/domain/shared/time.ts';
import {
  ann,
  ben,
  byAnn,
  byRunbook,
  cem,
  dot,
  eve,
  lock,
  plan,
  policyOf,
  principal,
  request,
  second,
  step,
  view,
} from '../../unit/domain/action-samples.ts';
import { at, digest } from '../../unit/domain/samples.ts';

/** One thing that happens to one of two actions on the same target. */
export interface Move {
  readonly kind: ActionCommand['kind'] | 'resolve' | 'halt' | 'go-on';
  /** Which of the two actions. */
  readonly which: 0 | 1;
  readonly afterMs: number;
  /** Chooses among people, observations and signals. */
  readonly choice: number;
}

const likely: readonly Move['kind'][] = [
  'request',
  'planned',
  'approve',
  'approve',
  'start',
  'answered',
  'looked',
  'sampled',
  'sampled',
  'sampled',
  'go-on',
  'go-on',
  'go-on',
  'go-on',
];
const rare: readonly Move['kind'][] = [
  'plan-failed',
  'deny',
  'cancel',
  'wake',
  'wait',
  'send',
  'lost',
  'rejected',
  'look-failed',
  'give-up',
  'compare',
  'resolve',
  'halt',
];

/** Long enough for an action from its request to a verdict, and for what goes wrong. */
export const moves: fc.Arbitrary<readonly Move[]> = fc.array(
  fc.record({
    kind: fc.oneof(
      { weight: 12, arbitrary: fc.constantFrom(...likely) },
      { weight: 1, arbitrary: fc.constantFrom(...rare) },
    ),
    which: fc.constantFrom<0 | 1>(0, 0, 0, 1),
    afterMs: fc.oneof(
      { weight: 20, arbitrary: fc.integer({ min: 0, max: 15_000 }) },
      { weight: 3, arbitrary: fc.integer({ min: 15_000, max: 50_000 }) },
      { weight: 1, arbitrary: fc.integer({ min: 50_000, max: 1_500_000 }) },
    ),
    choice: fc.nat(1_000),
  }),
  { minLength: 10, maxLength: 90, size: 'max' },
);

/** What happened, for the oracle. */
export interface Chapter {
  readonly nowMs: EpochMs;
  readonly command: ActionCommand;
  readonly before: Action | null;
  /** Null: denied. */
  readonly decided: DecidedAction | null;
  /** Both actions after it. */
  readonly actions: readonly (Action | null)[];
  readonly isResolved: boolean;
  readonly isHalted: boolean;
}

const people = [ben, cem, ann, dot, eve];
const soak = { soakMs: seconds(30), samples: 3 };
export const policy = policyOf({ guardrails: { perTarget: 3 } });

/** Plays the moves as the engine would: rows are written as the decisions say. */
export function play(all: readonly Move[]): readonly Chapter[] {
  const world = new World();
  return all.map((move) => world.play(move));
}

class World {
  readonly actions: [Action | null, Action | null] = [null, null];
  nowMs: EpochMs = at(0);
  lease: Lease = freeLease('acme', lock);
  starts: RecentStarts = noStarts('acme');
  halt: Halt = neverHalted('acme');
  isResolved = false;

  play(move: Move): Chapter {
    this.nowMs = after(this.nowMs, seconds(move.afterMs / 1000));
    if (move.kind === 'resolve' && move.choice % 3 === 0) this.isResolved = true;
    if (move.kind === 'halt') this.halt = { ...this.halt, isOn: !this.halt.isOn };
    const before = this.actions[move.which];
    const command = this.commandOf(move, before);
    const result = decideAction(before, command, { policy, nowMs: this.nowMs });
    const decided = result.ok ? this.write(move.which, before, result.value) : null;
    return {
      nowMs: this.nowMs,
      command,
      before,
      decided,
      actions: [...this.actions],
      isResolved: this.isResolved,
      isHalted: this.halt.isOn,
    };
  }

  /** Null: the lease was lost, and nothing is written. */
  write(which: 0 | 1, before: Action | null, decided: DecidedAction): DecidedAction | null {
    const { action } = decided;
    const leases = before === null ? [] : leaseWrites(before, action, [this.lease]);
    if (leases === null) return null;
    const of = {
      starts: this.starts,
      guardrails: policy.actions.guardrails,
      nowMs: this.nowMs,
    };
    this.starts = (before === null ? null : startWrites(before, action, of)) ?? this.starts;
    this.lease = leases[0] ?? this.lease;
    this.actions[which] = action;
    return decided;
  }

  commandOf(move: Move, action: Action | null): ActionCommand {
    const { kind, which, choice } = move;
    if (kind === 'go-on' || kind === 'resolve' || kind === 'halt') {
      return action === null
        ? this.commands({ which, choice, action }).request()
        : this.goOn(action, move);
    }
    return this.commands({ which, choice, action })[kind]();
  }

  /** Of each kind the command that the choice makes of it. */
  commands({
    which,
    choice,
    action,
  }: Choice): Readonly<Record<ActionCommand['kind'], () => ActionCommand>> {
    const incident = view({ isResolved: this.isResolved });
    const person = pick(people, choice);
    const by = principal(person);
    const { starts } = this;
    return {
      request: () => ({
        kind: 'request',
        tenant: 'acme',
        incidentId: 'i',
        actionId: `a${which}`,
        request: choice % 5 === 0 ? { ...request, verb: 'pause' } : request,
        origin: originOf(choice),
        incident,
      }),
      planned: () => {
        const made = planOf(which, choice);
        const planHash = planHashOf(digest, made);
        return { kind: 'planned', plan: made, planHash, standing: null, starts, incident };
      },
      'plan-failed': () => ({ kind: 'plan-failed', message: 'no', isFinal: choice % 2 === 0 }),
      approve: () => {
        const planHash = choice % 17 === 0 ? 'f'.repeat(64) : (action?.planHash ?? '');
        return { kind: 'approve', person, by, planHash, incident };
      },
      deny: () => ({ kind: 'deny', person, by, reason: 'no' }),
      cancel: () => ({ kind: 'cancel', by, reason: 'It is not wanted.' }),
      wake: () => ({ kind: 'wake' }),
      answered: () => ({ kind: 'answered' }),
      start: () => ({
        kind: 'start',
        incident,
        halt: choice % 23 === 0 ? null : this.halt,
        leases: [this.lease],
        starts,
        standing: null,
        observation: this.seen(action, choice % 13 === 0 ? 'changed' : 'before'),
      }),
      wait: () => ({ kind: 'wait', reason: `reason ${choice % 3}` }),
      send: () => ({ kind: 'send', halt: choice % 11 === 0 ? null : this.halt }),
      lost: () => ({ kind: 'lost', why: 'timeout' }),
      rejected: () => ({
        kind: 'rejected',
        message: 'forbidden',
        isTransient: choice % 2 === 0,
        observation: choice % 3 === 0 ? null : this.seen(action, 'before'),
      }),
      looked: () => ({ kind: 'looked', observation: this.seen(action, pick(looks, choice)) }),
      'look-failed': () => ({ kind: 'look-failed', message: 'no answer' }),
      sampled: () => ({
        kind: 'sampled',
        observation: choice % 29 === 0 ? null : this.seen(action, 'after'),
        alert: pick(signals, choice),
        metric: pick(signals, Math.floor(choice / 50)),
      }),
      'give-up': () => ({ kind: 'give-up', reason: 'the lease was lost' }),
      compare: () => ({ kind: 'compare', comparison: { kind: 'same', says: 'Ben did it.' } }),
    };
  }

  /** What the engine would do next. */
  goOn(action: Action, { which, choice }: Move): ActionCommand {
    const commands = this.commands({ which, choice, action });
    if (action.state !== 'executing') return commands[nextCommands[action.state]]();
    if (action.sentAtMs === null) return commands.send();
    return choice % 4 === 0 ? commands.lost() : commands.answered();
  }

  seen(action: Action | null, which: (typeof looks)[number]): Observation {
    const actionId = action?.id ?? '';
    const current = action?.plan?.steps[action.step] ?? step();
    const facts = { before: current.from, after: current.to, changed: { odd: 1 } }[which];
    return {
      atMs: this.nowMs,
      facts,
      mark: which === 'after' ? `${actionId}.${current.id}` : null,
      convergence: { kind: 'converged', says: 'ready' },
    };
  }
}

interface Choice extends Pick<Move, 'which' | 'choice'> {
  readonly action: Action | null;
}

/** What comes next in each state; an action that ended can only be woken, in vain. */
const nextCommands: Readonly<Record<ActionState, ActionCommand['kind']>> = {
  planning: 'planned',
  proposed: 'approve',
  approved: 'start',
  executing: 'send',
  uncertain: 'looked',
  observing: 'looked',
  validating: 'sampled',
  shadow: 'wake',
  done: 'wake',
  verified: 'wake',
  failed: 'wake',
  unverified: 'wake',
  refused: 'wake',
  denied: 'wake',
  expired: 'wake',
  cancelled: 'wake',
};

function pick<Value>(values: readonly Value[], choice: number): Value {
  const value = values[choice % values.length];
  if (value === undefined) throw new Error('There is something to choose from.');
  return value;
}

const originOf = (choice: number): Origin => {
  if (choice % 4 === 0) return byRunbook();
  return choice % 9 === 0 ? byRunbook('shadow') : byAnn;
};

const planOf = (which: number, choice: number): Plan =>
  plan({
    actionId: `a${which}`,
    steps: choice % 3 === 0 ? [step(), second] : [step()],
    authors: choice % 5 === 0 ? null : ['dot-codes'],
    risk: choice % 7 === 0 ? 'irreversible' : 'wide',
    verification: { ...plan().verification, ...soak },
  });

const looks = ['after', 'after', 'after', 'after', 'before', 'changed'] as const;

const good: Signal = { kind: 'good', says: '' };
const signals: readonly Signal[] = [
  ...Array.from({ length: 30 }, () => good),
  { kind: 'bad', says: '' },
  { kind: 'unknown', says: '' },
];

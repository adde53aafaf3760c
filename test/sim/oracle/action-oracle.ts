import { createHash } from 'node:crypto';
import type { Action } from '../../../lib/domain/action/action.ts';
import type { ActionEvent } from '../../../lib/domain/action/event.ts';
import type { Commit, IncidentEvent } from '../../../lib/domain/incident/event.ts';
import type { ActionPolicy } from '../../../lib/domain/policy/action-policy.ts';
import { noActions } from '../../../lib/domain/policy/no-actions.ts';
import type { Transaction } from '../../../lib/ports/store.ts';
import { transitions } from '../../property/domain/action-transitions.ts';
import { clusterId, humanOf, namespace } from '../engine/action-policy.ts';
import { tenantId } from '../engine/policy.ts';
import type { ActionBook, ActionOracleSetting } from './action-book.ts';
import { isOver, isRunning, newNotes, type ActionNotes, type Click } from './action-notes.ts';
import { peopleNeeded, peopleWhoCount, type AuthorityScene } from './authority.ts';
import { EndRules } from './end-rules.ts';
import { MutationRules } from './mutation-rules.ts';
import { sorted } from './notebook.ts';
import { SignalLedger } from './signal-ledger.ts';
import { StartRules } from './start-rules.ts';

/** After its own deadlines an action gets this long, and workers that come late with it. */
const graceMs = 15 * 60_000;
const minuteMs = 60_000;

const isOfAction = (event: IncidentEvent): event is ActionEvent => event.type.startsWith('action.');

/**
 * Judges actions by what the cluster has seen, by who has clicked what, and by the order in which
 * the log tells it. Nothing of the engine's own rules is used.
 */
export class ActionOracle implements ActionBook {
  readonly actions = new Map<string, ActionNotes>();
  readonly clicks: Click[] = [];
  readonly signals: SignalLedger;
  readonly setting: ActionOracleSetting;
  /** Told of each change of ours. */
  onChange: (name: string) => void = () => undefined;
  readonly mutations: MutationRules;
  readonly #ends: EndRules;
  readonly #starts: StartRules;
  readonly #revoked = new Map<string, number>();
  /** Rules whose action has failed. */
  readonly demoted = new Set<string>();

  constructor(setting: ActionOracleSetting) {
    this.setting = setting;
    this.signals = new SignalLedger(setting.nowMs);
    this.mutations = new MutationRules(this);
    this.#ends = new EndRules(this);
    this.#starts = new StartRules(this);
  }

  get policy(): ActionPolicy {
    const tenant = this.setting.policy.tenants.find(({ id }) => id === tenantId);
    return tenant?.actions ?? noActions;
  }

  onClick(click: Click): void {
    this.clicks.push(click);
  }

  onRevoked(person: string): void {
    this.#revoked.set(person, this.setting.nowMs());
  }

  onHalt(isOn: boolean): void {
    this.setting.count(isOn ? 'actions halted' : 'actions resumed');
    this.#starts.onHalt(isOn);
  }

  onLock(name: string, untilMs: number | null, isSet: boolean): void {
    this.#starts.onLock(name, isSet ? (untilMs ?? Infinity) : null);
  }

  /** I32: only places of the policy are ever contacted. */
  onContact({ cluster, namespace: where }: { cluster: string; namespace: string }): void {
    const isAllowed = cluster === clusterId && (where === '' || where === namespace);
    this.setting.verdict.check(isAllowed, 'I32', () => `contacted ${cluster}, ${where}`);
  }

  /** A transaction took effect. Asked before the incident's own oracle takes note of it. */
  onWritten({ incident, action }: Omit<Transaction, 'token'>): void {
    const commit = incident?.commit ?? null;
    for (const event of commit?.events ?? []) {
      if (event.type === 'alerts.attached')
        this.#ends.noteAlerts(incident?.incident.id ?? '', event);
    }
    if (action === undefined) return;
    const { action: row } = action;
    const events = commit?.events.filter(isOfAction) ?? [];
    const notes = this.actions.get(row.id) ?? this.#begin(row);
    if (row.version <= notes.version) return;
    for (const event of events) this.#follow(notes, event, { row, commit });
    this.#checkRow(notes, row);
  }

  #begin(row: Action): ActionNotes {
    const notes = newNotes({
      id: row.id,
      incidentId: row.incidentId,
      target: row.request.targetId,
      origin: row.origin,
    });
    this.actions.set(row.id, notes);
    const asked = row.origin.kind === 'person' ? 'a person' : `a runbook, ${row.origin.mode}`;
    this.setting.count(`action asked for by ${asked}`);
    return notes;
  }

  /** I35: versions grow by one, and states move as the table has it. */
  #checkRow(notes: ActionNotes, row: Action): void {
    const { verdict, count } = this.setting;
    const { version, state } = notes;
    verdict.check(
      row.version === version + 1,
      'I35',
      () => `${row.id}: ${version} to ${row.version}`,
    );
    const isLegal = row.state === state || transitions[state].includes(row.state);
    verdict.check(isLegal, 'I35', () => `${row.id} goes from ${state} to ${row.state}`);
    if (row.state !== state) count(`action ${row.state}`);
    notes.version = row.version;
    notes.state = row.state;
  }

  #follow(
    notes: ActionNotes,
    event: ActionEvent,
    { row, commit }: { readonly row: Action; readonly commit: Commit | null },
  ): void {
    const atMs = commit?.atMs ?? this.setting.nowMs();
    const { verdict, count } = this.setting;
    switch (event.type) {
      case 'action.planned':
        notes.plan = row.plan;
        notes.planHash = event.planHash;
        notes.plannedAtMs = atMs;
        verdict.check(
          createHash('sha256').update(sorted(row.plan)).digest('hex') === event.planHash,
          'I18',
          () => `${notes.id}: ${event.planHash} is not the hash of its plan`,
        );
        return undefined;
      case 'action.approved': {
        this.#approved(notes, event, atMs);
        return undefined;
      }
      case 'action.started':
        notes.startedAtMs = atMs;
        {
          this.#started(notes, event, atMs);
          return undefined;
        }
      case 'action.step_sent': {
        this.#sent(notes, event.stepId, event.send);
        return undefined;
      }
      case 'action.step_not_applied':
        count('a lost call has done nothing');
        notes.isOutstanding = false;
        notes.isSaidUndone = true;
        return undefined;
      case 'action.step_applied':
        count(`a call is known by ${event.knownBy}`);
        notes.isOutstanding = false;
        verdict.check(
          notes.mutations.length > 0,
          'I24',
          () => `${notes.id} says that it changed ${notes.target}, and nobody saw it`,
        );
        return undefined;
      case 'action.waiting':
        count(`waits: ${waitOf(event.reason)}`);
        return undefined;
      case 'action.ended': {
        this.#ends.onEnded(notes, event, { atMs, commit });
        return undefined;
      }
      default:
        return undefined;
    }
  }

  /** I17, I18, I19: by somebody who clicked on that very plan, once, in time. */
  #approved(
    notes: ActionNotes,
    event: Extract<ActionEvent, { readonly type: 'action.approved' }>,
    atMs: number,
  ): void {
    const { verdict, oracle, count } = this.setting;
    const account = event.by.kind === 'person' ? event.by.id : '';
    const human = humanOf[account] ?? account;
    const name = `${human} approves ${notes.id}`;
    const has = this.clicks.some(
      (click) =>
        click.actionId === notes.id &&
        click.account === account &&
        click.planHash.length >= 8 &&
        event.planHash.startsWith(click.planHash),
    );
    verdict.check(has, 'I18', () => `${name}: nobody of that account saw ${event.planHash}`);
    verdict.check(event.planHash === notes.planHash, 'I18', () => `${name}: another plan`);
    const before = notes.approvals.map((approval) => humanOf[approval.account]);
    verdict.check(!before.includes(human), 'I17', () => `${name} a second time`);
    if (notes.approvals.some((approval) => approval.atMs === atMs)) count('two approve at once');
    const state = oracle.notebooks.get(notes.incidentId)?.state;
    verdict.check(state !== 'resolved', 'I19', () => `${name}, whose incident is resolved`);
    notes.approvals.push({ atMs, account, planHash: event.planHash });
    const counting = peopleWhoCount(notes, this.#scene(atMs));
    verdict.check(counting.has(human), 'I17', () => `${name}, and may not`);
  }

  #scene(atMs: number): AuthorityScene {
    return {
      guardrails: this.policy.guardrails,
      deploys: this.setting.deployments.deploys,
      revoked: this.#revoked,
      demoted: this.demoted,
      atMs,
    };
  }

  #started(
    notes: ActionNotes,
    event: Extract<ActionEvent, { readonly type: 'action.started' }>,
    atMs: number,
  ): void {
    const { verdict, oracle, count, at } = this.setting;
    notes.locks = event.locks;
    const state = oracle.notebooks.get(notes.incidentId)?.state;
    verdict.check(
      state !== 'resolved',
      'I19',
      () => `${notes.id} starts; its incident is resolved`,
    );
    const scene = this.#scene(atMs);
    const counting = peopleWhoCount(notes, scene);
    const needed = peopleNeeded(notes, scene);
    const { approvalWithinMs } = this.policy.guardrails;
    const isLate = notes.approvals.some((approval) => atMs - approval.atMs > approvalWithinMs);
    verdict.check(
      counting.size >= needed,
      isLate ? 'I19' : 'I17',
      () => `${notes.id} starts with ${[...counting].join() || 'nobody'}, and needs ${needed}`,
    );
    count(needed === 0 ? 'started by a runbook itself' : 'started with approvals');
    this.#starts.judge(notes, { fence: event.fence, atMs, hasPeople: counting.size > 0 });
    const { verification, steps } = notes.plan ?? {};
    const longestMs = verification
      ? (steps?.length ?? 1) * (verification.convergeWithinMs + 11 * minuteMs) +
        verification.validateWithinMs +
        verification.soakMs
      : 0;
    at(atMs + longestMs + graceMs, () => {
      verdict.check(isOver(notes), 'I21', () => `${notes.id} has not ended: ${notes.state}`);
    });
  }

  /** I20 and I22: not again before it is known, and not while all is halted. */
  #sent(notes: ActionNotes, stepId: string, send: number): void {
    const { verdict, count } = this.setting;
    const name = `${notes.id}, step ${stepId}, call ${send}`;
    verdict.check(
      !notes.isOutstanding,
      'I20',
      () => `${name}: what became of the last is not known`,
    );
    const times = notes.sentSteps.filter((step) => step === stepId).length;
    verdict.check(times < 2, 'I20', () => `${name}: called ${times} times before`);
    if (times > 0) count('a call is made again');
    this.#starts.judgeHalt(name);
    notes.sentSteps.push(stepId);
    notes.isOutstanding = true;
    notes.isSaidUndone = false;
    notes.sentAtMs = this.setting.nowMs();
  }

  /** I21 and I24, at rest: everything has ended. */
  checkRest(): void {
    const { verdict } = this.setting;
    for (const notes of this.actions.values()) {
      verdict.check(isOver(notes), 'I21', () => `${notes.id} is still ${notes.state}`);
    }
  }

  /** Those that hold one of these locks. */
  runningOn(locks: readonly string[], but: string): readonly ActionNotes[] {
    return [...this.actions.values()].filter(
      (notes) =>
        notes.id !== but && isRunning(notes) && notes.locks.some((lock) => locks.includes(lock)),
    );
  }
}

/** What was waited for, without names and instants. */
function waitOf(reason: string): string {
  if (reason.includes('kill switch cannot be read')) return 'the kill switch cannot be read';
  if (reason.includes('were halted')) return 'halted';
  if (reason.includes('is locked by')) return 'locked';
  if (reason.includes('is at work on')) return 'the target is in use';
  if (reason.includes('The limit of')) return 'a limit is reached';
  if (reason.includes('cannot be read')) return 'the target cannot be read';
  return 'something else';
}

import type { Mutation } from '../actors/cluster-server.ts';
import { dig } from '../actors/deployments.ts';
import { targetIds } from '../engine/action-policy.ts';
import type { ActionNotes } from './action-notes.ts';
import type { ActionBook } from './action-book.ts';
import { sorted } from './notebook.ts';

/** What the cluster has seen of us: each change once, of what was planned, on what was planned. */
export class MutationRules {
  readonly #book: ActionBook;

  constructor(book: ActionBook) {
    this.#book = book;
  }

  /** I20: each call has an entry of its own in the log, written before it. */
  onAttempt(actionId: string): void {
    const notes = this.#book.actions.get(actionId);
    if (notes === undefined) return;
    notes.attempts += 1;
    this.#book.setting.verdict.check(
      notes.attempts <= notes.sentSteps.length,
      'I20',
      () => `${actionId} makes call ${notes.attempts} after ${notes.sentSteps.length} entries`,
    );
  }

  /** The cluster has been changed. */
  onMutation(mutation: Mutation): void {
    const { verdict, count } = this.#book.setting;
    const { actionId, name } = mutation;
    const notes = this.#book.actions.get(actionId);
    verdict.check(targetIds.includes(name), 'I32', () => `${actionId} changes ${name}`);
    verdict.check(
      (notes?.startedAtMs ?? null) !== null,
      'I24',
      () => `${actionId} changes ${name} unstarted`,
    );
    if (notes === undefined) return;
    verdict.check(
      notes.isOutstanding,
      notes.isSaidUndone ? 'I20' : 'I24',
      () => `${actionId} changes ${name} by a call of ${notes.sentAtMs}, which is over by the log`,
    );
    notes.mutations.push(mutation);
    const isRepeat = notes.mutations.length > (notes.plan?.steps.length ?? 0);
    verdict.check(!isRepeat, 'I15', () => `${actionId} changes ${name} once more`);
    count('a target is changed');
    this.#checkState(notes, mutation);
    this.#book.onChange(name);
  }

  /** I16: it was as the approved plan has it, and is as it wants it. */
  #checkState(notes: ActionNotes, { before, after }: Mutation): void {
    const { verdict } = this.#book.setting;
    const step = notes.plan?.steps[0];
    const complain = (what: string) => (): string =>
      `${notes.id} changes ${notes.target}, whose ${what} is not that of the plan`;
    for (const name of ['uid', 'generation']) {
      const planned = dig(step, 'from', name);
      const isSame = planned === undefined || dig(before, 'metadata', name) === planned;
      verdict.check(isSame, 'I16', complain(name));
    }
    if (notes.plan?.verb !== 'rollback') return;
    const template = (object: unknown): string => sorted(dig(object, 'spec', 'template'));
    verdict.check(
      template(before) === sorted(dig(notes.plan.before, 'template')),
      'I16',
      complain('template'),
    );
    const body = dig(step, 'call', 'body');
    const operations: readonly unknown[] = Array.isArray(body) ? body : [];
    const isWanted = operations.some(
      (operation) =>
        dig(operation, 'path') === '/spec/template' &&
        dig(operation, 'op') === 'replace' &&
        sorted(dig(operation, 'value')) === template(after),
    );
    verdict.check(isWanted, 'I16', complain('new template'));
  }
}

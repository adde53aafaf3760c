import type { JsonObject } from '../../../shared/json.ts';
import type { SlackIds } from '../ids.ts';

/** A form in front of a person. */
export interface OpenView {
  readonly id: string;
  readonly userId: string;
  /** The lowest of the stack. */
  readonly rootId: string;
  readonly previousId: string | null;
  /** Changes with every update. */
  readonly hash: string;
  /** As the app sent it. */
  readonly view: JsonObject;
  /** What is wrong, by block: shown beside the input. */
  readonly errors: Readonly<Record<string, string>>;
}

/** https://docs.slack.dev/surfaces/modals: three on top of each other at most. */
const MAX_STACK = 3;

/** The forms that are open, a stack for each person. */
export class OpenViews {
  readonly #ids: SlackIds;
  readonly #stacks = new Map<string, readonly OpenView[]>();
  #changes = 0;

  constructor(ids: SlackIds) {
    this.#ids = ids;
  }

  /** The form that a person sees: the uppermost. */
  top(userId: string): OpenView | undefined {
    return this.#stacks.get(userId)?.at(-1);
  }

  find(matches: (view: OpenView) => boolean): OpenView | undefined {
    return [...this.#stacks.values()].flat().find(matches);
  }

  /** Opens a form in place of all that were open. */
  open(userId: string, view: JsonObject): OpenView {
    const id = this.#ids.view();
    const opened = this.#made({ id, userId, rootId: id, previousId: null, view });
    this.#stacks.set(userId, [opened]);
    return opened;
  }

  /** Puts a form over the one that is open; `undefined` when there is no room, or none is open. */
  push(userId: string, view: JsonObject): OpenView | undefined {
    const stack = this.#stacks.get(userId) ?? [];
    const below = stack.at(-1);
    if (below === undefined || stack.length >= MAX_STACK) return undefined;
    const { rootId, id: previousId } = below;
    const pushed = this.#made({ id: this.#ids.view(), userId, rootId, previousId, view });
    this.#stacks.set(userId, [...stack, pushed]);
    return pushed;
  }

  update(open: OpenView, view: JsonObject): OpenView {
    return this.#replace(this.#made({ ...open, view }));
  }

  /** Shows what is wrong with the inputs. */
  refuse(open: OpenView, errors: OpenView['errors']): void {
    this.#replace({ ...this.#made(open), errors });
  }

  /** Closes the uppermost form of a person, and gives it. */
  close(userId: string): OpenView | undefined {
    const stack = this.#stacks.get(userId) ?? [];
    this.#stacks.set(userId, stack.slice(0, -1));
    return stack.at(-1);
  }

  closeAll(userId: string): void {
    this.#stacks.delete(userId);
  }

  clear(): void {
    this.#stacks.clear();
  }

  #made(view: Omit<OpenView, 'hash' | 'errors'>): OpenView {
    this.#changes += 1;
    return { ...view, hash: `${this.#changes}.${view.id.slice(1).toLowerCase()}`, errors: {} };
  }

  #replace(next: OpenView): OpenView {
    const stack = this.#stacks.get(next.userId) ?? [];
    this.#stacks.set(
      next.userId,
      stack.map((view) => (view.id === next.id ? next : view)),
    );
    return next;
  }
}

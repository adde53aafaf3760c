import { teams } from '../engine/action-policy.ts';
import type { ActionNotes } from './action-notes.ts';
import type { ActionBook } from './action-book.ts';

interface Start {
  readonly atMs: number;
  readonly target: string;
  readonly incidentId: string;
}

/** Between a worker's look at the switch and its write. */
const writeMs = 30_000;

/** What must not start, or not be sent: by the switch, the locks, the leases and the limits. */
export class StartRules {
  readonly #oracle: ActionBook;
  readonly #starts: Start[] = [];
  readonly #fences = new Map<string, number>();
  readonly #locks = new Map<string, number | null>();
  #haltedSinceMs = Infinity;

  constructor(oracle: ActionBook) {
    this.#oracle = oracle;
  }

  onHalt(isOn: boolean): void {
    this.#haltedSinceMs = isOn ? this.#oracle.setting.nowMs() : Infinity;
  }

  onLock(name: string, untilMs: number | null): void {
    this.#locks.set(name, untilMs);
  }

  /** I22: five seconds after the switch nothing more is sent, wherever it is read. */
  judgeHalt(name: string): void {
    const { verdict, nowMs, weather } = this.#oracle.setting;
    const sinceMs = this.#haltedSinceMs;
    verdict.check(nowMs() - sinceMs <= 5_000, 'I22', () => `${name} is sent; halted at ${sinceMs}`);
    const isUnreadable =
      weather.isHaltUnreadable(nowMs()) && weather.isHaltUnreadable(nowMs() - writeMs);
    verdict.check(!isUnreadable, 'I22', () => `${name} is sent; the switch cannot be read`);
  }

  judge(
    notes: ActionNotes,
    of: { readonly fence: number; readonly atMs: number; readonly hasPeople: boolean },
  ): void {
    const { verdict, count } = this.#oracle.setting;
    const { id, locks, target, incidentId } = notes;
    const [other] = this.#oracle.runningOn(locks, id);
    verdict.check(other === undefined, 'I14', () => `${id} starts beside ${other?.id ?? ''}`);
    for (const lock of locks) {
      const last = this.#fences.get(lock) ?? 0;
      verdict.check(
        of.fence > last,
        'I14',
        () => `${id}: fence ${of.fence} after ${last} on ${lock}`,
      );
      this.#fences.set(lock, of.fence);
      const lockedUntilMs = this.#locks.get(lock) ?? null;
      const isLocked = lockedUntilMs !== null && lockedUntilMs > of.atMs;
      verdict.check(!isLocked, 'I14', () => `${id} starts on ${lock}, which a person has locked`);
    }
    const isSecond = this.#starts.some(
      (start) => start.incidentId === incidentId && start.target === target,
    );
    if (isSecond) count('a target acted on twice in an incident');
    verdict.check(!isSecond || of.hasPeople, 'I23', () => `${id} acts on ${target} once more`);
    this.#checkLimits(notes, of.atMs);
    this.#starts.push({ atMs: of.atMs, target, incidentId });
  }

  /** I22: so many on a target, of a team, and in all, in any window. */
  #checkLimits({ id, target }: ActionNotes, atMs: number): void {
    const { windowMs, perTarget, perTeam, inAll } = this.#oracle.policy.guardrails;
    const recent = this.#starts.filter((start) => start.atMs > atMs - windowMs);
    const ofTeam = recent.filter((start) => teams[start.target] === teams[target]);
    const counts = [
      [recent.filter((start) => start.target === target).length, perTarget, 'this target'],
      [ofTeam.length, perTeam, 'this team'],
      [recent.length, inAll, 'all'],
    ] as const;
    for (const [count, most, whose] of counts) {
      this.#oracle.setting.verdict.check(
        count < most,
        'I22',
        () => `${id} starts as number ${count + 1} of ${most} for ${whose}`,
      );
    }
  }
}

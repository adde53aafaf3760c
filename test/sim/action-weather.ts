import type { ActionRates, Span } from './engine/action-profile.ts';
import { targetIds } from './engine/action-policy.ts';
import type { FaultRates } from './engine/fault-rates.ts';
import type { Random } from './engine/random.ts';

interface Spell {
  readonly fromMs: number;
  readonly toMs: number;
}

interface Setting {
  readonly startMs: number;
  readonly chaosMs: number;
  readonly random: Random;
}

const spellOf = (span: Span | null, startMs: number): Spell | null =>
  span && { fromMs: startMs + span.fromMs, toMs: startMs + span.fromMs + span.lengthMs };

const isIn = (spell: Spell | null, nowMs: number): boolean =>
  spell !== null && spell.fromMs <= nowMs && nowMs < spell.toMs;

function spellsOf(share: number, { startMs, chaosMs, random }: Setting): readonly Spell[] {
  if (share === 0) return [];
  const count = random.int(1, 3);
  return Array.from({ length: count }, () => {
    const lengthMs = Math.round((chaosMs * share) / count);
    const fromMs = startMs + random.int(0, chaosMs - lengthMs);
    return { fromMs, toMs: fromMs + lengthMs };
  });
}

/** What of a check can be seen from outside. */
export type CheckWeather = 'true' | 'missing' | 'lying';

/** When what is out of order around the targets. */
export class ActionWeather {
  /** When the faults end. The target may be gone for longer than all else. */
  readonly healsAtMs: number;
  readonly #rates: ActionRates;
  readonly #chaosEndMs: number;
  readonly #dead: Spell | null;
  readonly #forbidden: Spell | null;
  readonly #expired: Spell | null;
  readonly #unreadable: Spell | null;
  readonly #storms: readonly Spell[];
  readonly #missing: ReadonlyMap<string, readonly Spell[]>;
  readonly #lying: ReadonlyMap<string, readonly Spell[]>;

  constructor(rates: ActionRates, setting: Setting) {
    const { startMs, chaosMs } = setting;
    const { cluster, halt, metrics } = rates;
    this.#rates = rates;
    this.#chaosEndMs = startMs + chaosMs;
    this.#dead = spellOf(cluster.dead, startMs);
    this.#forbidden = spellOf(cluster.forbidden, startMs);
    this.#expired = spellOf(cluster.expired, startMs);
    this.#unreadable = spellOf(halt.unreadable, startMs);
    this.#storms = spellsOf(cluster.stormy, setting);
    const each = (share: number): ReadonlyMap<string, readonly Spell[]> =>
      new Map(targetIds.map((id) => [id, spellsOf(share, setting)]));
    this.#missing = each(metrics.missing);
    this.#lying = each(metrics.lying);
    const ends = [this.#dead, this.#forbidden, this.#expired, this.#unreadable];
    this.healsAtMs = Math.max(this.#chaosEndMs, ...ends.map((spell) => spell?.toMs ?? 0));
  }

  isHealed(nowMs: number): boolean {
    return nowMs >= this.#chaosEndMs;
  }

  cluster(nowMs: number): 'well' | 'refusing' | 'silent' {
    if (!isIn(this.#dead, nowMs)) return 'well';
    return this.#rates.cluster.dead?.isSilent === true ? 'silent' : 'refusing';
  }

  isForbidden(nowMs: number): boolean {
    return isIn(this.#forbidden, nowMs);
  }

  hasExpired(nowMs: number): boolean {
    return isIn(this.#expired, nowMs);
  }

  isHaltUnreadable(nowMs: number): boolean {
    return isIn(this.#unreadable, nowMs);
  }

  callFaults(nowMs: number): FaultRates | null {
    const isStormy = this.#storms.some((spell) => isIn(spell, nowMs));
    return isStormy ? this.#rates.cluster.faults : null;
  }

  /** How likely a read is old, a write late, and a status untrue. */
  share(of: 'stale' | 'stuck' | 'lying', nowMs: number): number {
    return this.isHealed(nowMs) ? 0 : this.#rates.cluster[of];
  }

  check(targetId: string, nowMs: number): CheckWeather {
    const isNow = (spells: readonly Spell[] | undefined): boolean =>
      spells?.some((spell) => isIn(spell, nowMs)) ?? false;
    if (isNow(this.#missing.get(targetId))) return 'missing';
    return isNow(this.#lying.get(targetId)) ? 'lying' : 'true';
  }
}

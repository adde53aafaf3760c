import type { PagerMode } from './actors/pagerduty.ts';
import type { FaultRates } from './engine/fault-rates.ts';
import type { Profile } from './engine/profile.ts';
import type { Random } from './engine/random.ts';
import type { Scheduler } from './engine/scheduler.ts';
import type { Ledger } from './oracle/ledger.ts';

interface Spell {
  readonly fromMs: number;
  readonly toMs: number;
}

interface Setting {
  readonly profile: Profile;
  readonly scheduler: Scheduler;
  readonly ledger: Ledger;
  readonly random: Random;
}

const spellsOf = (random: Random, share: number, profile: Profile, startMs: number): Spell[] => {
  if (share === 0) return [];
  const count = random.int(1, 4);
  return Array.from({ length: count }, () => {
    const lengthMs = Math.round((profile.chaosMs * share) / count);
    const fromMs = startMs + random.int(0, profile.chaosMs - lengthMs);
    return { fromMs, toMs: fromMs + lengthMs };
  });
};

const isIn = (spells: readonly Spell[], nowMs: number): boolean =>
  spells.some(({ fromMs, toMs }) => fromMs <= nowMs && nowMs < toMs);

/** When what is out of order: storms of failing calls, a pager that is down, a stream that stands. */
export class Weather {
  readonly healsAtMs: number;
  readonly #setting: Setting;
  readonly #storms: readonly Spell[];
  readonly #stalls: readonly Spell[];
  readonly #pager: readonly (Spell & { readonly mode: PagerMode })[];

  constructor(setting: Setting) {
    const { profile, scheduler, random, ledger } = setting;
    const { nowMs } = scheduler;
    const draw = (share: number): Spell[] => spellsOf(random, share, profile, nowMs);
    this.#setting = setting;
    this.healsAtMs = nowMs + profile.chaosMs;
    this.#storms = draw(profile.stormy);
    this.#stalls = draw(profile.stream.stalled);
    const { down, slow, rejecting } = profile.pager;
    this.#pager = (['down', 'slow', 'rejecting'] as const).flatMap((mode) =>
      draw({ down, slow, rejecting }[mode]).map((spell) => ({ ...spell, mode })),
    );
    for (const { fromMs, toMs } of this.#stalls) {
      ledger.outages.push({ what: 'stream', fromMs, toMs: toMs + 5_000 });
    }
    for (const { fromMs, toMs } of this.#pager) {
      ledger.outages.push({ what: 'pager', fromMs, toMs: toMs + 10_000 });
    }
  }

  get isHealed(): boolean {
    return this.#setting.scheduler.nowMs >= this.healsAtMs;
  }

  get isStreamStalled(): boolean {
    return isIn(this.#stalls, this.#setting.scheduler.nowMs);
  }

  get pagerMode(): PagerMode {
    const { nowMs } = this.#setting.scheduler;
    return this.#pager.find(({ fromMs, toMs }) => fromMs <= nowMs && nowMs < toMs)?.mode ?? 'well';
  }

  callFaults(): FaultRates | null {
    const { scheduler, profile } = this.#setting;
    return isIn(this.#storms, scheduler.nowMs) ? profile.faults : null;
  }
}

import type { FaultRates } from './engine/fault-rates.ts';
import type { Random } from './engine/random.ts';
import type { SlackRates } from './engine/slack-profile.ts';

interface Spell {
  readonly fromMs: number;
  readonly toMs: number;
}

const isIn = ({ fromMs, toMs }: Spell, nowMs: number): boolean => fromMs <= nowMs && nowMs < toMs;

/** When Slack is out of reach, and when single calls of it and of the announcer fail. */
export class SlackWeather {
  readonly healsAtMs: number;
  readonly outage: Spell | null;
  readonly #storms: readonly Spell[];
  readonly #faults: FaultRates;

  constructor(
    { outage, stormy, faults }: SlackRates,
    of: { readonly startMs: number; readonly chaosMs: number; readonly random: Random },
  ) {
    const { startMs, chaosMs, random } = of;
    const fromMs = startMs + (outage?.fromMs ?? 0);
    this.outage = outage === null ? null : { fromMs, toMs: fromMs + outage.lengthMs };
    this.healsAtMs = Math.max(startMs + chaosMs, this.outage?.toMs ?? 0);
    this.#faults = faults;
    const lengthMs = Math.round(chaosMs * stormy);
    const stormAtMs = startMs + random.int(0, chaosMs - lengthMs);
    this.#storms = lengthMs === 0 ? [] : [{ fromMs: stormAtMs, toMs: stormAtMs + lengthMs }];
  }

  isOut(nowMs: number): boolean {
    return this.outage !== null && isIn(this.outage, nowMs);
  }

  isStormy(nowMs: number): boolean {
    return this.#storms.some((storm) => isIn(storm, nowMs));
  }

  callFaults(nowMs: number): FaultRates | null {
    return this.isStormy(nowMs) ? this.#faults : null;
  }

  /** Whether calls failed by chance in a span. */
  wasStormyIn(fromMs: number, toMs: number): boolean {
    return this.#storms.some((storm) => storm.fromMs <= toMs && storm.toMs >= fromMs);
  }

  /** Whether anything was wrong with Slack in a span. */
  wasRoughIn(fromMs: number, toMs: number): boolean {
    const { outage } = this;
    const wasOut = outage !== null && outage.fromMs <= toMs && outage.toMs >= fromMs;
    return wasOut || this.wasStormyIn(fromMs, toMs);
  }
}

import type { NetworkRates } from './profile.ts';
import type { Random } from './random.ts';
import type { Scheduler } from './scheduler.ts';

/** What a sender sees: a status, or nothing in time. */
export type Seen = number | 'network error';

const clientTimeoutMs = 10_000;

/** Carries requests to us: loses them or their answers, repeats and delays them. */
export class Network {
  readonly #scheduler: Scheduler;
  readonly #random: Random;
  readonly #rates: () => NetworkRates | null;

  constructor(scheduler: Scheduler, random: Random, rates: () => NetworkRates | null) {
    this.#scheduler = scheduler;
    this.#random = random;
    this.#rates = rates;
  }

  /** Sends once, as a client with a timeout does. `serve` may run late, twice or never. */
  post(serve: () => Promise<number>, onSeen: (seen: Seen) => void): void {
    const scheduler = this.#scheduler;
    const random = this.#random;
    const rates = this.#rates();
    let isOver = false;
    const see = (seen: Seen): void => {
      if (isOver) return;
      isOver = true;
      onSeen(seen);
    };
    scheduler.in(clientTimeoutMs, () => see('network error'));
    if (rates === null) {
      scheduler.in(random.int(1, 20), () => void serve().then(see));
      return;
    }
    if (random.chance(rates.requestLost)) return;
    const delayMs = random.chance(rates.delayed) ? random.int(100, rates.maxDelayMs) : 5;
    const isAnswerLost = random.chance(rates.answerLost);
    scheduler.in(delayMs, () => void serve().then((status) => isAnswerLost || see(status)));
    if (random.chance(rates.duplicated)) {
      scheduler.in(random.int(0, rates.maxDelayMs), () => void serve());
    }
  }
}

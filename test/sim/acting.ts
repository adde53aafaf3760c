import { decodeIncidentNews } from '../../lib/codec/incident-news.ts';
import type { JsonObject } from '../../lib/domain/shared/json.ts';
import type { BusEvent } from '../../lib/ports/bus.ts';
import type { ActionSide } from './action-side.ts';
import type { Random } from './engine/random.ts';
import type { Platform } from './platform.ts';
import type { World } from './world.ts';

const minuteMs = 60_000;
/** Tries after the first, as Lambda makes them. */
const triesMore = 2;

/** The function that acts: called by the bus at once, and by a schedule each minute. */
export class Acting {
  /** Calls of the bus that are still to be made again. */
  underWay = 0;
  readonly #world: World;
  readonly #platform: Platform;
  readonly #side: ActionSide;
  readonly #random: Random;

  constructor(world: World, platform: Platform, side: ActionSide) {
    this.#world = world;
    this.#platform = platform;
    this.#side = side;
    this.#random = world.random('acting');
    world.listeners.onPublished = (events) => {
      for (const event of events) this.#take(event);
    };
  }

  start(): void {
    this.#tick();
  }

  /** At least once, in any order, and late. */
  #take({ type, detail }: BusEvent): void {
    // It came out of JSON, and goes through it on its way.
    const news = decodeIncidentNews({ 'detail-type': type, detail: detail as JsonObject });
    if (news === null) return;
    const { scheduler } = this.#world;
    const { bus } = this.#side.rates;
    const isHealed = this.#side.weather.isHealed(scheduler.nowMs);
    const random = this.#random;
    if (!isHealed && random.chance(bus.lost)) {
      this.#world.count('an event for acting is lost');
      return;
    }
    const again = !isHealed && random.chance(bus.twice) ? [0, 1] : [0];
    for (const _ of again) {
      const lateMs = isHealed ? 100 : random.int(20, bus.lateMs);
      this.underWay += 1;
      scheduler.in(lateMs, () => this.#call(news, triesMore));
    }
  }

  #call(news: NonNullable<ReturnType<typeof decodeIncidentNews>>, more: number): void {
    const isFar = this.#random.chance(this.#side.rates.secondRegion);
    this.#noteCompany();
    void this.#platform
      .runActing(isFar, (deps) => this.#platform.app.actOnNews(deps, news))
      .then((ended) => {
        const isDone = ended.kind === 'answered' && ended.value.ok;
        if (isDone || more === 0) this.underWay -= 1;
        else this.#world.scheduler.in(minuteMs, () => this.#call(news, more - 1));
      });
  }

  #noteCompany(): void {
    if ([...this.#platform.running.values()].includes('act')) {
      this.#world.count('two workers at once');
    }
  }

  #tick(): void {
    const { scheduler, profile } = this.#world;
    scheduler.in(minuteMs, () => this.#tick());
    const random = this.#random;
    const { missing, repeated, delayed } = profile.ticks;
    if (this.#side.weather.isHealed(scheduler.nowMs)) {
      this.#runDue(0);
      return;
    }
    if (random.chance(missing)) return;
    if (random.chance(repeated)) this.#runDue(random.int(0, 40_000));
    this.#runDue(random.chance(delayed) ? random.int(1_000, 50_000) : 0);
  }

  #runDue(delayMs: number): void {
    const isFar = this.#random.chance(this.#side.rates.secondRegion);
    this.#world.scheduler.in(delayMs, () => {
      this.#noteCompany();
      void this.#platform.runActing(isFar, (deps) => this.#platform.app.actDue(deps));
    });
  }
}

import type { PagerDutyEvent } from '../../lib/domain/incident/pagerduty-event.ts';
import { tenantId } from './engine/policy.ts';
import type { Random } from './engine/random.ts';
import type { Platform } from './platform.ts';
import type { World } from './world.ts';

const firstRetryMs = 5_000;

/** PagerDuty's webhooks: late, several times, and again until they are answered with 2xx. */
export class Webhooks {
  underWay = 0;
  readonly #world: World;
  readonly #platform: Platform;
  readonly #late: Random;

  constructor(world: World, platform: Platform) {
    this.#world = world;
    this.#platform = platform;
    this.#late = world.random('late webhooks');
  }

  tell(event: PagerDutyEvent): void {
    const { weather, profile, scheduler, pagerSide } = this.#world;
    if (pagerSide?.subscription.isOn === false) {
      this.#world.count('webhook that never comes');
      return;
    }
    const lateMs = weather.isHealed ? 0 : this.#late.int(0, profile.people.toldLateMs);
    if (lateMs === 0) this.#deliver(event, firstRetryMs);
    else scheduler.in(lateMs, () => this.#deliver(event, firstRetryMs));
  }

  /** PagerDuty comes again until it is answered with 2xx, up to 48 hours. */
  #deliver(event: PagerDutyEvent, retryMs: number): void {
    const { network, scheduler } = this.#world;
    this.underWay += 1;
    network.post(
      () => this.#serve(event),
      (seen) => {
        this.underWay -= 1;
        if (seen === 202) return;
        scheduler.in(retryMs, () => this.#deliver(event, Math.min(60_000, 2 * retryMs)));
      },
    );
  }

  async #serve(event: PagerDutyEvent): Promise<number> {
    const { app } = this.#platform;
    const body = new TextEncoder().encode(JSON.stringify(event));
    const ended = await this.#platform.invoke('pagerduty', (deps) =>
      app.receivePagerEvent(deps, { tenant: tenantId, event, body }),
    );
    const status = ended.kind === 'killed' ? 502 : ended.value.ok ? 202 : 503;
    this.#world.note('pagerduty', `${event.eventId} gets ${status}`);
    return status;
  }
}

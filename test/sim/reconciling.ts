import type { Deed } from './actors/pagerduty.ts';
import type { PagerSide } from './pager-side.ts';
import type { Platform } from './platform.ts';
import type { World } from './world.ts';

const periodMs = 4 * 60_000;

const deeds = ['acknowledged', 'unacknowledged', 'resolved', 'reopened', 'annotated'] as const;

/** The schedule of the reconciler, and people who act in PagerDuty at any time. */
export class Reconciling {
  readonly #world: World;
  readonly #platform: Platform;
  readonly #side: PagerSide;

  constructor(world: World, platform: Platform, side: PagerSide) {
    this.#world = world;
    this.#platform = platform;
    this.#side = side;
  }

  start(): void {
    this.#tick();
    const { scheduler, pager, profile } = this.#world;
    const random = this.#world.random('late deeds');
    const { rates, healsAtMs } = this.#side;
    const spanMs = healsAtMs - scheduler.nowMs;
    for (let index = 0; index < rates.deeds; index += 1) {
      const deed: Deed = random.pick(deeds);
      const which = random.next();
      scheduler.in(random.int(0, spanMs), () => {
        const held = pager.incidents[Math.floor(which * pager.incidents.length)];
        if (held !== undefined) pager.act(held, deed);
      });
    }
    for (let index = 0; index < rates.born; index += 1) {
      scheduler.in(random.int(0, profile.chaosMs), () => pager.makes(`The shop is slow ${index}`));
    }
  }

  #tick(): void {
    const { scheduler } = this.#world;
    scheduler.in(periodMs, () => this.#tick());
    void this.#platform
      .invoke('reconcile', (deps) => this.#platform.app.reconcile(deps))
      .then((ended) => {
        if (ended.kind === 'killed') return;
        const done = ended.value;
        if (!done.ok || done.value.failed > 0) this.#world.trouble('call', 2 * periodMs);
        if (done.ok && done.value.switchedOn > 0) this.#world.count('webhooks switched on again');
        if (done.ok && done.value.healed > 0) this.#world.count('healed by reconciliation');
      });
  }
}

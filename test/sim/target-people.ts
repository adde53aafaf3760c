import { createMemoryChanges } from '../../lib/adapters/memory/action-rows.ts';
import { epochMs } from '../../lib/domain/shared/time.ts';
import type { ActionSide } from './action-side.ts';
import type { Alert } from './actors/alertmanager.ts';
import { imageOf, type Quality } from './actors/deployments.ts';
import { targetIds } from './engine/action-policy.ts';
import { tenantId } from './engine/policy.ts';
import type { Random } from './engine/random.ts';
import type { World } from './world.ts';

type Hear = (alert: Alert, startsAtMs: number, endsAtMs: number | null) => void;

/** What happens to the targets beside us: deploys, reverts, an autoscaler, and the alerts of it. */
export class TargetPeople {
  readonly #world: World;
  readonly #side: ActionSide;
  readonly #hear: Hear;
  readonly #random: Random;
  /** Since when the alert of a target fires. */
  readonly #firesSinceMs = new Map<string, number>();

  constructor(world: World, side: ActionSide, hear: Hear) {
    this.#world = world;
    this.#side = side;
    this.#hear = hear;
    this.#random = world.random('target people');
    side.onServing = (name) => this.#watch(name);
    side.watches.onChange = (name) => this.#mayRevert(name);
  }

  start(): void {
    const { scheduler, profile } = this.#world;
    const random = this.#random;
    const { deeds } = this.#side.rates;
    for (let index = 0; index < deeds.deploys; index += 1) {
      scheduler.in(random.int(0, profile.chaosMs), () => this.deploy(this.#someTarget()));
    }
    if (deeds.isShared) {
      scheduler.in(random.int(0, profile.chaosMs * 0.6), () => this.#breakAll());
    }
    for (let index = 0; index < 6; index += 1) {
      scheduler.in(random.int(0, profile.chaosMs), () => {
        this.#side.deployments.scale('mail', random.int(2, 12));
        this.#world.count('the autoscaler changes replicas');
      });
    }
  }

  #someTarget(): string {
    return this.#random.pick(['checkout', 'checkout', 'search', 'mail', 'reports']);
  }

  /** Somebody may bring another version as soon as a plan is made. */
  afterPlan(target: string): void {
    const random = this.#random;
    const { deeds } = this.#side.rates;
    if (!random.chance(deeds.deploysAfterPlan) || this.#isHealed) return;
    const beforeMs = random.int(100, deeds.thinkMs * 2);
    this.#world.scheduler.in(beforeMs, () => {
      this.#world.count('deployed between plan and start');
      this.deploy(target);
    });
  }

  /** Somebody brings another version while a call is on its way. */
  afterStart(target: string): void {
    const random = this.#random;
    if (!random.chance(this.#side.rates.deeds.deploysAfterPlan) || this.#isHealed) return;
    this.#world.scheduler.in(random.int(0, random.pick([20, 400, 10_000])), () => {
      this.#world.count('deployed as a call was made');
      this.deploy(target);
    });
  }

  #someQuality(): Quality {
    const { deeds } = this.#side.rates;
    if (this.#random.chance(deeds.crashing)) return 'crashing';
    return this.#random.chance(deeds.bad) ? 'bad' : 'good';
  }

  /** A library that all of them use is broken. */
  #breakAll(): void {
    this.#world.count('one cause breaks all targets');
    for (const name of targetIds) this.deploy(name, 'bad');
  }

  get #isHealed(): boolean {
    return this.#side.weather.isHealed(this.#world.scheduler.nowMs);
  }

  deploy(name: string, quality = this.#someQuality()): void {
    if (this.#isHealed) return;
    const random = this.#random;
    const { deeds } = this.#side.rates;
    const isTold = random.chance(deeds.told);
    const author = random.pick(['ann', 'bob', 'cy', 'dee', 'eve']);
    const previous = tagOf(imageOf(this.#side.deployments.find(name)));
    const { image, atMs } = this.#side.deployments.deploy(name, { quality, author, isTold });
    this.#world.note(author, `deploys ${image}, which is ${quality}`);
    if (!isTold) return;
    void createMemoryChanges(this.#world.store.tables).put({
      tenant: tenantId,
      id: image,
      sourceId: 'pipeline',
      kind: 'rollout',
      service: name,
      environment: null,
      title: `Deploy ${image}`,
      url: null,
      author,
      status: 'succeeded',
      atMs: epochMs(atMs),
      versions: [tagOf(image)],
      previous: [previous],
    });
  }

  /** GitOps puts what it knows in the place of what we have written. */
  #mayRevert(name: string): void {
    const random = this.#random;
    if (this.#isHealed || !random.chance(this.#side.rates.deeds.reverted)) return;
    const { deploys } = this.#side.deployments;
    const newest = deploys.findLast((deploy) => deploy.name === name);
    if (newest === undefined) return;
    this.#world.scheduler.in(random.int(500, 60_000), () => {
      this.#world.count('put back by somebody else');
      this.#side.deployments.putImage(name, newest.image);
    });
  }

  /** The alert of a target fires while what serves does not work. */
  #watch(name: string): void {
    const { scheduler } = this.#world;
    const lateMs = this.#random.int(2_000, 25_000);
    scheduler.in(lateMs, () => {
      const isBad = !this.#side.deployments.isHealthy(name);
      const sinceMs = this.#firesSinceMs.get(name);
      if (isBad && sinceMs === undefined) {
        this.#firesSinceMs.set(name, scheduler.nowMs);
        this.#hear(alertOf(name), scheduler.nowMs, null);
      }
      if (!isBad && sinceMs !== undefined) {
        this.#firesSinceMs.delete(name);
        this.#hear(alertOf(name), sinceMs, scheduler.nowMs);
      }
    });
  }
}

const tagOf = (image: string): string => image.split(':')[1] ?? '';

const alertOf = (name: string): Alert => ({
  fingerprint: `down-${name}`,
  group: `{}:{alertname="Down ${name}"}`,
  severityLabel: name === 'checkout' ? 'critical' : 'warning',
  service: name,
});

import { busEventsOf } from '../../lib/app/relay-events.ts';
import type { DueAt } from '../../lib/domain/incident/due.ts';
import type { Commit } from '../../lib/domain/incident/event.ts';
import { Acting } from './acting.ts';
import { ActionPeople } from './action-people.ts';
import { Announcing } from './announcing.ts';
import { StreamMapping } from './actors/stream.ts';
import { People } from './people.ts';
import type { Platform } from './platform.ts';
import { Reconciling } from './reconciling.ts';
import { SlackPeople } from './slack-people.ts';
import { Sources } from './sources.ts';
import { Webhooks } from './webhooks.ts';
import { TargetPeople } from './target-people.ts';
import type { World } from './world.ts';

const minuteMs = 60_000;

/** Those that have to do with actions. */
interface ActingParts {
  readonly acting: Acting;
  readonly people: ActionPeople;
  readonly targets: TargetPeople;
}

/** What makes the platform work: sources, people, webhooks, its own streams and its schedule. */
export class Workload {
  readonly pageStream: StreamMapping<DueAt>;
  readonly relayStream: StreamMapping<Commit>;
  /** Null where nobody has Slack, or Slack is off. */
  readonly announcing: Announcing | null;
  readonly #world: World;
  readonly #platform: Platform;
  readonly #sources: Sources;
  readonly #people: People;
  readonly #webhooks: Webhooks;
  readonly #slackPeople: SlackPeople | null;
  readonly #reconciling: Reconciling | null;
  readonly #acting: ActingParts | null;

  constructor(world: World, platform: Platform) {
    this.#world = world;
    this.#platform = platform;
    this.#sources = new Sources(world, platform);
    this.#people = new People(world, platform);
    this.#webhooks = new Webhooks(world, platform);
    const { slack, pagerSide } = world;
    this.#reconciling = pagerSide && new Reconciling(world, platform, pagerSide);
    this.#slackPeople = slack && new SlackPeople(world, platform, slack);
    this.announcing =
      slack === null || slack.rates.isOff ? null : new Announcing(world, platform, slack);
    this.#acting = this.#targets();
    const mapping = {
      scheduler: world.scheduler,
      rates: () => (world.weather.isHealed ? null : world.profile.stream),
      isStalled: () => world.weather.isStreamStalled,
    };
    this.pageStream = new StreamMapping<DueAt>({
      ...mapping,
      random: world.random('page stream'),
      invoke: (batch) =>
        platform.invoke('page', (deps) => platform.app.pageFromStream(deps, batch)),
      onDropped: () => world.count('stream gave a page up'),
    });
    this.relayStream = new StreamMapping<Commit>({
      ...mapping,
      random: world.random('relay stream'),
      invoke: (batch) => platform.invoke('relay', (deps) => platform.app.relayEvents(deps, batch)),
      onDropped: (commit) => {
        for (const { id } of busEventsOf(commit)) world.ledger.deadLettered.add(id);
      },
    });
    world.listeners.onCommit = (commit) => {
      this.relayStream.put(commit.incidentId, commit);
      this.announcing?.stream.put(commit.incidentId, commit);
      this.#people.actInTheLastSecond(commit);
      this.#followActions(commit);
    };
    world.listeners.onIntent = (partition, due) => this.pageStream.put(partition, due);
    world.listeners.onPagerEvent = (event) => this.#webhooks.tell(event);
    world.listeners.onPagerOpened = (incident) => this.#people.respondInPager(incident);
  }

  #targets(): ActingParts | null {
    const world = this.#world;
    const { actions } = world;
    if (actions === null) return null;
    const hear: Sources['hear'] = (...told) => this.#sources.hear(...told);
    return {
      acting: new Acting(world, this.#platform, actions),
      people: new ActionPeople(world, this.#platform, actions),
      targets: new TargetPeople(world, actions, hear),
    };
  }

  #followActions(commit: Commit): void {
    if (this.#acting === null) return;
    this.#acting.people.hear(commit);
    for (const event of commit.events) {
      if (event.type !== 'action.planned' && event.type !== 'action.started') continue;
      const target = this.#world.actions?.watches.actions.get(event.actionId)?.target;
      if (target === undefined) continue;
      if (event.type === 'action.planned') this.#acting.targets.afterPlan(target);
      else this.#acting.targets.afterStart(target);
    }
  }

  get webhooksUnderWay(): number {
    return this.#webhooks.underWay;
  }

  /** Puts everything that is known beforehand on the agenda. */
  start(): void {
    this.#tick(1);
    this.#sources.start();
    this.#people.actByApi();
    this.#reconciling?.start();
    this.#slackPeople?.start();
    this.announcing?.start();
    this.#acting?.acting.start();
    this.#acting?.people.start();
    this.#acting?.targets.start();
  }

  #tick(minute: number): void {
    const { scheduler, weather, profile } = this.#world;
    const random = this.#world.random(`tick ${minute}`);
    scheduler.in(minuteMs, () => this.#tick(minute + 1));
    const { missing, repeated, delayed } = profile.ticks;
    if (weather.isHealed) {
      this.#runClock(0);
      return;
    }
    if (random.chance(missing)) {
      this.#world.trouble('clock', 3 * minuteMs);
      return;
    }
    const delayMs = random.chance(delayed) ? random.int(1_000, 110_000) : 0;
    if (delayMs > 0) this.#world.trouble('clock', 3 * minuteMs);
    if (random.chance(repeated)) this.#runClock(random.int(0, 40_000));
    this.#runClock(delayMs);
  }

  #runClock(delayMs: number): void {
    const { scheduler } = this.#world;
    scheduler.in(delayMs, () => {
      if ([...this.#platform.running.values()].includes('clock')) {
        this.#world.count('two ticks at once');
      }
      void this.#platform
        .invoke('clock', (deps) => this.#platform.app.runClock(deps))
        .then((ended) => {
          if (ended.kind === 'answered' && !ended.value.ok)
            this.#world.trouble('clock', 2 * minuteMs);
        });
    });
  }
}

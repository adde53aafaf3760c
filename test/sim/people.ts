import type { IncidentCommand } from '../../lib/domain/incident/command.ts';
import type { Commit } from '../../lib/domain/incident/event.ts';
import type { HeldIncident } from './actors/pagerduty.ts';
import { tenantId } from './engine/policy.ts';
import type { Random } from './engine/random.ts';
import { deadlineOf } from './oracle/naive-clocks.ts';
import type { Platform } from './platform.ts';
import type { World } from './world.ts';

/** Those who are paged: they act in PagerDuty, or through the API. */
export class People {
  readonly #world: World;
  readonly #platform: Platform;
  readonly #random: Random;

  constructor(world: World, platform: Platform) {
    this.#world = world;
    this.#platform = platform;
    this.#random = world.random('people');
  }

  /** What people do with a page once it rings. */
  respondInPager(incident: HeldIncident): void {
    const { profile, scheduler, pager, weather } = this.#world;
    const { people } = profile;
    const random = this.#random;
    if (weather.isHealed) return;
    const later = (least: number): number => least + random.int(0, people.thinkMs);
    const plan = (
      probability: number,
      atMs: number,
      deed: Parameters<typeof pager.act>[1],
    ): void => {
      if (!random.chance(probability)) return;
      scheduler.in(atMs, () => {
        if (!weather.isHealed) pager.act(incident, deed);
      });
    };
    const ackMs = later(1_000);
    plan(people.acknowledge, ackMs, 'acknowledged');
    plan(people.unacknowledge, ackMs + later(0), 'unacknowledged');
    plan(people.unacknowledge * people.acknowledge, ackMs + later(people.thinkMs), 'acknowledged');
    const resolveMs = ackMs + later(0);
    plan(people.resolve, resolveMs, 'resolved');
    plan(people.reopen, resolveMs + later(0), 'reopened');
    plan(people.remark, later(0), random.pick(['escalated', 'annotated', 'priority_updated']));
    plan(people.remark, later(0), 'responder_added');
  }

  /** Somebody picks incidents at random, whatever their state. */
  actByApi(): void {
    const { profile, scheduler, oracle } = this.#world;
    const random = this.#random;
    const count = Math.round(profile.people.byApi * 8);
    for (let index = 0; index < count; index += 1) {
      scheduler.in(random.int(0, profile.chaosMs), () => {
        const ids = [...oracle.notebooks.keys()];
        const id = ids[Math.floor(random.next() * ids.length)];
        if (id !== undefined) this.#command(id, random.pick(['acknowledge', 'resolve'] as const));
      });
    }
  }

  /** Somebody acknowledges at the very instant of a deadline, or next to it. */
  actInTheLastSecond(commit: Commit): void {
    const { lastSecond } = this.#world.profile.people;
    const starts = commit.events.some(
      ({ type }) => type === 'incident.opened' || type === 'sla.clock_started',
    );
    if (!starts || !this.#random.chance(lastSecond) || this.#world.weather.isHealed) return;
    // The oracle follows the commit right after this; its notebook is read when time has passed.
    const shiftMs = this.#random.pick([-500, -1, 0, 0, 1, 500]);
    this.#world.scheduler.in(0, () => {
      const notebook = this.#world.oracle.notebooks.get(commit.incidentId);
      if (notebook === undefined) return;
      const deadlineAtMs = deadlineOf(notebook.clocks.response);
      if (deadlineAtMs === Infinity) return;
      this.#world.scheduler.at(deadlineAtMs + shiftMs, () =>
        this.#command(commit.incidentId, 'acknowledge'),
      );
    });
  }

  #command(incidentId: string, kind: 'acknowledge' | 'resolve'): void {
    const { scheduler } = this.#world;
    const { act } = this.#platform.app;
    const by = { kind: 'person', via: 'api', id: 'bo', name: 'Bo' } as const;
    const causeId = `request ${this.#platform.nextRequestId()}`;
    void this.#platform.invoke('api', (deps) => {
      const occurredAtMs = scheduler.nowMs;
      const command: IncidentCommand =
        kind === 'acknowledge'
          ? { kind, by, occurredAtMs }
          : { kind, by, cause: 'person', note: 'done', occurredAtMs };
      return act(deps, { tenant: tenantId, incidentId, command, causeId });
    });
  }
}

import { busEventsOf } from '../../lib/app/relay-events.ts';
import type { IncidentCommand } from '../../lib/domain/incident/command.ts';
import type { DueAt } from '../../lib/domain/incident/due.ts';
import type { Commit } from '../../lib/domain/incident/event.ts';
import type { PagerDutyEvent } from '../../lib/domain/incident/pagerduty-event.ts';
import { Alertmanager, type Alert, type AlertMessage } from './actors/alertmanager.ts';
import { startCloudIncident } from './actors/cloud-monitoring.ts';
import type { HeldIncident } from './actors/pagerduty.ts';
import { StreamMapping } from './actors/stream.ts';
import { sourceIds, tenantId, tokens } from './engine/policy.ts';
import type { Random } from './engine/random.ts';
import { deadlineOf } from './oracle/naive-clocks.ts';
import type { Platform } from './platform.ts';
import type { World } from './world.ts';

const minuteMs = 60_000;

/** Who does what to the platform: sources, schedules, streams, the pager's webhooks, people. */
export class Workload {
  readonly pageStream: StreamMapping<DueAt>;
  readonly relayStream: StreamMapping<Commit>;
  webhooksUnderWay = 0;
  readonly #world: World;
  readonly #platform: Platform;
  readonly #people: Random;
  readonly #late: Random;
  readonly #atWork = new Set<Uint8Array>();
  #requests = 0;

  constructor(world: World, platform: Platform) {
    this.#world = world;
    this.#platform = platform;
    this.#people = world.random('people');
    this.#late = world.random('late webhooks');
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
    world.listeners.onCommit = (commit) => this.#onCommit(commit);
    world.listeners.onIntent = (partition, due) => this.pageStream.put(partition, due);
    world.listeners.onPagerEvent = (event) => {
      const { toldLateMs } = world.profile.people;
      const lateMs = world.weather.isHealed ? 0 : this.#late.int(0, toldLateMs);
      if (lateMs === 0) this.#deliverWebhook(event, 5_000);
      else world.scheduler.in(lateMs, () => this.#deliverWebhook(event, 5_000));
    };
    world.listeners.onPagerOpened = (incident) => this.#respondInPager(incident);
  }

  /** Puts everything that is known beforehand on the agenda. */
  start(): void {
    this.#tick(1);
    this.#startAlertmanagers();
    const random = this.#world.random('cloud');
    const { profile, scheduler, network } = this.#world;
    for (let index = 0; index < profile.cloudIncidents; index += 1) {
      const serve = (message: AlertMessage): Promise<number> =>
        this.#serve('cloud-monitoring', message);
      scheduler.in(random.int(0, profile.chaosMs), () =>
        startCloudIncident({ scheduler, network, random, serve }, `0.cloud${index}`),
      );
    }
    this.#sendUnreadable();
    this.#actByApi();
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

  #onCommit(commit: Commit): void {
    this.relayStream.put(commit.incidentId, commit);
    const { lastSecond } = this.#world.profile.people;
    const starts = commit.events.some(
      ({ type }) => type === 'incident.opened' || type === 'sla.clock_started',
    );
    if (!starts || !this.#people.chance(lastSecond) || this.#world.weather.isHealed) return;
    // The oracle follows the commit right after this; its notebook is read when time has passed.
    const shiftMs = this.#people.pick([-500, -1, 0, 0, 1, 500]);
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

  #startAlertmanagers(): void {
    const { profile, scheduler, network, weather } = this.#world;
    const { alertmanager: rates, stormGroups } = profile;
    const random = this.#world.random('alerts');
    const members: Alertmanager[] = [];
    for (let position = 0; position < (rates.isPair ? 2 : 1); position += 1) {
      members.push(
        new Alertmanager({
          position,
          scheduler,
          random: this.#world.random(`alertmanager ${position}`),
          rates,
          network,
          isHealthy: () => weather.isHealed,
          serve: (message) => this.#serve('alertmanager', message),
          gossip: (group, entry) => {
            for (const member of members) member.learn(group, entry);
          },
        }),
      );
    }
    const hear = (alert: Alert, startsAtMs: number, endsAtMs: number | null): void => {
      this.#world.note(
        'prometheus',
        `${alert.fingerprint} ${endsAtMs === null ? 'fires' : 'stops'}`,
      );
      for (const member of members) member.hear(alert, startsAtMs, endsAtMs);
    };
    for (let group = 0; group < rates.groups; group += 1) {
      for (let index = 0; index < rates.alertsPerGroup; index += 1) {
        this.#live(alertOf(random, `g${group}`, index), random, hear);
      }
    }
    const stormAtMs = random.int(0, profile.chaosMs);
    for (let group = 0; group < stormGroups; group += 1) {
      const alert = alertOf(random, `storm${group}`, 0);
      scheduler.in(stormAtMs + random.int(0, 20_000), () => hear(alert, scheduler.nowMs, null));
    }
  }

  /** One alert's life: it fires, stops and fires again, at its own pace. */
  #live(
    alert: Alert,
    random: Random,
    hear: (alert: Alert, startsAtMs: number, endsAtMs: number | null) => void,
  ): void {
    const { scheduler, profile, weather } = this.#world;
    const paceMs = profile.alertmanager.isFlapping ? 60_000 : profile.chaosMs / 2;
    const fire = (left: number): void => {
      if (weather.isHealed || left === 0) return;
      const startsAtMs = scheduler.nowMs;
      hear(alert, startsAtMs, null);
      if (random.chance(0.1)) return;
      scheduler.in(random.int(1_000, paceMs), () => {
        hear(alert, startsAtMs, scheduler.nowMs);
        scheduler.in(random.int(1_000, paceMs), () => fire(left - 1));
      });
    };
    scheduler.in(random.int(0, profile.chaosMs * 0.7), () =>
      fire(profile.alertmanager.changesPerAlert),
    );
  }

  /** What the ingest function's handler does. */
  async #serve(
    sourceKind: 'alertmanager' | 'cloud-monitoring',
    message: AlertMessage | { readonly body: Uint8Array; readonly facts: 'unreadable' },
  ): Promise<number> {
    const { ledger, oracle, verdict } = this.#world;
    const { app } = this.#platform;
    this.#requests += 1;
    const requestId = `r${this.#requests}`;
    const sourceId = sourceKind === 'alertmanager' ? sourceIds.alertmanager : sourceIds.cloud;
    const [token = ''] = tokens[sourceId] ?? [];
    if (message.facts !== 'unreadable') ledger.sent.push(...message.facts);
    if (this.#atWork.has(message.body)) this.#world.count('one delivery twice at once');
    this.#atWork.add(message.body);
    let isCommitted = false;
    const ended = await this.#platform.invoke('ingest', async (deps) => {
      const received = await app.receiveAlerts(deps, {
        sourceKind,
        authorization: `Bearer ${token}`,
        rawQueryString: '',
        body: message.body,
        requestId,
      });
      if (received.kind !== 'taken') return received.kind === 'busy' ? 503 : 401;
      isCommitted = true;
      await app.pageInline(
        deps,
        received.taken.placed.flatMap(({ incident }) => incident ?? []),
      );
      return 202;
    });
    this.#atWork.delete(message.body);
    // TypeScript cannot know that the function ran meanwhile.
    if (ended.kind === 'killed' && (isCommitted as boolean)) {
      this.#world.count('killed between commit and page');
    }
    const status = ended.kind === 'killed' ? 502 : ended.value;
    this.#world.note(sourceId, `${requestId} gets ${status}`);
    verdict.check(status !== 401, 'I2', () => `${requestId} was refused`);
    if (status === 202) oracle.onAccepted(message.body, message.facts);
    return status;
  }

  #sendUnreadable(): void {
    const { profile, scheduler, network } = this.#world;
    const random = this.#world.random('unreadable');
    for (let index = 0; index < profile.unreadableBodies; index += 1) {
      const body = new TextEncoder().encode(`{"version": "4", "alerts": ${index}`);
      const send = (): void =>
        network.post(
          () => this.#serve('alertmanager', { body, facts: 'unreadable' }),
          () => undefined,
        );
      scheduler.in(random.int(0, profile.chaosMs), send);
    }
  }

  /** PagerDuty comes again until it is answered with 2xx, up to 48 hours. */
  #deliverWebhook(event: PagerDutyEvent, retryMs: number): void {
    const { network, scheduler } = this.#world;
    this.webhooksUnderWay += 1;
    network.post(
      () => this.#serveWebhook(event),
      (seen) => {
        this.webhooksUnderWay -= 1;
        if (seen === 202) return;
        scheduler.in(retryMs, () => this.#deliverWebhook(event, Math.min(60_000, 2 * retryMs)));
      },
    );
  }

  async #serveWebhook(event: PagerDutyEvent): Promise<number> {
    const { app } = this.#platform;
    const body = new TextEncoder().encode(JSON.stringify(event));
    const ended = await this.#platform.invoke('pagerduty', (deps) =>
      app.receivePagerEvent(deps, { tenant: tenantId, event, body }),
    );
    const status = ended.kind === 'killed' ? 502 : ended.value.ok ? 202 : 503;
    this.#world.note('pagerduty', `${event.eventId} gets ${status}`);
    return status;
  }

  /** What people do with a page once it rings. */
  #respondInPager(incident: HeldIncident): void {
    const { profile, scheduler, pager, weather } = this.#world;
    const { people } = profile;
    const random = this.#people;
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

  #actByApi(): void {
    const { profile, scheduler, oracle } = this.#world;
    const random = this.#people;
    const count = Math.round(profile.people.byApi * 8);
    for (let index = 0; index < count; index += 1) {
      scheduler.in(random.int(0, profile.chaosMs), () => {
        const ids = [...oracle.notebooks.keys()];
        const id = ids[Math.floor(random.next() * ids.length)];
        if (id !== undefined) this.#command(id, random.pick(['acknowledge', 'resolve'] as const));
      });
    }
  }

  #command(incidentId: string, kind: 'acknowledge' | 'resolve'): void {
    const { scheduler } = this.#world;
    const { act } = this.#platform.app;
    const by = { kind: 'person', via: 'api', id: 'bo', name: 'Bo' } as const;
    this.#requests += 1;
    const causeId = `request r${this.#requests}`;
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

const alertOf = (random: Random, group: string, index: number): Alert => ({
  fingerprint: `${group}a${index}`,
  group: `{}:{alertname="${group}"}`,
  severityLabel: random.pick(['critical', 'critical', 'warning', 'info']),
  service: random.pick(['checkout', 'search', 'other']),
});

import { Alertmanager, type Alert, type AlertMessage } from './actors/alertmanager.ts';
import { startCloudIncident } from './actors/cloud-monitoring.ts';
import { sourceIds, tokens } from './engine/policy.ts';
import type { Random } from './engine/random.ts';
import type { Platform } from './platform.ts';
import type { World } from './world.ts';

/** Who posts alerts: a cluster of Alertmanagers, Google Cloud Monitoring, and somebody broken. */
export class Sources {
  readonly #world: World;
  readonly #platform: Platform;
  readonly #atWork = new Set<Uint8Array>();
  readonly #members: Alertmanager[] = [];

  constructor(world: World, platform: Platform) {
    this.#world = world;
    this.#platform = platform;
  }

  start(): void {
    this.#startAlertmanagers();
    this.#startCloudMonitoring();
    this.#sendUnreadable();
  }

  #startCloudMonitoring(): void {
    const random = this.#world.random('cloud');
    const { profile, scheduler, network } = this.#world;
    for (let index = 0; index < profile.cloudIncidents; index += 1) {
      const serve = (message: AlertMessage): Promise<number> =>
        this.#serve('cloud-monitoring', message);
      scheduler.in(random.int(0, profile.chaosMs), () =>
        startCloudIncident({ scheduler, network, random, serve }, `0.cloud${index}`),
      );
    }
  }

  #startAlertmanagers(): void {
    const { profile, scheduler, network, weather } = this.#world;
    const { alertmanager: rates, stormGroups } = profile;
    const random = this.#world.random('alerts');
    const members = this.#members;
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
    const hear = (alert: Alert, startsAtMs: number, endsAtMs: number | null): void =>
      this.hear(alert, startsAtMs, endsAtMs);
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

  /** Prometheus says that an alert fires or has stopped. */
  hear(alert: Alert, startsAtMs: number, endsAtMs: number | null): void {
    const { fingerprint } = alert;
    this.#world.note('prometheus', `${fingerprint} ${endsAtMs === null ? 'fires' : 'stops'}`);
    const firing = this.#world.actions?.firing;
    if (endsAtMs === null) firing?.add(fingerprint);
    else firing?.delete(fingerprint);
    for (const member of this.#members) member.hear(alert, startsAtMs, endsAtMs);
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
    const requestId = this.#platform.nextRequestId();
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
      // As lib/wire has it: what goes through REST is left to the stream and the clock.
      const { pagerRest: _, ...inline } = deps;
      await app.pageInline(
        inline,
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
}

const alertOf = (random: Random, group: string, index: number): Alert => ({
  fingerprint: `${group}a${index}`,
  group: `{}:{alertname="${group}"}`,
  severityLabel: random.pick(['critical', 'critical', 'warning', 'info']),
  service: random.pick(['checkout', 'search', 'other']),
});

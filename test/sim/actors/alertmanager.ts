import type { Severity } from '../../../lib/domain/policy/policy.ts';
import { epochMs, toIso } from '../../../lib/domain/shared/time.ts';
import { severityOfLabel, sourceIds } from '../engine/policy.ts';
import type { Network, Seen } from '../engine/network.ts';
import type { AlertRates } from '../engine/profile.ts';
import type { Random } from '../engine/random.ts';
import type { Scheduler } from '../engine/scheduler.ts';
import type { Fact } from '../oracle/ledger.ts';

/** One alert rule's output: a label set that fires and stops. */
export interface Alert {
  readonly fingerprint: string;
  readonly group: string;
  readonly severityLabel: string;
  readonly service: string;
}

interface Active {
  readonly alert: Alert;
  readonly startsAtMs: number;
  endsAtMs: number | null;
}

interface LogEntry {
  readonly firing: ReadonlySet<string>;
  readonly resolved: ReadonlySet<string>;
  readonly atMs: number;
}

export interface AlertMessage {
  readonly body: Uint8Array;
  readonly facts: readonly Fact[];
}

interface Setting {
  readonly position: number;
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly rates: AlertRates;
  readonly network: Network;
  readonly isHealthy: () => boolean;
  readonly serve: (message: AlertMessage) => Promise<number>;
  readonly gossip: (group: string, entry: LogEntry) => void;
}

const positionWaitMs = 15_000;
const groupWaitMs = 5_000;
const firstRetryMs = 500;

const nameOf = ({ alert, startsAtMs }: Active): string => `${alert.fingerprint}@${startsAtMs}`;

const isSubset = (part: ReadonlySet<string>, whole: ReadonlySet<string>): boolean =>
  [...part].every((member) => whole.has(member));

/**
 * One Alertmanager of a cluster: groups, waits for its position, asks the notification log, sends,
 * retries on network errors and 5xx only, and gossips what was sent.
 */
export class Alertmanager {
  readonly #setting: Setting;
  readonly #groups = new Map<string, Map<string, Active>>();
  readonly #log = new Map<string, LogEntry>();

  constructor(setting: Setting) {
    this.#setting = setting;
  }

  /** Prometheus says that an alert fires or has stopped. */
  hear(alert: Alert, startsAtMs: number, endsAtMs: number | null): void {
    const group = this.#groups.get(alert.group);
    const active = { alert, startsAtMs, endsAtMs };
    if (group !== undefined) {
      const known = group.get(alert.fingerprint);
      if (endsAtMs === null || known?.startsAtMs === startsAtMs)
        group.set(alert.fingerprint, active);
      return;
    }
    if (endsAtMs !== null) return;
    this.#groups.set(alert.group, new Map([[alert.fingerprint, active]]));
    this.#setting.scheduler.in(groupWaitMs, () => this.#flush(alert.group));
  }

  /** What a peer has sent. */
  learn(group: string, entry: LogEntry): void {
    const known = this.#log.get(group);
    if (known === undefined || known.atMs < entry.atMs) this.#log.set(group, entry);
  }

  #flush(name: string): void {
    const group = this.#groups.get(name);
    if (group === undefined) return;
    if (group.size === 0) {
      this.#groups.delete(name);
      return;
    }
    const { scheduler, rates, position } = this.#setting;
    scheduler.in(rates.groupIntervalMs, () => this.#flush(name));
    const alerts = [...group.values()].map((active) => ({ ...active }));
    scheduler.in(position * positionWaitMs, () => this.#notify(name, alerts));
  }

  #notify(name: string, alerts: readonly Active[]): void {
    const { scheduler, rates } = this.#setting;
    const firing = new Set(alerts.filter(({ endsAtMs }) => endsAtMs === null).map(nameOf));
    const resolved = new Set(alerts.filter(({ endsAtMs }) => endsAtMs !== null).map(nameOf));
    const entry = { firing, resolved, atMs: scheduler.nowMs };
    if (!this.#needsUpdate(name, entry)) {
      this.#forget(name, alerts);
      return;
    }
    const deadlineMs = scheduler.nowMs + rates.groupIntervalMs;
    this.#send(this.#message(name, alerts), { deadlineMs, retryMs: firstRetryMs }, () => {
      const sent = { ...entry, atMs: scheduler.nowMs };
      this.learn(name, sent);
      this.#forget(name, alerts);
      this.#gossip(name, sent);
    });
  }

  #message(name: string, alerts: readonly Active[]): AlertMessage {
    const { rates, position } = this.#setting;
    return messageOf(name, alerts, { maxAlerts: rates.maxAlerts, position });
  }

  #gossip(name: string, entry: LogEntry): void {
    const { scheduler, random, rates, gossip, isHealthy } = this.#setting;
    if (!isHealthy() && random.chance(rates.gossipLost)) return;
    scheduler.in(200, () => gossip(name, entry));
  }

  /** As `DedupStage.needsUpdate` of Alertmanager decides. */
  #needsUpdate(name: string, { firing, resolved, atMs }: LogEntry): boolean {
    const last = this.#log.get(name);
    if (last === undefined) return firing.size > 0;
    if (!isSubset(firing, last.firing)) return true;
    if (firing.size === 0) return last.firing.size > 0;
    if (!isSubset(resolved, last.resolved)) return true;
    return last.atMs < atMs - this.#setting.rates.repeatIntervalMs;
  }

  #send(
    message: AlertMessage,
    { deadlineMs, retryMs }: { readonly deadlineMs: number; readonly retryMs: number },
    onTaken: () => void,
  ): void {
    const { network, scheduler, serve } = this.#setting;
    network.post(
      () => serve(message),
      (seen: Seen) => {
        if (seen === 'network error' || seen >= 500) {
          if (scheduler.nowMs + retryMs > deadlineMs) return;
          const next = { deadlineMs, retryMs: Math.min(60_000, retryMs * 2) };
          scheduler.in(retryMs, () => this.#send(message, next, onTaken));
        } else if (seen < 300) {
          onTaken();
        }
      },
    );
  }

  /** What was told to be over is over; unless it fires again. */
  #forget(name: string, alerts: readonly Active[]): void {
    const group = this.#groups.get(name);
    for (const active of alerts) {
      const known = group?.get(active.alert.fingerprint);
      const isSame = known?.startsAtMs === active.startsAtMs && known.endsAtMs !== null;
      if (active.endsAtMs !== null && isSame) group?.delete(active.alert.fingerprint);
    }
  }
}

export const severityOf = ({ severityLabel }: Alert): Severity =>
  severityOfLabel[severityLabel] ?? 'P2';

function messageOf(
  group: string,
  all: readonly Active[],
  { maxAlerts, position }: { readonly maxAlerts: number; readonly position: number },
): AlertMessage {
  const alerts = maxAlerts === 0 ? all : all.slice(0, maxAlerts);
  const body = {
    version: '4',
    groupKey: group,
    receiver: 'tocsin',
    externalURL: `http://alertmanager-${position}:9093`,
    status: alerts.some(({ endsAtMs }) => endsAtMs === null) ? 'firing' : 'resolved',
    truncatedAlerts: all.length - alerts.length,
    alerts: alerts.map(({ alert, startsAtMs, endsAtMs }) => ({
      status: endsAtMs === null ? 'firing' : 'resolved',
      labels: {
        alertname: `Rule ${group}`,
        severity: alert.severityLabel,
        service: alert.service,
        instance: alert.fingerprint,
      },
      annotations: { summary: `${group} is in trouble` },
      startsAt: toIso(epochMs(startsAtMs)),
      endsAt: endsAtMs === null ? '0001-01-01T00:00:00Z' : toIso(epochMs(endsAtMs)),
      fingerprint: alert.fingerprint,
    })),
  };
  const facts = alerts.map(({ alert, startsAtMs, endsAtMs }) => ({
    sourceId: sourceIds.alertmanager,
    fingerprint: alert.fingerprint,
    startsAtMs,
    isFiring: endsAtMs === null,
    severity: severityOf(alert),
    service: alert.service,
  }));
  return { body: new TextEncoder().encode(JSON.stringify(body)), facts };
}

import { createHash } from 'node:crypto';
import type { Random } from './random.ts';

/** One problem of the stream, from its first alert to its last delivery. */
export interface Episode {
  /** Names the alert, so that its page can be found. */
  readonly mark: string;
  /** Bodies in the order in which Alertmanager would post them, each when the one before is taken. */
  readonly deliveries: readonly Delivery[];
  readonly endsResolved: boolean;
}

export interface Delivery {
  readonly body: string;
  /** Posted by both members of a cluster at the same time. */
  readonly isDoubled: boolean;
}

/** An episode of new, repeated, grown and resolved deliveries, as the dice fall. */
export function newEpisode(mark: string, random: Random): Episode {
  const startedAtMs = Date.now();
  const of = (instances: number, isResolved: boolean): Delivery => ({
    body: alertmanagerBody({ mark, instances, startedAtMs, isResolved }),
    isDoubled: random.chance(0.3),
  });
  const first = 1 + random.below(3);
  const grown = random.chance(0.4) ? first + 1 + random.below(4) : first;
  const endsResolved = random.chance(0.6);
  const deliveries = [
    of(first, false),
    ...(random.chance(0.5) ? [of(first, false)] : []),
    ...(grown > first ? [of(grown, false)] : []),
    ...(random.chance(0.3) ? [of(grown, false)] : []),
    ...(endsResolved ? [of(grown, true)] : []),
    ...(endsResolved && random.chance(0.3) ? [of(grown, true)] : []),
  ];
  return { mark, deliveries, endsResolved };
}

export interface AlertGroup {
  readonly mark: string;
  readonly instances: number;
  readonly startedAtMs: number;
  readonly isResolved: boolean;
}

/** What Alertmanager posts for one group, version 4. */
export function alertmanagerBody(group: AlertGroup): string {
  const { mark, instances, startedAtMs, isResolved } = group;
  const labels = {
    alertname: mark,
    service: 'checkout',
    severity: 'critical',
    environment: 'production',
  };
  const status = isResolved ? 'resolved' : 'firing';
  return JSON.stringify({
    version: '4',
    groupKey: `{}:{alertname="${mark}"}`,
    truncatedAlerts: 0,
    status,
    receiver: 'tocsin',
    groupLabels: { alertname: mark },
    commonLabels: labels,
    commonAnnotations: {},
    externalURL: 'http://alertmanager.example.com',
    alerts: Array.from({ length: instances }, (_, n) => ({
      status,
      labels: { ...labels, instance: `10.0.0.${n}:9100` },
      annotations: { summary: `${mark} on 10.0.0.${n}` },
      startsAt: new Date(startedAtMs + n).toISOString(),
      endsAt: isResolved ? new Date(startedAtMs + 1000).toISOString() : '0001-01-01T00:00:00Z',
      generatorURL: 'http://prometheus.example.com/graph',
      fingerprint: createHash('sha256').update(`${mark} ${n}`).digest('hex').slice(0, 16),
    })),
  });
}

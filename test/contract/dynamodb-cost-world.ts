import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { act } from '../../lib/app/act.ts';
import type { IntakeDeps, PagingDeps } from '../../lib/app/deps.ts';
import { ingest } from '../../lib/app/ingest.ts';
import { sendIntent } from '../../lib/app/send-page.ts';
import { decodeAlertmanager } from '../../lib/codec/alertmanager.ts';
import { deliveryDigest } from '../../lib/codec/set-digest.ts';
import type { IncidentCommand } from '../../lib/domain/incident/command.ts';
import type { Incident } from '../../lib/domain/incident/state.ts';
import type { Policy, SourcePolicy, TenantPolicy } from '../../lib/domain/policy/policy.ts';
import { noActions } from '../../lib/domain/policy/no-actions.ts';
import { after, hours, minutes, seconds, type DurationMs } from '../../lib/domain/shared/time.ts';
import { createDynamoDbStore } from '../../lib/adapters/dynamodb/store.ts';
import { createMemoryBlobs } from '../../lib/adapters/memory/blobs.ts';
import { createMemoryLog } from '../../lib/adapters/memory/log.ts';
import { createMemoryFallbackPager, createMemoryPager } from '../../lib/adapters/memory/pager.ts';
import { systemHashing } from '../../lib/adapters/system/hashing.ts';
import { meterCapacity, type Units } from './dynamodb-capacity.ts';
import { t0 } from './store-samples.ts';

type WorldDeps = IntakeDeps & PagingDeps;

/** The real use cases on the real adapter, with a meter at the table. */
export interface CostWorld {
  readonly deps: WorldDeps;
  readonly spent: (work: () => Promise<unknown>) => Promise<Units>;
  /** Posts a body of so many alerts in one group; later numbers hold the alerts of earlier ones. */
  readonly deliver: (alerts: number, group?: string) => Promise<Incident>;
  readonly command: (incident: Incident, command: IncidentCommand) => Promise<Incident>;
  readonly sendPages: (incident: Incident) => Promise<void>;
  readonly pass: (span: DurationMs) => void;
}

const source: SourcePolicy = {
  id: 'prometheus',
  kind: 'alertmanager',
  labels: {},
  apiUrl: null,
  unreadableSeverity: 'P2',
};

const tenant: TenantPolicy = {
  id: 'default',
  name: 'Default',
  sources: [source],
  services: [],
  environmentLabels: ['environment'],
  severityRules: [
    {
      id: 'critical-production',
      match: [{ label: 'severity', operator: '=', value: 'critical' }],
      tiers: [],
      environments: ['production'],
      severity: 'P0',
      reason: 'A critical alert in production is a platform outage.',
    },
  ],
  defaultSeverity: 'P2',
  blastRules: [],
  groupingRules: [{ id: 'by-source', match: [], by: 'source-group' }],
  lifecycle: {
    reopenWindowMs: minutes(30),
    resolveDelayMs: minutes(1),
    maxAgeMs: hours(24),
    manualResolveQuietMs: hours(4),
  },
  sla: {
    targets: {
      P0: { respondMs: minutes(15), resolveMs: hours(1) },
      P1: { respondMs: hours(1), resolveMs: hours(4) },
      P2: { respondMs: hours(4), resolveMs: hours(24) },
    },
    stagesPct: [50, 80, 100],
    afterBreach: { everyPct: 50, times: 4 },
  },
  paging: {
    defaultRoutingKey: 'default',
    ratePerMinute: 120,
    fallbackSeverities: ['P0', 'P1'],
    fallbackAfterMs: seconds(60),
    pageDeadlineMs: minutes(30),
    ackIdleMs: { P0: null, P1: null, P2: null },
    adoptIncidents: true,
    priorities: { P0: null, P1: null, P2: null },
  },
  communication: {
    updateEveryMs: { P0: null, P1: null, P2: null },
    postmortemWithinMs: { P0: null, P1: null, P2: null },
    closeAfterMs: { P0: hours(2), P1: hours(2), P2: hours(2) },
  },
  slack: null,
  people: [],
  actions: noActions,
};

const policy: Policy = { version: '0123456789ab', tenants: [tenant] };

export function createCostWorld(client: DynamoDBClient, tableName: string): CostWorld {
  const { of: spent } = meterCapacity(client);
  let nowMs = t0;
  let requests = 0;
  const clock = { now: () => nowMs, sleep: () => Promise.resolve() };
  const log = createMemoryLog();
  const rng = (): number => 0.5;
  const deps: WorldDeps = {
    store: createDynamoDbStore({ client, tableName, clock, rng, log }),
    clock,
    hashing: systemHashing,
    rng,
    log,
    policy,
    pager: createMemoryPager(),
    fallback: createMemoryFallbackPager(),
    consoleUrl: (of, id) => Promise.resolve(`https://tocsin.example/incidents/${of}/${id}`),
    blobs: createMemoryBlobs(),
  };
  const load = async (incidentId: string): Promise<Incident> => {
    const loaded = await deps.store.loadIncident('default', incidentId);
    if (!loaded.ok || loaded.value === null) throw new Error(`No incident ${incidentId}.`);
    return loaded.value;
  };
  return {
    deps,
    spent,
    pass: (span) => void (nowMs = after(nowMs, span)),
    async deliver(alerts, group = 'checkout') {
      requests += 1;
      const body = alertmanagerMessage(alerts, group);
      const delivery = decodeAlertmanager(body);
      if (!delivery.ok) throw new Error(delivery.error.reason);
      const taken = await ingest(deps, {
        origin: { tenant, source },
        delivery: delivery.value,
        body,
        setDigest: deliveryDigest(delivery.value, systemHashing.digest),
        requestId: `request-${requests}`,
        operator: null,
      });
      if (!taken.ok) throw new Error(taken.error.message);
      const [placed] = taken.value.placed;
      // Whatever is asked here would be measured, so the incident comes from the use case.
      return (placed?.incident ?? null) as Incident;
    },
    async command(incident, command) {
      const input = { tenant: 'default', incidentId: incident.id, command, causeId: 'test' };
      const acted = await act(deps, input);
      if (!acted.ok) throw new Error(acted.error.message);
      if (acted.value.refusal !== null) throw new Error(JSON.stringify(acted.value.refusal));
      return acted.value.incident;
    },
    async sendPages(incident) {
      for (const { intentId } of (await load(incident.id)).intents) {
        const sent = await sendIntent(deps, {
          tenant: 'default',
          incidentId: incident.id,
          intentId,
        });
        if (!sent.ok || sent.value.kind !== 'accepted') throw new Error(JSON.stringify(sent));
      }
    },
  };
}

/** What Alertmanager posts for so many alerts of one group. */
function alertmanagerMessage(count: number, group: string): Uint8Array {
  const labels = {
    alertname: 'CheckoutDown',
    service: group,
    severity: 'critical',
    environment: 'production',
  };
  const alerts = Array.from({ length: count }, (_, index) => ({
    status: 'firing',
    labels: { ...labels, instance: `10.0.${index}.17:9100` },
    annotations: {
      summary: `The ${group} service has answered no request for two minutes.`,
      runbook_url: 'https://runbooks.example.com/checkout-down',
    },
    startsAt: new Date(t0 - 120_000 + index * 1000).toISOString(),
    endsAt: '0001-01-01T00:00:00Z',
    generatorURL: `http://prometheus:9090/graph?g0.expr=up%7Binstance%3D%22${index}%22%7D`,
    fingerprint: systemHashing.digest(`${group} ${index}`).slice(0, 16),
  }));
  const message = {
    version: '4',
    groupKey: `{}/{severity="critical"}:{alertname="CheckoutDown", service="${group}"}`,
    truncatedAlerts: 0,
    status: 'firing',
    receiver: 'tocsin',
    groupLabels: { alertname: 'CheckoutDown', service: group },
    commonLabels: labels,
    commonAnnotations: {},
    externalURL: 'http://alertmanager:9093',
    alerts,
  };
  return Buffer.from(JSON.stringify(message));
}

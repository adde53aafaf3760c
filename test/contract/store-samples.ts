import type { Episode, Thread } from '../../lib/domain/correlation/thread.ts';
import type { DueAt } from '../../lib/domain/incident/due.ts';
import type { AlertRef, Commit, IncidentEvent } from '../../lib/domain/incident/event.ts';
import { unknownBefore } from '../../lib/domain/incident/earlier-versions.ts';
import type { Incident, Triggered } from '../../lib/domain/incident/state.ts';
import { durationMs, epochMs, hours, minutes, type EpochMs } from '../../lib/domain/shared/time.ts';
import type { DeliveryKey, StoredDelivery, Transaction } from '../../lib/ports/store.ts';
import { systemHashing } from '../../lib/adapters/system/hashing.ts';

/** An instant that all samples are around. */
export const t0 = epochMs(Date.parse('2026-05-12T03:04:05.000Z'));

/** The instant so many milliseconds after `t0`. */
export const at = (ms: number): EpochMs => epochMs(t0 + ms);

const { digest } = systemHashing;

/** An open incident as the domain makes it, with texts of usual length. */
export function sampleIncident(of: Partial<Triggered> = {}): Triggered {
  return {
    state: 'triggered',
    settleAtMs: null,
    tenant: 'default',
    id: 'k3v9m-2q7xzwn',
    version: 5,
    lastHash: digest('last'),
    correlationKey: '{}/{severity="critical"}:{alertname="CheckoutDown", service="checkout"}',
    dedupKey: `tocsin:default:${digest('thread').slice(0, 32)}:${digest('episode').slice(0, 16)}`,
    episode: `${digest('fingerprint').slice(0, 16)}@${t0}`,
    sourceId: 'prometheus',
    isOperator: false,
    title: 'CheckoutDown on checkout in production',
    summary: 'The checkout service has answered no request for two minutes.',
    service: 'checkout',
    team: 'payments',
    environment: 'production',
    routingKey: 'payments',
    links: { runbook: 'https://runbooks.example.com/checkout-down' },
    severity: 'P0',
    severityReason: {
      rule: 'tier-1-critical',
      text: 'A critical alert on a service of tier 1 in production is a platform outage.',
    },
    policyVersion: '0123456789ab',
    ordinal: 1,
    openedAtMs: t0,
    reopenCount: 0,
    totals: { episodes: 1, firing: 1, alerts: 1 },
    isIncomplete: false,
    services: ['checkout'],
    blastRules: [],
    ladder: { stagesPct: [50, 80, 100], afterBreach: { everyPct: 50, times: 4 } },
    response: sampleClock('response', 15),
    resolution: sampleClock('resolution', 60),
    intents: [sampleIntent()],
    trigger: 'requested',
    triggerAskedAtMs: t0,
    pagedAtMs: null,
    fallbackAskedAtMs: null,
    pagerSeenAtMs: null,
    pagerIncidentId: null,
    pagerUrl: null,
    ...unknownBefore,
    ...of,
  };
}

function sampleClock(
  name: 'response' | 'resolution',
  targetMinutes: number,
): Triggered['response'] {
  return {
    name,
    version: 1,
    severity: 'P0',
    fromMs: t0,
    targetMs: minutes(targetMinutes),
    elapsedBeforeMs: durationMs(0),
    reachedPct: 0,
    isBreached: false,
    isBreachWithdrawn: false,
    end: null,
  };
}

function sampleIntent(): Triggered['intents'][number] {
  return {
    intentId: `open.${digest('intent').slice(0, 16)}`,
    channel: 'pagerduty',
    action: 'trigger',
    purpose: 'open',
    text: 'P0: CheckoutDown on checkout in production',
    target: null,
    createdAtMs: t0,
    owedSinceMs: t0,
    dueAtMs: at(5000),
    failedAttempts: 0,
    wasRejected: false,
    isHeld: false,
  };
}

/** One resolved version of an incident. */
export const resolvedOf = (incident: Triggered): Incident => {
  const { settleAtMs: _settleAtMs, ...facts } = incident;
  return {
    ...facts,
    state: 'resolved',
    version: incident.version + 1,
    cause: 'source',
    resolvedBy: { kind: 'source', sourceId: 'prometheus' },
    resolvedAtMs: at(60_000),
    quietUntilMs: null,
    intents: [],
  };
};

export const note = (text: string): IncidentEvent => ({
  type: 'note.added',
  by: { kind: 'person', via: 'api', id: 'ada', name: 'Ada' },
  text,
});

/** What an attached delivery says of so many alerts, the first twenty with their labels. */
export const attached = (count: number): IncidentEvent => ({
  type: 'alerts.attached',
  sourceId: 'prometheus',
  deliveryId: digest(`delivery ${count}`).slice(0, 32),
  alerts: Array.from({ length: Math.min(count, 20) }, (_, index) => sampleAlert(index)),
  alertsNotListed: Math.max(0, count - 20),
  truncatedAlerts: 0,
  cuts: [],
  totals: { episodes: count, firing: count, alerts: count },
  blastRules: [],
  services: ['checkout'],
});

function sampleAlert(index: number): AlertRef {
  return {
    fingerprint: digest(`alert ${index}`).slice(0, 16),
    startsAtMs: at(index * 1000),
    status: 'firing',
    name: 'CheckoutDown',
    summary: 'The checkout service has answered no request for two minutes.',
    labels: {
      alertname: 'CheckoutDown',
      service: 'checkout',
      severity: 'critical',
      environment: 'production',
      instance: `10.0.${index}.17:9100`,
    },
  };
}

/** A commit that brings an incident to its version by so many events. */
export function commitOf(incident: Incident, events: readonly IncidentEvent[]): Commit {
  return {
    tenant: incident.tenant,
    incidentId: incident.id,
    firstSeq: incident.version - events.length + 1,
    atMs: t0,
    policyVersion: incident.policyVersion,
    causeId: `delivery:${digest('cause').slice(0, 32)}`,
    events,
    previousHash: digest('previous'),
    hash: digest(`hash ${incident.version}`),
  };
}

/** The transaction that opens an incident or takes it on from an expected version. */
export function writeOf(
  incident: Incident,
  more: Partial<Transaction['incident']> & { readonly token?: string } = {},
): Transaction {
  const { token = `${incident.tenant}:${incident.id}:${incident.version}`, ...rest } = more;
  const expectedVersion = rest.expectedVersion ?? 0;
  const count = incident.version - expectedVersion;
  const events = Array.from({ length: count }, (_, index) => note(`Event ${index}`));
  const commit = rest.commit ?? commitOf(incident, events);
  return {
    token,
    incident: { incident, expectedVersion, commit, dueAdded: [], dueRemoved: [], ...rest },
  };
}

/** A due row: a timer by its name, or anything else as an intent. */
export function dueOf(incidentId: string, dueAtMs: number, name = 'response'): DueAt {
  const isTimer = name === 'response' || name === 'resolution' || name === 'settle';
  return {
    tenant: 'default',
    incidentId,
    dueAtMs: epochMs(dueAtMs),
    row: isTimer ? { kind: 'timer', name } : { kind: 'intent', intentId: name },
  };
}

export function sampleEpisodes(count: number): readonly Episode[] {
  return Array.from({ length: count }, (_, index) => ({
    fingerprint: digest(`episode ${index}`).slice(0, 16),
    startsAtMs: at(Math.floor(index / 3) * 60_000 + ((index * 7919) % 1000) * 37),
    status: index % 4 === 0 ? 'resolved' : 'firing',
    ordinal: 1,
  }));
}

export function sampleThread(of: Partial<Thread> = {}): Thread {
  return {
    tenant: 'default',
    threadHash: digest('thread').slice(0, 32),
    correlationKey: '{}/{severity="critical"}:{alertname="CheckoutDown", service="checkout"}',
    version: 1,
    current: { incidentId: 'k3v9m-2q7xzwn', ordinal: 1, isOpen: true, quietUntilMs: null },
    episodes: sampleEpisodes(1),
    ...of,
  };
}

export const sampleKey = (of: Partial<DeliveryKey> = {}): DeliveryKey => ({
  tenant: 'default',
  sourceId: 'prometheus',
  groupHash: digest('group'),
  setDigest: digest('set'),
  ...of,
});

export function sampleDelivery(of: Partial<StoredDelivery> = {}): StoredDelivery {
  const body = of.body === undefined ? alertmanagerBody(1) : of.body;
  return {
    key: sampleKey(),
    deliveryId: digest('delivery').slice(0, 32),
    receivedAtMs: t0,
    bodyHash: body === null ? digest('blob') : systemHashing.digestBytes(body),
    outcome: {
      kind: 'attached',
      incidentIds: ['k3v9m-2q7xzwn'],
      alerts: 1,
      reason: 'Every alert is in an incident.',
    },
    threadHashes: [digest('thread').slice(0, 32)],
    ...of,
    body,
  };
}

/** A webhook body of so many alerts, as Alertmanager sends it: about 700 bytes an alert. */
export function alertmanagerBody(count: number): Uint8Array {
  const alerts = Array.from({ length: count }, (_, index) => ({
    ...sampleAlert(index),
    annotations: {
      summary: 'The checkout service has answered no request for two minutes.',
      runbook_url: 'https://runbooks.example.com/checkout-down',
    },
    endsAt: '0001-01-01T00:00:00Z',
    generatorURL: `http://prometheus:9090/graph?g0.expr=up%7Binstance%3D%22${index}%22%7D+%3D%3D+0`,
  }));
  return Buffer.from(
    JSON.stringify({ version: '4', receiver: 'tocsin', status: 'firing', alerts }),
  );
}

/** How long a claim of the samples holds. */
export const claimKept = hours(1);

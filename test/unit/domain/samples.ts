import { systemHashing } from '../../../lib/adapters/system/hashing.ts';
import type { Alert } from '../../../lib/domain/alert/alert.ts';
import type { DecisionContext } from '../../../lib/domain/incident/decision.ts';
import type { IncidentCommand } from '../../../lib/domain/incident/command.ts';
import { decide } from '../../../lib/domain/incident/decide.ts';
import { dutiesOf } from '../../../lib/domain/incident/duties.ts';
import { begin, evolve } from '../../../lib/domain/incident/evolve.ts';
import type {
  AlertsAttached,
  AlertTotals,
  IncidentEvent,
  IncidentEventType,
  IncidentOpened,
} from '../../../lib/domain/incident/event.ts';
import type { PageRequested } from '../../../lib/domain/incident/page-event.ts';
import type { Principal } from '../../../lib/domain/incident/principal.ts';
import type { Incident } from '../../../lib/domain/incident/state.ts';
import type { Matcher } from '../../../lib/domain/alert/matcher.ts';
import type {
  LifecyclePolicy,
  ServicePolicy,
  Severity,
  SeverityRule,
  TenantPolicy,
} from '../../../lib/domain/policy/policy.ts';
import { noActions } from '../../../lib/domain/policy/no-actions.ts';
import { epochMs, hours, minutes, seconds, type EpochMs } from '../../../lib/domain/shared/time.ts';

export const { digest } = systemHashing;

export const t0 = epochMs(Date.parse('2026-05-12T03:00:00.000Z'));
/** So many minutes after the incident of the samples opened, and so many milliseconds. */
export const at = (min: number, ms = 0): EpochMs => epochMs(t0 + min * 60_000 + ms);

export const ada: Principal = { kind: 'person', via: 'api', id: 'ada', name: 'Ada' };
export const bob: Principal = { kind: 'person', via: 'pagerduty', id: 'PBOB', name: 'Bob' };
export const source: Principal = { kind: 'source', sourceId: 'prometheus' };
export const lifecycle: Principal = { kind: 'system', part: 'lifecycle' };

export const equals = (label: string, value: string): Matcher => ({ label, operator: '=', value });

const rule = (severity: Severity, value: string): SeverityRule => ({
  id: `label-${value}`,
  match: [equals('severity', value)],
  tiers: [],
  environments: [],
  severity,
  reason: `the alert says ${value}`,
});

export const checkout: ServicePolicy = {
  id: 'checkout',
  name: 'Checkout',
  team: 'payments',
  tier: 1,
  match: [equals('service', 'checkout')],
  routingKey: 'payments',
  pagerdutyServiceId: null,
  runbookUrl: 'https://wiki.example/checkout',
  dashboardUrl: null,
};

/** P0 15 min and 1 h, P1 1 h and 4 h, P2 4 h and 24 h; 2 min resolve delay, 15 min to reopen. */
export const tenant: TenantPolicy = {
  id: 'acme',
  name: 'Acme',
  sources: [],
  services: [checkout],
  environmentLabels: ['environment', 'env'],
  severityRules: [rule('P0', 'critical'), rule('P1', 'error'), rule('P2', 'warning')],
  defaultSeverity: 'P2',
  blastRules: [],
  groupingRules: [],
  lifecycle: {
    reopenWindowMs: minutes(15),
    resolveDelayMs: minutes(2),
    maxAgeMs: hours(24),
    manualResolveQuietMs: minutes(10),
  },
  sla: {
    targets: {
      P0: { respondMs: minutes(15), resolveMs: hours(1) },
      P1: { respondMs: hours(1), resolveMs: hours(4) },
      P2: { respondMs: hours(4), resolveMs: hours(24) },
    },
    stagesPct: [50, 80, 100],
    afterBreach: { everyPct: 50, times: 2 },
  },
  paging: {
    defaultRoutingKey: 'default',
    ratePerMinute: 100,
    fallbackSeverities: ['P0', 'P1'],
    fallbackAfterMs: seconds(60),
    pageDeadlineMs: minutes(10),
    ackIdleMs: { P0: hours(1), P1: hours(4), P2: null },
    adoptIncidents: true,
    priorities: { P0: null, P1: null, P2: null },
  },
  communication: {
    updateEveryMs: { P0: minutes(15), P1: minutes(15), P2: null },
    postmortemWithinMs: { P0: hours(48), P1: hours(48), P2: null },
    closeAfterMs: { P0: hours(2), P1: hours(2), P2: hours(2) },
  },
  slack: null,
  people: [],
  actions: noActions,
};

export const withLifecycle = (lifecyclePolicy: Partial<LifecyclePolicy>): TenantPolicy => ({
  ...tenant,
  lifecycle: { ...tenant.lifecycle, ...lifecyclePolicy },
});

export const context = (nowMs: EpochMs, policy: TenantPolicy = tenant): DecisionContext => ({
  policy,
  nowMs,
});

export const opened = (of: Partial<IncidentOpened> = {}): IncidentOpened => ({
  type: 'incident.opened',
  correlationKey: '["by-service",[["@service","checkout"]]]',
  grouping: { rule: 'by-service', text: 'alerts with the same @service are one incident' },
  dedupKey: 'tocsin:acme:0123456789abcdef0123456789abcdef:0123456789abcdef',
  episode: `start:${t0}`,
  sourceId: 'prometheus',
  title: 'CheckoutDown (checkout, production)',
  summary: 'No checkout succeeds',
  service: 'checkout',
  team: 'payments',
  environment: 'production',
  routingKey: 'payments',
  links: { runbook: 'https://wiki.example/checkout' },
  severity: 'P1',
  severityReason: { rule: 'label-error', text: 'the alert says error' },
  policyVersion: '0123456789ab',
  target: tenant.sla.targets[of.severity ?? 'P1'],
  ladder: { stagesPct: tenant.sla.stagesPct, afterBreach: tenant.sla.afterBreach },
  ordinal: 1,
  isOperator: false,
  ...of,
});

export const totals = (firing: number, episodes = firing, alerts = episodes): AlertTotals => ({
  firing,
  episodes,
  alerts,
});

export const attached = (of: Partial<AlertsAttached> = {}): AlertsAttached => ({
  type: 'alerts.attached',
  sourceId: 'prometheus',
  deliveryId: 'd1',
  alerts: [
    {
      fingerprint: 'a',
      startsAtMs: t0,
      status: 'firing',
      name: 'CheckoutDown',
      summary: 'No checkout succeeds',
    },
  ],
  alertsNotListed: 0,
  truncatedAlerts: 0,
  cuts: [],
  totals: totals(1),
  blastRules: [],
  services: ['checkout'],
  ...of,
});

export const requested = (of: Partial<PageRequested> = {}): PageRequested => ({
  type: 'page.requested',
  intentId: 'p3',
  channel: 'pagerduty',
  action: 'trigger',
  purpose: 'open',
  text: 'opened as P1: the alert says error',
  notBeforeMs: t0,
  ...of,
});

export const accepted = {
  type: 'page.accepted',
  intentId: 'p3',
  channel: 'pagerduty',
  action: 'trigger',
  attempt: 1,
} as const;

/** Events with the instants at which they were recorded. */
export type Given = readonly (readonly [atMs: EpochMs, event: IncidentEvent])[];

/** An incident that one alert opened as P1, whose page is on its way. */
export const justOpened: Given = [
  [t0, opened()],
  [t0, attached()],
  [t0, requested()],
];

/** The same with its page accepted a second later. */
export const paged: Given = [...justOpened, [at(0, 1000), accepted]];

/** The same, acknowledged by Ada after ten minutes. */
export const acknowledged: Given = [
  ...paged,
  [at(10), { type: 'incident.acknowledged', by: ada, occurredAtMs: at(10) }],
  [at(10), { type: 'sla.met', clock: 'response', version: 1, elapsedMs: minutes(10), late: false }],
];

/** The same as paged, resolved by Ada after 20 minutes while its alert fires. */
export const resolvedByHand: Given = [
  ...paged,
  [at(20), { type: 'sla.met', clock: 'response', version: 1, elapsedMs: minutes(20), late: false }],
  [
    at(20),
    { type: 'sla.met', clock: 'resolution', version: 1, elapsedMs: minutes(20), late: false },
  ],
  [
    at(20),
    {
      type: 'incident.resolved',
      cause: 'person',
      by: ada,
      occurredAtMs: at(20),
      quietUntilMs: at(30),
      note: 'rolled back',
    },
  ],
];

/** The same events of an incident that owes what the policy of the samples asks. */
export const owing = (given: Given): Given =>
  given.map(([atMs, event]) =>
    event.type === 'incident.opened'
      ? [atMs, { ...event, duties: dutiesOf(tenant, { isOperator: false }) }]
      : [atMs, event],
  );

/** The incident that these events make, folded as the store would. */
export function fold(given: Given): Incident {
  const [first, ...rest] = given;
  if (first?.[1].type !== 'incident.opened') throw new Error('A log begins with an opening.');
  const [openedAtMs, opening] = first;
  return rest.reduce<Incident>(
    (incident, [atMs, event]) => evolve(incident, { seq: incident.version + 1, atMs, event }),
    begin({ tenant: 'acme', incidentId: 'abcde-1234567' }, opening, openedAtMs),
  );
}

/** An alert of the service checkout, without anything that does not matter here. */
export const alert = (of: Partial<Alert> = {}): Alert => ({
  fingerprint: 'a',
  startsAtMs: t0,
  endsAtMs: null,
  status: 'firing',
  name: 'CheckoutDown',
  summary: 'No checkout succeeds',
  description: '',
  labels: { service: 'checkout', severity: 'error' },
  annotations: {},
  links: {},
  sourceFields: {},
  cuts: [],
  ...of,
});

/** Decides a command on the incident that the events make. */
export function when(
  given: Given,
  command: IncidentCommand,
  { nowMs, policy = tenant }: { readonly nowMs: EpochMs; readonly policy?: TenantPolicy },
): {
  readonly then: readonly IncidentEvent[];
  readonly incident: Incident;
  readonly refused: string | null;
} {
  const { decided, outcome } = decide(fold(given), command, context(nowMs, policy));
  return {
    then: decided.events,
    incident: decided.incident,
    refused: outcome.ok ? null : outcome.error.kind,
  };
}

/** The events of one type. */
export const of = <Type extends IncidentEventType>(
  events: readonly IncidentEvent[],
  type: Type,
): readonly Extract<IncidentEvent, { readonly type: Type }>[] =>
  events.filter(
    (event): event is Extract<IncidentEvent, { readonly type: Type }> => event.type === type,
  );

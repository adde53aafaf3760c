import type { Alert, AlertLinks } from '../alert/alert.ts';
import type { AlertRef, IncidentOpened } from '../incident/event.ts';
import type { Attachment } from '../incident/command.ts';
import { identify } from '../incident/identity.ts';
import type { Incident } from '../incident/state.ts';
import { isGraver, type ServicePolicy } from '../policy/policy.ts';
import { blastRulesMet, classify, type Classified } from '../severity/classify.ts';
import { invariant } from '../shared/invariant.ts';
import { episodeKey, prune, totalsOf, type Absorbed } from './episodes.ts';
import type { PlacedAlert } from './place.ts';
import type { DeliveryPlan, PlanContext, PlanInput } from './delivery-plan.ts';
import type { Episode } from './thread.ts';

/** Alerts listed with their labels, and listed at all; the raw delivery has every one. */
const maxLabelled = 20;
const maxListed = 200;
const maxServices = 50;
const maxCuts = 10;

/** Takes the alerts into the incident that the thread already has. */
export function attachCommand(
  input: PlanInput,
  absorbed: Absorbed,
  on: {
    readonly context: PlanContext;
    readonly incident: Incident;
    readonly reopen: string | null;
  },
): DeliveryPlan {
  const { incident, context, reopen } = on;
  const { thread } = input;
  invariant(thread.current !== null, 'alerts are attached to a current incident');
  const { ordinal } = thread.current;
  const attached = withBlastRules(
    attachment(input, absorbed, { incident, ordinal }),
    membersIn(input, absorbed.episodes, ordinal),
    context,
  );
  return {
    kind: 'attach',
    thread: { ...thread, episodes: prune(absorbed.episodes, context.nowMs) },
    command: {
      kind: 'attach',
      attached,
      candidate: input.operator ?? candidateOf(input, absorbed, { attached, context }),
      reopen,
    },
  };
}

/** What the set says once it has grown. Repeats and ends say nothing: a person may have lowered it. */
function candidateOf(
  input: PlanInput,
  absorbed: Absorbed,
  { attached, context }: { readonly attached: Attachment; readonly context: PlanContext },
): Classified | null {
  const joined = joinedAlerts(input, absorbed);
  return joined.length === 0 ? null : classify(joined, attached, context.policy);
}

/** Opens the thread's next incident with the alerts, and with whatever still fires in it. */
export function openCommand(
  input: PlanInput,
  absorbed: Absorbed,
  context: PlanContext,
): DeliveryPlan {
  const { thread } = input;
  const ordinal = (thread.current?.ordinal ?? 0) + 1;
  const joined = new Set(absorbed.joined.map(episodeKey));
  const belongs = (episode: Episode): boolean =>
    joined.has(episodeKey(episode)) || (episode.ordinal > 0 && episode.status === 'firing');
  const episodes = absorbed.episodes.map((episode) =>
    belongs(episode) ? { ...episode, ordinal } : episode,
  );
  const moved = { ...absorbed, episodes };
  const attached = withBlastRules(
    attachment(input, moved, { incident: null, ordinal }),
    membersIn(input, episodes, ordinal),
    context,
  );
  const opened = openedEvent(input, attached, { context, ordinal, absorbed: moved });
  const { incidentId } = identify(
    {
      tenant: context.policy.id,
      correlationKey: input.group.correlationKey,
      episode: opened.episode,
      ordinal,
    },
    context.digest,
  );
  return {
    kind: 'open',
    thread: { ...thread, episodes: prune(episodes, context.nowMs) },
    command: { kind: 'open', tenant: context.policy.id, incidentId, opened, attached },
  };
}

interface Opening {
  readonly context: PlanContext;
  readonly ordinal: number;
  readonly absorbed: Absorbed;
}

function openedEvent(
  input: PlanInput,
  attached: Attachment,
  { context, ordinal, absorbed }: Opening,
): Omit<IncidentOpened, 'type'> {
  const { policy, policyVersion, digest } = context;
  const lead = leadAlert(input.group.alerts);
  const { alert, service } = lead;
  const { severity, reason } = openingSeverity(input, attached, { context, ordinal, absorbed });
  const episode = episodeName(input, absorbed);
  const { correlationKey, grouping } = input.group;
  const identity = identify({ tenant: policy.id, correlationKey, episode, ordinal }, digest);
  return {
    correlationKey,
    grouping,
    dedupKey: identity.dedupKey,
    episode,
    ordinal,
    sourceId: input.sourceId,
    title: titleOf(lead),
    summary: alert.summary,
    service: lead.serviceId,
    team: service?.team ?? '',
    environment: lead.environment,
    routingKey: service?.routingKey ?? policy.paging.defaultRoutingKey,
    links: {
      ...serviceLinks(service),
      ...alert.links,
    },
    severity,
    severityReason: reason,
    policyVersion,
    target: policy.sla.targets[severity],
    ladder: { stagesPct: policy.sla.stagesPct, afterBreach: policy.sla.afterBreach },
    isOperator: input.operator !== null,
  };
}

function serviceLinks(service: ServicePolicy | null): AlertLinks {
  if (service === null) return {};
  const { runbookUrl, dashboardUrl } = service;
  return {
    ...(runbookUrl === null ? {} : { runbook: runbookUrl }),
    ...(dashboardUrl === null ? {} : { dashboard: dashboardUrl }),
  };
}

function openingSeverity(
  input: PlanInput,
  attached: Attachment,
  { context: { policy }, ordinal, absorbed }: Opening,
): Classified {
  if (input.operator !== null) return input.operator;
  const members = membersIn(input, absorbed.episodes, ordinal);
  const own = classify(members, attached, policy) ?? {
    severity: policy.defaultSeverity,
    reason: { rule: 'default', text: 'nothing else applies' },
  };
  const previous = input.incident;
  const carriesOver = attached.totals.episodes > absorbed.joined.length;
  if (previous === null || !carriesOver || !isGraver(previous.severity, own.severity)) return own;
  const text = `carried over from incident ${previous.id}, whose alerts still fire`;
  return { severity: previous.severity, reason: { rule: 'carried-over', text } };
}

/**
 * The episode as the source defines it: a Cloud Monitoring incident has an id of its own; an
 * Alertmanager group begins with its earliest alert. What an earlier incident already had does
 * not count: its key is that incident's, and the resolve of that may still be on its way.
 */
function episodeName(input: PlanInput, absorbed: Absorbed): string {
  const joined = joinedAlerts(input, absorbed);
  const { alert } = leadAlert(joined.length > 0 ? joined : input.group.alerts);
  return input.sourceKind === 'alertmanager'
    ? `start:${alert.startsAtMs}`
    : `id:${alert.fingerprint}`;
}

/** The alert that names the incident: firing before resolved, then the earliest. */
function leadAlert(alerts: readonly PlacedAlert[]): PlacedAlert {
  const rank = ({ alert }: PlacedAlert): number => (alert.status === 'firing' ? 0 : 1);
  const [lead] = [...alerts].sort(
    (a, b) =>
      rank(a) - rank(b) ||
      a.alert.startsAtMs - b.alert.startsAtMs ||
      (a.alert.fingerprint < b.alert.fingerprint ? -1 : 1),
  );
  invariant(lead !== undefined, 'a group of alerts has at least one');
  return lead;
}

function titleOf({ alert, serviceId, environment }: PlacedAlert): string {
  const where = [serviceId, environment].filter((part) => part !== '').join(', ');
  return where === '' ? alert.name : `${alert.name} (${where})`;
}

function attachment(
  input: PlanInput,
  absorbed: Absorbed,
  on: { readonly incident: Incident | null; readonly ordinal: number },
): Attachment {
  const changed = new Map(
    [...absorbed.joined, ...absorbed.ended].map((episode) => [episodeKey(episode), episode]),
  );
  const alerts = input.group.alerts.filter(({ alert }) => changed.has(episodeKey(alert)));
  const services = alerts.map(({ serviceId }) => serviceId).filter((id) => id !== '');
  return {
    sourceId: input.sourceId,
    deliveryId: input.deliveryId,
    alerts: alerts
      .slice(0, maxListed)
      .map(({ alert }, index) => alertRef(alert, changed, index < maxLabelled)),
    alertsNotListed: Math.max(0, alerts.length - maxListed),
    truncatedAlerts: input.truncatedAlerts,
    cuts: [...input.cuts, ...alerts.flatMap(({ alert }) => alert.cuts)].slice(0, maxCuts),
    totals: totalsOf(absorbed.episodes, on.ordinal),
    services: union(on.incident?.services ?? [], services).slice(0, maxServices),
    blastRules: on.incident?.blastRules ?? [],
  };
}

function alertRef(
  alert: Alert,
  changed: ReadonlyMap<string, Episode>,
  isLabelled: boolean,
): AlertRef {
  const { fingerprint, startsAtMs, name, summary, labels } = alert;
  const status = changed.get(episodeKey(alert))?.status ?? alert.status;
  const ref = { fingerprint, startsAtMs, status, name, summary: summary.slice(0, 200) };
  return isLabelled ? { ...ref, labels } : ref;
}

/** Adds the blast rules that these alerts met. */
function withBlastRules<Of extends { readonly blastRules: readonly string[] }>(
  of: Of,
  members: readonly PlacedAlert[],
  { policy }: PlanContext,
): Of {
  const met = blastRulesMet(members, policy);
  return { ...of, blastRules: union(of.blastRules, met) };
}

/** Alerts of the delivery that belong to the incident: not those of which only the end is known. */
function membersIn(
  { group }: PlanInput,
  episodes: readonly Episode[],
  ordinal: number,
): readonly PlacedAlert[] {
  const keys = new Set(episodes.filter((episode) => episode.ordinal === ordinal).map(episodeKey));
  return group.alerts.filter(({ alert }) => keys.has(episodeKey(alert)));
}

function joinedAlerts(input: PlanInput, { joined }: Absorbed): readonly PlacedAlert[] {
  const keys = new Set(joined.map(episodeKey));
  return input.group.alerts.filter(({ alert }) => keys.has(episodeKey(alert)));
}

const union = (a: readonly string[], b: readonly string[]): readonly string[] => [
  ...new Set([...a, ...b]),
];

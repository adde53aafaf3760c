import type { AlertLinks } from '../alert/alert.ts';
import type { IncidentOpened } from '../incident/event.ts';
import type { Attachment } from '../incident/command.ts';
import { dutiesOf } from '../incident/duties.ts';
import { identify } from '../incident/identity.ts';
import type { Incident } from '../incident/state.ts';
import { isGraver, type ServicePolicy } from '../policy/policy.ts';
import { classify, type Classified } from '../severity/classify.ts';
import { invariant } from '../shared/invariant.ts';
import { attachmentOf, joinedAlerts, membersIn } from './attachment.ts';
import { episodeKey, prune, type Absorbed } from './episodes.ts';
import type { DeliveryPlan, PlanContext, PlanInput } from './delivery-plan.ts';
import type { Episode } from './thread.ts';
import { leadAlert, titleOf } from './title.ts';

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
  const attached = attachmentOf(input, absorbed, { incident, ordinal, policy: context.policy });
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
  const attached = attachmentOf(input, moved, { incident: null, ordinal, policy: context.policy });
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
  opening: Opening,
): Omit<IncidentOpened, 'type'> {
  const { context, ordinal } = opening;
  const { policy, policyVersion, digest } = context;
  const lead = leadAlert(input.group.alerts);
  const { alert, service } = lead;
  const { severity, reason } = openingSeverity(input, attached, opening);
  const episode = episodeName(input, opening);
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
    duties: dutiesOf(policy, { isOperator: input.operator !== null }),
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
 * not count: its key is that incident's, and the resolve of that may still be on its way. So an
 * episode that outlives its incident has the ordinal of the next one in its name.
 */
function episodeName(input: PlanInput, { absorbed, ordinal }: Opening): string {
  const joined = joinedAlerts(input, absorbed);
  const { alert } = leadAlert(joined.length > 0 ? joined : input.group.alerts);
  const name =
    input.sourceKind === 'alertmanager' ? `start:${alert.startsAtMs}` : `id:${alert.fingerprint}`;
  const before = input.incident?.episode ?? '';
  return before === name || before.startsWith(`${name}#`) ? `${name}#${ordinal}` : name;
}

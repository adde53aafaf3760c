import type {
  BlastRule,
  CommunicationPolicy,
  PagingPolicy,
  PersonPolicy,
  Policy,
  ServicePolicy,
  SlackPolicy,
  SlaPolicy,
  SourcePolicy,
  TenantPolicy,
} from '../../domain/policy/policy.ts';
import { policyVersion } from './compiled.ts';
import { noTeam } from './defaults.ts';
import type { PolicyFile } from './schema.ts';
import { toActions } from './to-actions.ts';

type TenantFile = PolicyFile['tenants'][string];

/** The policy that a valid file describes. */
export function toPolicy(file: PolicyFile): Policy {
  const tenants = Object.entries(file.tenants).map(([id, tenant]) => toTenant(id, tenant));
  return { version: policyVersion(tenants), tenants };
}

function toTenant(id: string, file: TenantFile): TenantPolicy {
  return {
    id,
    name: file.name ?? id,
    sources: file.sources.map(toSource),
    services: file.services.map(toService),
    environmentLabels: file.environmentLabels,
    severityRules: file.severity.rules,
    defaultSeverity: file.severity.default,
    blastRules: file.severity.blast.map(toBlastRule),
    groupingRules: file.grouping,
    lifecycle: {
      reopenWindowMs: file.lifecycle.reopenWindow,
      resolveDelayMs: file.lifecycle.resolveDelay,
      maxAgeMs: file.lifecycle.maxAge,
      manualResolveQuietMs: file.lifecycle.manualResolveQuiet,
    },
    sla: toSla(file.sla),
    paging: toPaging(file.paging),
    communication: toCommunication(file.communication),
    slack: file.slack === undefined ? null : toSlack(file.slack, file.services),
    people: file.people.map(toPerson),
    actions: toActions(file),
  };
}

const toSource = (file: TenantFile['sources'][number]): SourcePolicy => ({
  id: file.id,
  kind: file.kind,
  labels: file.labels,
  apiUrl: file.apiUrl ?? null,
  unreadableSeverity: file.unreadable,
});

const toService = (file: TenantFile['services'][number]): ServicePolicy => ({
  id: file.id,
  name: file.name ?? file.id,
  team: file.team ?? noTeam,
  tier: file.tier,
  match: file.match,
  routingKey: file.routingKey ?? null,
  pagerdutyServiceId: file.pagerdutyServiceId ?? null,
  runbookUrl: file.runbook ?? null,
  dashboardUrl: file.dashboard ?? null,
});

const toBlastRule = (file: TenantFile['severity']['blast'][number]): BlastRule => ({
  id: file.id,
  match: file.match,
  minServices: file.minServices ?? null,
  minAlerts: file.minAlerts ?? null,
  severity: file.severity,
  reason: file.reason,
});

const toSla = ({ targets, stages, afterBreach }: TenantFile['sla']): SlaPolicy => ({
  targets: { P0: toTarget(targets.P0), P1: toTarget(targets.P1), P2: toTarget(targets.P2) },
  stagesPct: stages,
  afterBreach: { everyPct: afterBreach.everyPercent, times: afterBreach.times },
});

const toTarget = (file: TenantFile['sla']['targets']['P0']) => ({
  respondMs: file.respond,
  resolveMs: file.resolve,
});

const toPaging = (file: TenantFile['paging']): PagingPolicy => ({
  defaultRoutingKey: file.routingKey,
  ratePerMinute: file.ratePerMinute,
  fallbackSeverities: file.fallback.severities,
  fallbackAfterMs: file.fallback.after,
  pageDeadlineMs: file.deadline,
  ackIdleMs: file.acknowledgementIdle,
  adoptIncidents: file.adoptIncidents,
  priorities: {
    P0: file.priorities.P0 ?? null,
    P1: file.priorities.P1 ?? null,
    P2: file.priorities.P2 ?? null,
  },
});

const toCommunication = (file: TenantFile['communication']): CommunicationPolicy => ({
  updateEveryMs: file.updateEvery,
  postmortemWithinMs: file.postmortemWithin,
  closeAfterMs: file.closeAfter,
});

const toSlack = (
  file: NonNullable<TenantFile['slack']>,
  services: TenantFile['services'],
): SlackPolicy => ({
  teamId: file.teamId,
  enterpriseId: file.enterpriseId ?? null,
  channel: file.channel,
  ownChannel: {
    severities: file.ownChannel.severities,
    prefix: file.ownChannel.prefix,
    isPrivate: file.ownChannel.private,
    archiveAfterMs: file.ownChannel.archiveAfter,
    invite: file.ownChannel.invite,
  },
  linkHosts: allowedHosts(file, services),
  warRoomUrl: file.warRoom ?? null,
});

/** Whoever wrote a link into the policy allows its host. */
function allowedHosts(
  { linkHosts, warRoom }: NonNullable<TenantFile['slack']>,
  services: TenantFile['services'],
): readonly string[] {
  const links = services.flatMap(({ runbook, dashboard }) => [runbook, dashboard]);
  const hosts = [...links, warRoom].map((link) => URL.parse(link ?? '')?.hostname ?? '');
  return [...new Set([...linkHosts, ...hosts])].filter((host) => host !== '').sort();
}

const toPerson = (file: TenantFile['people'][number]): PersonPolicy => ({
  id: file.id,
  name: file.name ?? file.id,
  email: file.email ?? null,
  pagerdutyUserId: file.pagerdutyUserId ?? null,
  slackUserId: file.slackUserId ?? null,
  logins: file.logins,
  apiNames: file.apiNames,
  roles: file.roles,
});

import type { ActionPolicy } from './action-policy.ts';
import type { Matcher } from '../alert/matcher.ts';
import type { SourceKind } from '../alert/alert.ts';
import type { DurationMs } from '../shared/time.ts';
import type { Labels } from '../shared/labels.ts';

/** P0 platform down, P1 a suite degraded, P2 a feature issue. Severity is not priority. */
export type Severity = 'P0' | 'P1' | 'P2';

/** From most to least severe. */
export const severities: readonly Severity[] = ['P0', 'P1', 'P2'];

/** Whether `a` is graver than `b`. */
export const isGraver = (a: Severity, b: Severity): boolean =>
  severities.indexOf(a) < severities.indexOf(b);

export interface SourcePolicy {
  readonly id: string;
  readonly kind: Exclude<SourceKind, 'tocsin'>;
  /** Labels added to every alert of this source that does not carry them itself. */
  readonly labels: Labels;
  /** Base address of the source's own API (Alertmanager), asked whether an alert still fires. */
  readonly apiUrl: string | null;
  /** Severity of the operator incident for a body of this source that cannot be read. */
  readonly unreadableSeverity: Severity;
}

/** Tier 1 is what the platform cannot live without. */
export type Tier = 1 | 2 | 3;

export interface ServicePolicy {
  readonly id: string;
  readonly name: string;
  readonly team: string;
  readonly tier: Tier;
  /** All must match. The first service whose matchers match owns the alert. */
  readonly match: readonly Matcher[];
  /** Name of a routing key in the PagerDuty secret, or null for the tenant's default. */
  readonly routingKey: string | null;
  /** The service in PagerDuty that this routing key belongs to, or null when not told. */
  readonly pagerdutyServiceId: string | null;
  readonly runbookUrl: string | null;
  readonly dashboardUrl: string | null;
}

/** Ordered: the first rule whose conditions all hold decides. */
export interface SeverityRule {
  readonly id: string;
  readonly match: readonly Matcher[];
  /** Empty means any. */
  readonly tiers: readonly Tier[];
  /** Empty means any. */
  readonly environments: readonly string[];
  readonly severity: Severity;
  readonly reason: string;
}

/** Raises an incident when its alert set grows past a bound, whatever single alerts say. */
export interface BlastRule {
  readonly id: string;
  /** At least one alert of the incident must match all of these (empty: any alert does). */
  readonly match: readonly Matcher[];
  /** Distinct services in the incident, or null when not asked. At least one bound is set. */
  readonly minServices: number | null;
  /** Distinct alerts (fingerprints) in the incident, or null when not asked. */
  readonly minAlerts: number | null;
  readonly severity: Severity;
  readonly reason: string;
}

/** Which alerts are one problem. The first rule that matches an alert groups it. */
export interface GroupingRule {
  readonly id: string;
  readonly match: readonly Matcher[];
  /** Label names (or `@service`, `@environment`, `@source`); `source-group` keeps the source's. */
  readonly by: readonly string[] | 'source-group';
}

export interface LifecyclePolicy {
  /** A new episode within this time after a resolve reopens the incident. */
  readonly reopenWindowMs: DurationMs;
  /** All alerts must stay resolved this long before the incident is. Zero: at once. */
  readonly resolveDelayMs: DurationMs;
  /** A new episode on an incident older than this closes it and opens a fresh one. */
  readonly maxAgeMs: DurationMs;
  /** After a resolve by hand, repeats of alerts that still fire do not reopen for this long. */
  readonly manualResolveQuietMs: DurationMs;
}

export interface SlaTarget {
  readonly respondMs: DurationMs;
  readonly resolveMs: DurationMs;
}

export interface SlaPolicy {
  readonly targets: Readonly<Record<Severity, SlaTarget>>;
  /** Per cent of the target, ascending, ending with 100. */
  readonly stagesPct: readonly number[];
  /** After the breach a reminder every so many per cent of the target, so many times. */
  readonly afterBreach: { readonly everyPct: number; readonly times: number };
}

export interface PagingPolicy {
  /** Name of the routing key in the PagerDuty secret for services that name none. */
  readonly defaultRoutingKey: string;
  /** Events a minute that one routing key takes (PagerDuty support: about 120). */
  readonly ratePerMinute: number;
  /** Severities with the second channel. */
  readonly fallbackSeverities: readonly Severity[];
  /** Without an accepted page after this time, the second channel pages. At most 80 s. */
  readonly fallbackAfterMs: DurationMs;
  /** No attempt on the primary after this time: dead letter. */
  readonly pageDeadlineMs: DurationMs;
  /** An acknowledgement without any act of a person for this long pages again; null: never. */
  readonly ackIdleMs: Readonly<Record<Severity, DurationMs | null>>;
  /** Whether an incident that was born in PagerDuty opens one here. */
  readonly adoptIncidents: boolean;
  /** Names of PagerDuty's priorities; null where the priority is not kept in step. */
  readonly priorities: Readonly<Record<Severity, string | null>>;
}

/** What the incident owes the people around it. */
export interface CommunicationPolicy {
  /** An update for stakeholders is due so often until the incident is resolved; null: never. */
  readonly updateEveryMs: Readonly<Record<Severity, DurationMs | null>>;
  /** A post-mortem is due so long after the resolve; null: none is asked for. */
  readonly postmortemWithinMs: Readonly<Record<Severity, DurationMs | null>>;
  /** An incident that stayed resolved for this long is closed. */
  readonly closeAfterMs: Readonly<Record<Severity, DurationMs>>;
}

/** Which incidents get a channel of their own; all others live in threads. */
export interface OwnChannelPolicy {
  readonly severities: readonly Severity[];
  /** Begins the channel's name, at most 20 characters. */
  readonly prefix: string;
  readonly isPrivate: boolean;
  /** After the incident was closed; null: the channel stays. */
  readonly archiveAfterMs: DurationMs | null;
  /** Ids of people invited beside those on call and those with a role. */
  readonly invite: readonly string[];
}

export interface SlackPolicy {
  /** The only workspace that commands come from: `T…`. */
  readonly teamId: string;
  /** The grid organisation of the workspace, `E…`, or null outside of one. */
  readonly enterpriseId: string | null;
  /** Id of the default channel: `C…` or `G…`. */
  readonly channel: string;
  readonly ownChannel: OwnChannelPolicy;
  /** The only hosts that messages link to, lower case; those of the policy's own links included. */
  readonly linkHosts: readonly string[];
  /** An https address with `{id}` in place of the incident's id, or null. */
  readonly warRoomUrl: string | null;
}

/** An observer may look; a responder may look and act; an approver may let actions run besides. */
export type AccessRole = 'observer' | 'responder' | 'approver';

export const accessRoles: readonly AccessRole[] = ['observer', 'responder', 'approver'];

export interface PersonPolicy {
  readonly id: string;
  readonly name: string;
  readonly email: string | null;
  /** Ids of the person elsewhere, used to name who acted. */
  readonly pagerdutyUserId: string | null;
  readonly slackUserId: string | null;
  /** Names on Git hosts and in change feeds: whoever made a change does not approve it. */
  readonly logins: readonly string[];
  /** ARNs in IAM by which the person uses the API; on one machine the name of their token. */
  readonly apiNames: readonly string[];
  /** What the person may do; never empty. */
  readonly roles: readonly AccessRole[];
}

export interface TenantPolicy {
  readonly id: string;
  readonly name: string;
  readonly sources: readonly SourcePolicy[];
  readonly services: readonly ServicePolicy[];
  /** Label names that hold the environment, first present wins. */
  readonly environmentLabels: readonly string[];
  readonly severityRules: readonly SeverityRule[];
  readonly defaultSeverity: Severity;
  readonly blastRules: readonly BlastRule[];
  readonly groupingRules: readonly GroupingRule[];
  readonly lifecycle: LifecyclePolicy;
  readonly sla: SlaPolicy;
  readonly paging: PagingPolicy;
  readonly communication: CommunicationPolicy;
  /** Null: this tenant has no Slack. */
  readonly slack: SlackPolicy | null;
  readonly people: readonly PersonPolicy[];
  readonly actions: ActionPolicy;
}

/** The compiled policy: validated, defaults filled in, durations in milliseconds. */
export interface Policy {
  /** First 12 hex digits of the SHA-256 of the canonical content; each incident remembers it. */
  readonly version: string;
  readonly tenants: readonly TenantPolicy[];
}

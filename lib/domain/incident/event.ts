import type { ActionEvent, RunbookEvent } from '../action/event.ts';
import type { AlertLinks, AlertStatus } from '../alert/alert.ts';
import type { Severity, SlaTarget } from '../policy/policy.ts';
import type { Labels } from '../shared/labels.ts';
import type { EpochMs } from '../shared/time.ts';
import type { StageLadder } from '../sla/ladder.ts';
import type { CoordinationEvent } from './coordination-event.ts';
import type { Duties } from './duties.ts';
import type { PageEvent } from './page-event.ts';
import type { Principal } from './principal.ts';
import type { SlaEvent } from './sla-event.ts';

/** One alert episode as the log keeps it: enough to tell the story without the raw body. */
export interface AlertRef {
  readonly fingerprint: string;
  readonly startsAtMs: EpochMs;
  readonly status: AlertStatus;
  readonly name: string;
  readonly summary: string;
  /** Only for the first alerts of a delivery; the raw delivery holds the rest. */
  readonly labels?: Labels;
}

/** A decision and what it rests on: the rule's id in the policy and a sentence. */
export interface Reason {
  readonly rule: string;
  readonly text: string;
}

export interface IncidentOpened {
  readonly type: 'incident.opened';
  readonly correlationKey: string;
  readonly grouping: Reason;
  readonly dedupKey: string;
  readonly episode: string;
  readonly sourceId: string;
  readonly title: string;
  readonly summary: string;
  readonly service: string;
  readonly team: string;
  readonly environment: string;
  readonly routingKey: string;
  readonly links: AlertLinks;
  readonly severity: Severity;
  readonly severityReason: Reason;
  readonly policyVersion: string;
  readonly ladder: StageLadder;
  readonly target: SlaTarget;
  /** Absent in logs of incidents that opened before there were duties. */
  readonly duties?: Duties;
  /** Which incident of its thread this is, counted from 1. */
  readonly ordinal: number;
  /** An incident about Tocsin itself: unreadable deliveries, a page storm. */
  readonly isOperator: boolean;
}

/** What a delivery changed in the incident's alert set. Never emitted when it changed nothing. */
export interface AlertsAttached {
  readonly type: 'alerts.attached';
  readonly sourceId: string;
  /** Key of the stored raw delivery. */
  readonly deliveryId: string;
  readonly alerts: readonly AlertRef[];
  /** Alerts beyond those listed in `alerts`. */
  readonly alertsNotListed: number;
  readonly truncatedAlerts: number;
  /** What limits cut from this delivery, one sentence each, the first ten. */
  readonly cuts: readonly string[];
  /** Totals over the incident's whole set after this delivery. */
  readonly totals: AlertTotals;
  /** Blast rules whose matchers some alert so far met. */
  readonly blastRules: readonly string[];
  readonly services: readonly string[];
}

export interface AlertTotals {
  /** Distinct episodes (fingerprint and start). */
  readonly episodes: number;
  readonly firing: number;
  /** Distinct fingerprints. */
  readonly alerts: number;
}

export interface SeverityChanged {
  readonly type: 'severity.changed';
  readonly from: Severity;
  readonly to: Severity;
  readonly reason: Reason;
  readonly by: Principal;
}

export interface IncidentAcknowledged {
  readonly type: 'incident.acknowledged';
  readonly by: Principal;
  /** When the person did it, where the channel tells; the event's own instant otherwise. */
  readonly occurredAtMs: EpochMs;
}

export interface IncidentUnacknowledged {
  readonly type: 'incident.unacknowledged';
  readonly by: Principal;
  readonly reason: string;
  readonly occurredAtMs: EpochMs;
}

/** All alerts are resolved at the source; the incident follows unless one fires again before. */
export interface IncidentSettling {
  readonly type: 'incident.settling';
  readonly untilMs: EpochMs;
}

/** An alert fired again before the resolve delay ended. */
export interface IncidentUnsettled {
  readonly type: 'incident.unsettled';
}

export type ResolveCause = 'source' | 'person' | 'max_age';

export interface IncidentResolved {
  readonly type: 'incident.resolved';
  readonly cause: ResolveCause;
  readonly by: Principal;
  readonly occurredAtMs: EpochMs;
  /** Until when repeats of what still fires do not reopen; null when nothing fired. */
  readonly quietUntilMs: EpochMs | null;
  readonly note: string;
}

export interface IncidentReopened {
  readonly type: 'incident.reopened';
  readonly by: Principal;
  readonly reason: string;
  readonly occurredAtMs: EpochMs;
}

/** The pager's own incident that carries our page, once known. */
export interface PagerLinked {
  readonly type: 'pager.linked';
  readonly pagerIncidentId: string;
  readonly url: string;
}

/** What people did in PagerDuty that changes no state here: told in the timeline. */
export interface PagerActivity {
  readonly type: 'pager.activity';
  readonly activity: string;
  readonly by: Principal;
  readonly occurredAtMs: EpochMs;
  readonly text: string;
}

export type IncidentEvent =
  | IncidentOpened
  | AlertsAttached
  | SeverityChanged
  | IncidentAcknowledged
  | IncidentUnacknowledged
  | IncidentSettling
  | IncidentUnsettled
  | IncidentResolved
  | IncidentReopened
  | SlaEvent
  | PageEvent
  | PagerLinked
  | PagerActivity
  | CoordinationEvent
  | ActionEvent
  | RunbookEvent;

export type IncidentEventType = IncidentEvent['type'];

/** An event in its place: sequence 1..k without gaps, all of one commit at one instant. */
export interface RecordedEvent {
  readonly seq: number;
  readonly atMs: EpochMs;
  readonly event: IncidentEvent;
}

/**
 * One decision as it is stored: append-only, each commit carrying the hash of the one before.
 * `hash` is SHA-256 over the canonical JSON of everything else in it.
 */
export interface Commit {
  readonly tenant: string;
  readonly incidentId: string;
  readonly firstSeq: number;
  readonly atMs: EpochMs;
  readonly policyVersion: string;
  /** Stable name of what caused it: a delivery, a webhook event, a request, a due instant. */
  readonly causeId: string;
  readonly events: readonly IncidentEvent[];
  readonly previousHash: string;
  readonly hash: string;
}

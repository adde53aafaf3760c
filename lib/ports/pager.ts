import type { PageContent } from '../domain/paging/compose.ts';
import type { Result } from '../domain/shared/result.ts';
import type { DurationMs, EpochMs } from '../domain/shared/time.ts';
import type { PortFailure } from './failure.ts';

/** The primary pager. Harmless to repeat: the vendor deduplicates on `dedupKey`. */
export interface Pager {
  readonly send: (page: PageContent, timeoutMs: DurationMs) => Promise<Result<void, PortFailure>>;
}

/** What the pager's own record says of an incident, asked for when a webhook is old. */
export interface PagerIncident {
  readonly pagerIncidentId: string;
  readonly status: 'triggered' | 'acknowledged' | 'resolved';
  readonly url: string;
  /** Deduplication keys of the alerts in it. */
  readonly dedupKeys: readonly string[];
}

export interface PagerDirectory {
  readonly findIncident: (
    tenant: string,
    pagerIncidentId: string,
  ) => Promise<Result<PagerIncident, PortFailure>>;
}

/** The second channel: a plain text to whoever subscribed. Has no key, so claim before. */
export interface FallbackPager {
  readonly send: (
    message: { readonly subject: string; readonly text: string },
    timeoutMs: DurationMs,
  ) => Promise<Result<void, PortFailure>>;
}

/** Somebody or something over there. */
export interface PagerReference {
  readonly id: string;
  readonly name: string;
}

/** One of the pager's incidents with all that is compared, as it stands right now. */
export interface PagerIncidentRecord {
  readonly pagerIncidentId: string;
  readonly status: PagerIncident['status'];
  readonly title: string;
  /** Empty when the pager shows none. */
  readonly url: string;
  /** Our key where the pager shows it; null for most incidents, whose alerts hold it. */
  readonly dedupKey: string | null;
  readonly service: PagerReference;
  readonly urgency: 'high' | 'low';
  /** Name of the priority. */
  readonly priority: string | null;
  readonly createdAtMs: EpochMs;
  readonly changedAtMs: EpochMs;
  /** Who made the status what it is; null where the pager does not say. */
  readonly changedBy: PagerReference | null;
}

export interface PagerNote {
  readonly id: string;
  readonly by: PagerReference;
  readonly text: string;
  readonly atMs: EpochMs;
}

/** Somebody's turn on one level of an escalation policy. */
export interface OnCall {
  readonly escalationPolicy: PagerReference;
  /** From 1, the first to be paged. */
  readonly level: number;
  readonly user: PagerReference;
  /** Name of the schedule; null for a person who is always on the level. */
  readonly schedule: string | null;
  /** Null: since ever, or without end. */
  readonly fromMs: EpochMs | null;
  readonly untilMs: EpochMs | null;
}

/** Whose turns are asked for: those of a service, or those of an escalation policy. */
export type OnCallQuery = {
  readonly sinceMs: EpochMs;
  readonly untilMs: EpochMs;
} & ({ readonly serviceId: string } | { readonly escalationPolicyId: string });

export interface PagerService {
  readonly id: string;
  readonly name: string;
  /** A disabled service opens no incident. */
  readonly isEnabled: boolean;
  readonly escalationPolicy: PagerReference;
  /** Names in our secret of the routing keys that lead to this service. */
  readonly routingKeys: readonly string[];
}

/** Where the routing keys of our secret lead. */
export interface PagerServices {
  readonly services: readonly PagerService[];
  /** Names of all routing keys in the secret. */
  readonly routingKeys: readonly string[];
  /** Names of those that lead to an orchestration, whose way to a service is not known here. */
  readonly orchestrated: readonly string[];
}

export interface PagerUser extends PagerReference {
  readonly email: string;
  /** How the person is reached in the first minutes: kinds of contact methods with a rule. */
  readonly reachedBy: readonly string[];
}

/** A webhook subscription that leads to Tocsin. */
export interface PagerSubscription {
  readonly id: string;
  /** `paused`: the pager switched it off for a while. `off`: a person did. */
  readonly state: 'on' | 'paused' | 'off';
}

type PagerAnswer<Value> = Promise<Result<Value, PortFailure>>;

/**
 * What is done to the pager's incidents beside paging. Every call ends within `timeoutMs`.
 * Setting a status, priority or urgency is harmless to repeat. Notes, status updates and
 * responders are not: claim before, and look for your mark after an unknown outcome.
 *
 * Failures: `not_found` (no such thing, or no API token is configured: see `isConfigured`),
 * `rejected`, `throttled`, `timeout` (what was asked for may have happened), `unavailable`.
 */
export interface PagerRest {
  /** Whether there is a token and a user to act as. */
  readonly isConfigured: () => PagerAnswer<boolean>;
  /** Id of the user in whose name we write: what comes back with this agent may be our own echo. */
  readonly actingUser: (timeoutMs: DurationMs) => PagerAnswer<string>;
  readonly findIncident: (
    pagerIncidentId: string,
    timeoutMs: DurationMs,
  ) => PagerAnswer<PagerIncidentRecord>;
  /** The newest incident with an alert of this key, open ones before resolved ones. */
  readonly findByDedupKey: (
    dedupKey: string,
    timeoutMs: DurationMs,
  ) => PagerAnswer<PagerIncidentRecord | null>;
  /** Open incidents of these services (of all, when none is named), newest first, at most 1,000. */
  readonly listOpen: (
    serviceIds: readonly string[],
    timeoutMs: DurationMs,
  ) => PagerAnswer<readonly PagerIncidentRecord[]>;
  readonly dedupKeys: (
    pagerIncidentId: string,
    timeoutMs: DurationMs,
  ) => PagerAnswer<readonly string[]>;
  readonly notes: (
    pagerIncidentId: string,
    timeoutMs: DurationMs,
  ) => PagerAnswer<readonly PagerNote[]>;
  readonly addNote: (
    of: { readonly pagerIncidentId: string; readonly text: string },
    timeoutMs: DurationMs,
  ) => PagerAnswer<void>;
  readonly publishStatusUpdate: (
    of: { readonly pagerIncidentId: string; readonly subject: string; readonly message: string },
    timeoutMs: DurationMs,
  ) => PagerAnswer<void>;
  /** Pages one more person for the incident. */
  readonly requestResponder: (
    of: { readonly pagerIncidentId: string; readonly userId: string; readonly message: string },
    timeoutMs: DurationMs,
  ) => PagerAnswer<void>;
  /** What responders were asked with so far, to find an own request again. */
  readonly responderMessages: (
    pagerIncidentId: string,
    timeoutMs: DurationMs,
  ) => PagerAnswer<readonly string[]>;
  /** By the name of the priority; `rejected` says which there are. */
  readonly setPriority: (
    of: { readonly pagerIncidentId: string; readonly priority: string },
    timeoutMs: DurationMs,
  ) => PagerAnswer<void>;
  readonly setUrgency: (
    of: { readonly pagerIncidentId: string; readonly urgency: 'high' | 'low' },
    timeoutMs: DurationMs,
  ) => PagerAnswer<void>;
  /** Sets the status. `triggered` takes an acknowledgement back, and reopens what is resolved. */
  readonly setStatus: (
    of: { readonly pagerIncidentId: string; readonly status: PagerIncident['status'] },
    timeoutMs: DurationMs,
  ) => PagerAnswer<void>;
  /**
   * Pages the level after the one that the incident is with, and tells which that is. Unless it was
   * assigned anew since `askedAtMs`: then it is as wanted already. `rejected` on the last level.
   */
  readonly escalate: (
    of: { readonly pagerIncidentId: string; readonly askedAtMs: EpochMs },
    timeoutMs: DurationMs,
  ) => PagerAnswer<number>;
  readonly onCalls: (query: OnCallQuery, timeoutMs: DurationMs) => PagerAnswer<readonly OnCall[]>;
  readonly services: (timeoutMs: DurationMs) => PagerAnswer<PagerServices>;
  readonly user: (userId: string, timeoutMs: DurationMs) => PagerAnswer<PagerUser>;
  readonly subscriptions: (timeoutMs: DurationMs) => PagerAnswer<readonly PagerSubscription[]>;
  readonly enableSubscription: (id: string, timeoutMs: DurationMs) => PagerAnswer<void>;
}

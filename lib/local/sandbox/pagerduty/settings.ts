import type { Timekeeper } from '../../shared/timekeeper.ts';

/** The ways in which PagerDuty reaches a person. */
export type ContactKind = 'email' | 'phone' | 'push_notification' | 'sms';

export interface SandboxPerson {
  readonly name: string;
  readonly email: string;
  /** User id; made from the address when it is left out. */
  readonly id?: string;
  /** Contact methods, each with a rule to use it at once; all but SMS when left out. */
  readonly contacts?: readonly ContactKind[];
}

/** Somebody's turn on a level of the one escalation policy. */
export interface SandboxShift {
  /** E-mail address of the person. */
  readonly email: string;
  /** From 1. */
  readonly level: number;
  /** For ever, and not by a schedule, when both are left out. */
  readonly fromMs?: number;
  readonly untilMs?: number;
}

/** A v3 webhook subscription. */
export interface WebhookTarget {
  /** Subscription id, sent as `X-Webhook-Subscription`; made from the URL when it is left out. */
  readonly id?: string;
  readonly url: string;
  /** Several during a rotation: each signs every delivery. */
  readonly secrets: readonly string[];
  /** Event types that are wanted; all when left out. */
  readonly events?: readonly string[];
}

/** How webhooks are sent. The defaults are PagerDuty's where it documents them. */
export interface DeliverySettings {
  /** Time for an answer. PagerDuty: 5 s. */
  readonly timeoutMs: number;
  /** First pause before a retry; it doubles up to `maxRetryDelayMs`. PagerDuty does not say. */
  readonly retryDelayMs: number;
  readonly maxRetryDelayMs: number;
  /** A delivery that is older is dropped. PagerDuty: 48 h. */
  readonly giveUpAfterMs: number;
  /** How long three dropped deliveries in a row switch a subscription off. PagerDuty: 24 h. */
  readonly disableMs: number;
}

export interface PagerDutySandboxSettings {
  readonly timekeeper: Timekeeper;
  /** Unpredictable bytes, of which all ids are made. */
  readonly randomBytes: (length: number) => Uint8Array;
  /** File that the state outlives a kill in; kept in memory only when left out. */
  readonly ledgerPath?: string;
  /** Service name to routing key; when left out, every well-formed key is a service of its own. */
  readonly routingKeys?: Readonly<Record<string, string>>;
  /** Tokens of the REST API; when left out, any token passes. */
  readonly apiTokens?: readonly string[];
  /** The users of the account, the first one on call; two made-up ones when left out. */
  readonly people?: readonly SandboxPerson[];
  /** Who is on call when; when left out, the n-th person is always on level n. */
  readonly shifts?: readonly SandboxShift[];
  /** Names of services that are switched off. */
  readonly disabledServices?: readonly string[];
  readonly webhookTargets?: readonly WebhookTarget[];
  /** Events per routing key in a sliding minute; 120 when left out, as PagerDuty says. */
  readonly eventsPerMinute?: number | 'unlimited';
  /** REST calls per token in a sliding minute; 960 when left out, as PagerDuty documents. */
  readonly restPerMinute?: number | 'unlimited';
  /**
   * `incident_key` in REST answers and webhooks. PagerDuty documents that an incident with alerts has
   * none (`absent`, the default, so that a client must look up the alert), yet often sends the key.
   */
  readonly incidentKey?: 'absent' | 'dedup_key';
  readonly delivery?: Partial<DeliverySettings>;
  /** Base of the `html_url` and `self` links, without a trailing slash. */
  readonly siteUrl?: string;
}

export const DEFAULT_PEOPLE: readonly [SandboxPerson, ...SandboxPerson[]] = [
  { name: 'Ada Oncall', email: 'ada@example.com' },
  { name: 'Grace Backup', email: 'grace@example.com' },
];

export const DEFAULT_DELIVERY: DeliverySettings = {
  timeoutMs: 5000,
  retryDelayMs: 1000,
  maxRetryDelayMs: 5 * 60_000,
  giveUpAfterMs: 48 * 3_600_000,
  disableMs: 24 * 3_600_000,
};

/** PagerDuty support: about 120 events a minute for each integration key. */
export const DEFAULT_EVENTS_PER_MINUTE = 120;

/** PagerDuty REST rate limits: 960 requests a minute for each key. */
export const DEFAULT_REST_PER_MINUTE = 960;

import type { JsonObject } from '../../shared/json.ts';

export type EventAction = 'trigger' | 'acknowledge' | 'resolve';
export type AlertSeverity = 'critical' | 'error' | 'warning' | 'info';
export type IncidentStatus = 'triggered' | 'acknowledged' | 'resolved';
export type Urgency = 'high' | 'low';

/** What an accepted event did. `dropped`: it found no open alert, which PagerDuty answers with 202. */
export type EventOutcome =
  'opened' | 'appended' | 'acknowledged' | 'resolved' | 'unchanged' | 'dropped';

/** What a person, or a REST call in a person's name, did to an incident. */
export type Change =
  | { readonly type: 'acknowledged' }
  | { readonly type: 'unacknowledged' }
  | { readonly type: 'resolved' }
  | { readonly type: 'reopened' }
  | { readonly type: 'reassigned'; readonly to: readonly string[] }
  | { readonly type: 'delegated'; readonly policy: string; readonly to: readonly string[] }
  | { readonly type: 'escalated'; readonly level: number; readonly to: readonly string[] }
  | { readonly type: 'annotated'; readonly noteId: string; readonly content: string }
  | { readonly type: 'priority_updated'; readonly priority: string | null }
  | { readonly type: 'responder.added'; readonly to: string; readonly message: string }
  | {
      readonly type: 'status_update_published';
      readonly updateId: string;
      readonly message: string;
    }
  /** The one change that PagerDuty announces to nobody. */
  | { readonly type: 'edited'; readonly title?: string; readonly urgency?: Urgency };

/** One webhook event and the deliveries it owes, one for each subscription of that moment. */
export interface Announcement {
  readonly eventId: string;
  readonly deliveries: readonly {
    readonly subscription: string;
    /** The same on every retry of this delivery. */
    readonly webhookId: string;
  }[];
}

/** What a trigger says, as far as an incident is made of it. */
export interface TriggerDetails {
  readonly summary: string;
  readonly source: string;
  readonly severity: AlertSeverity;
  readonly client?: { readonly name: string; readonly url?: string };
}

/** An event that was answered 202. It names the service, never the routing key. */
export interface EventFact {
  readonly kind: 'event';
  readonly sequence: number;
  /** When the head of the request arrived. */
  readonly arrivedAtMs: number;
  readonly service: string;
  readonly action: EventAction;
  readonly dedupKey: string;
  readonly outcome: EventOutcome;
  readonly incidentId?: string;
  readonly opened?: {
    readonly alertId: string;
    readonly number: number;
    /** Id of the person on call. */
    readonly assignee: string;
  };
  readonly trigger?: TriggerDetails;
  /** Size of the body as it came. */
  readonly bytes: number;
  /** The event without its routing key, or a mark in its place when it was too large to keep. */
  readonly content: JsonObject;
  readonly announcement?: Announcement;
}

export interface ChangeEventFact {
  readonly kind: 'change_event';
  readonly sequence: number;
  readonly arrivedAtMs: number;
  readonly service: string;
  readonly bytes: number;
  readonly content: JsonObject;
}

export interface PersonFact {
  readonly kind: 'person';
  readonly atMs: number;
  readonly incidentId: string;
  /** Id of the person. */
  readonly by: string;
  readonly change: Change;
  readonly announcement?: Announcement;
}

/** An incident that somebody made by hand or by REST: no alert is in it. */
export interface CreatedFact {
  readonly kind: 'created';
  readonly atMs: number;
  readonly incidentId: string;
  readonly number: number;
  /** Id of the person who made it. */
  readonly by: string;
  readonly service: string;
  readonly title: string;
  readonly urgency: Urgency;
  readonly priority: string | null;
  /** `incident_key` as given; the incident's own id when it was left out. */
  readonly key: string;
  /** Id of the person on call. */
  readonly assignee: string;
  readonly announcement?: Announcement;
}

export interface PingFact {
  readonly kind: 'ping';
  readonly atMs: number;
  readonly announcement: Announcement;
}

/** A webhook delivery that will not be tried again. */
export interface SettledFact {
  readonly kind: 'settled';
  readonly atMs: number;
  readonly subscription: string;
  readonly webhookId: string;
  readonly outcome: 'delivered' | 'dropped';
  readonly reason: string;
}

export interface SubscriptionFact {
  readonly kind: 'subscription';
  readonly atMs: number;
  readonly subscription: string;
  /** `null`: it is enabled again. */
  readonly disabledUntilMs: number | null;
}

/** A line of the ledger. The sandbox's whole state is a fold over them. */
export type Fact =
  | EventFact
  | ChangeEventFact
  | PersonFact
  | CreatedFact
  | PingFact
  | SettledFact
  | SubscriptionFact;

/** A fact that says what was accepted over the Events API. */
export type RequestFact = EventFact | ChangeEventFact;

import type { EpochMs } from '../shared/time.ts';

/** Who acted in PagerDuty. `type` is `user_reference` for people; services and keys act too. */
export interface PagerDutyAgent {
  readonly id: string;
  readonly name: string;
  readonly type: string;
}

/** Something in PagerDuty by its id and the name that people see. */
export interface PagerDutyReference {
  readonly id: string;
  readonly name: string;
}

/**
 * PagerDuty's incident as it was when the event was made, not as it is now. Events about a note
 * or a responder only name the incident: then all but `id`, `title` and `htmlUrl` is null or empty.
 */
export interface PagerDutyIncident {
  readonly id: string;
  /** Our dedup key for incidents of ours, when PagerDuty gives it; it may be null or another. */
  readonly incidentKey: string | null;
  readonly status: 'triggered' | 'acknowledged' | 'resolved' | null;
  readonly title: string;
  /** Whose incident it is. */
  readonly service: PagerDutyReference | null;
  /** Empty when resolved. */
  readonly assignees: readonly PagerDutyReference[];
  readonly priority: PagerDutyReference | null;
  readonly urgency: 'high' | 'low' | null;
  /** An http(s) address, or null. */
  readonly htmlUrl: string | null;
}

interface EventBase {
  /** The same on every retry: each event is applied once by this. */
  readonly eventId: string;
  readonly occurredAtMs: EpochMs;
  /** Null for what PagerDuty itself did. */
  readonly agent: PagerDutyAgent | null;
  readonly pdIncident: PagerDutyIncident | null;
}

/** What a webhook of PagerDuty tells. What nobody here acts on is `other`, with its own type. */
export type PagerDutyEvent = EventBase &
  /** It was opened, by our page or by something else. */
  (
    | { readonly kind: 'triggered' }
    | { readonly kind: 'acknowledged' }
    | { readonly kind: 'unacknowledged' }
    | {
        readonly kind: 'resolved';
        /** Set when it closed by being merged into another incident; empty texts: not told which. */
        readonly mergedInto: PagerDutyReference | null;
      }
    | { readonly kind: 'reopened' }
    | { readonly kind: 'reassigned' }
    | { readonly kind: 'delegated' }
    | { readonly kind: 'escalated' }
    | {
        readonly kind: 'annotated';
        /** Empty when not told. */
        readonly noteId: string;
        readonly note: string;
        /** The note is longer than what is here. */
        readonly trimmed: boolean;
      }
    | { readonly kind: 'priority_updated' }
    | {
        readonly kind: 'responder_added';
        /** Name of the person who was asked. */
        readonly responder: string;
        readonly message: string;
      }
    | { readonly kind: 'status_update'; readonly message: string }
    | { readonly kind: 'ping'; readonly message: string }
    | {
        readonly kind: 'other';
        /** PagerDuty's name of the event, for example `incident.responder.added`. */
        readonly eventType: string;
      }
  );

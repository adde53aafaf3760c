import type { EpochMs } from '../shared/time.ts';

/** PagerDuty's events, the second channel, or PagerDuty's REST API. */
export type PageChannel = 'pagerduty' | 'fallback' | 'rest';
/** What PagerDuty's events and the second channel can say. */
export type EventAction = 'trigger' | 'acknowledge' | 'resolve';
/** What only the REST API can do to an incident that PagerDuty holds. */
export type RestAction =
  'note' | 'status-update' | 'responders' | 'priority' | 'urgency' | 'escalate' | 'retrigger';
export type PageAction = EventAction | RestAction;

const eventActions: ReadonlySet<PageAction> = new Set(['trigger', 'acknowledge', 'resolve']);

export const isEventAction = (action: PageAction): action is EventAction =>
  eventActions.has(action);

/** Why something outside is asked for; decides wording and whether a rate applies. */
export type PagePurpose = 'open' | 'update' | 'stage' | 'breach' | 'primary-silent' | 'follow';

/** An intent: made in the same transaction as its cause, and ended by exactly one outcome. */
export interface PageRequested {
  readonly type: 'page.requested';
  /** Unique within the incident. */
  readonly intentId: string;
  readonly channel: PageChannel;
  readonly action: PageAction;
  readonly purpose: PagePurpose;
  readonly text: string;
  readonly notBeforeMs: EpochMs;
  /** Of REST: a user's id, a priority's name, or an urgency. Absent where the action needs none. */
  readonly target?: string;
  /** Since when somebody should be told, where that is earlier: it is in an older page's place. */
  readonly owedSinceMs?: EpochMs;
}

export interface PageAccepted {
  readonly type: 'page.accepted';
  readonly intentId: string;
  readonly channel: PageChannel;
  readonly action: PageAction;
  readonly attempt: number;
}

export interface PageAttemptFailed {
  readonly type: 'page.attempt_failed';
  readonly intentId: string;
  readonly channel: PageChannel;
  readonly attempt: number;
  readonly failure: string;
  /** The other side understood and refused. */
  readonly wasRejected: boolean;
  readonly retryAtMs: EpochMs;
}

/** The pager's rate is used up: the page waits to be part of one summary. */
export interface PageHeld {
  readonly type: 'page.held';
  readonly intentId: string;
  readonly reason: string;
}

export interface PageSuperseded {
  readonly type: 'page.superseded';
  readonly intentId: string;
  readonly channel: PageChannel;
  readonly action: PageAction;
  readonly reason: string;
  /** The incident whose page took this one's place, when there is one. */
  readonly byIncidentId: string | null;
}

export interface PageDeadLettered {
  readonly type: 'page.dead_lettered';
  readonly intentId: string;
  readonly channel: PageChannel;
  readonly action: PageAction;
  readonly attempt: number;
  readonly failure: string;
}

export type PageEvent =
  PageRequested | PageAccepted | PageAttemptFailed | PageHeld | PageSuperseded | PageDeadLettered;

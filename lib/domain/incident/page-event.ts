import type { EpochMs } from '../shared/time.ts';

/** The second channel, or PagerDuty. */
export type PageChannel = 'pagerduty' | 'fallback';
export type PageAction = 'trigger' | 'acknowledge' | 'resolve';

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

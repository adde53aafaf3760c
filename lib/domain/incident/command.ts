import type { Severity } from '../policy/policy.ts';
import type { Classified } from '../severity/classify.ts';
import type { EpochMs } from '../shared/time.ts';
import type { ActionRecordCommand } from './action-command.ts';
import type { CoordinationCommand } from './coordination-command.ts';
import type { AlertsAttached, IncidentOpened, ResolveCause } from './event.ts';
import type { PageAction, PageChannel } from './page-event.ts';
import type { Principal } from './principal.ts';

/** What a delivery adds to an incident's log. */
export type Attachment = Omit<AlertsAttached, 'type'>;

export interface OpenIncident {
  readonly kind: 'open';
  readonly tenant: string;
  readonly incidentId: string;
  readonly opened: Omit<IncidentOpened, 'type'>;
  readonly attached: Attachment;
}

export interface AttachAlerts {
  readonly kind: 'attach';
  readonly attached: Attachment;
  /** What the alerts say of the severity; only a graver one changes anything. */
  readonly candidate: Classified | null;
  /** Why a resolved incident is to be open again; null when it is not. */
  readonly reopen: string | null;
}

export interface Acknowledge {
  readonly kind: 'acknowledge';
  readonly by: Principal;
  /** Kept in the timeline beside the acknowledgement. */
  readonly note?: string;
  readonly occurredAtMs: EpochMs;
}

export interface Unacknowledge {
  readonly kind: 'unacknowledge';
  readonly by: Principal;
  readonly reason: string;
  readonly occurredAtMs: EpochMs;
}

export interface Resolve {
  readonly kind: 'resolve';
  readonly cause: ResolveCause;
  readonly by: Principal;
  readonly note: string;
  readonly occurredAtMs: EpochMs;
}

export interface Reopen {
  readonly kind: 'reopen';
  readonly by: Principal;
  readonly reason: string;
  readonly occurredAtMs: EpochMs;
}

export interface ChangeSeverity {
  readonly kind: 'change-severity';
  readonly to: Severity;
  readonly by: Principal;
  readonly reason: string;
}

/** Something in PagerDuty that is worth telling and changes no state. */
export interface RecordActivity {
  readonly kind: 'record-activity';
  readonly activity: string;
  readonly by: Principal;
  readonly occurredAtMs: EpochMs;
  readonly text: string;
}

export interface LinkPager {
  readonly kind: 'link-pager';
  readonly pagerIncidentId: string;
  readonly url: string;
}

/** An instant came: record what is due. Early, late and repeated wake-ups are harmless. */
export interface Wake {
  readonly kind: 'wake';
}

export interface ReportAccepted {
  readonly kind: 'report-accepted';
  readonly intentId: string;
  /** As sent: the intent may be superseded by the time its outcome is known. */
  readonly action: PageAction;
  readonly channel: PageChannel;
}

export interface ReportFailed {
  readonly kind: 'report-failed';
  readonly intentId: string;
  /** Which attempt failed, counted from 1: one that was reported already changes nothing. */
  readonly attempt: number;
  /** For the timeline: what the other side said, without secrets. */
  readonly failure: string;
  /** The other side understood and refused: waiting alone will not help. */
  readonly isRejected: boolean;
  readonly retryAfterMs: number;
  /** Uniform in [0, 1). */
  readonly jitter: number;
}

/** The pager's rate is used up for now. */
export interface HoldPage {
  readonly kind: 'hold-page';
  readonly intentId: string;
  readonly reason: string;
}

/** Other words took the place of this page. */
export interface SupersedePage {
  readonly kind: 'supersede-page';
  readonly intentId: string;
  readonly reason: string;
  readonly byIncidentId: string | null;
}

/** PagerDuty does not show what it should: it is told again. */
export interface RepairPage {
  readonly kind: 'repair-page';
  /** How the incident stands here, and should there. */
  readonly to: 'triggered' | 'acknowledged' | 'resolved';
  /** There is no incident over there: somebody is paged. */
  readonly isMissing: boolean;
  readonly reason: string;
}

export type IncidentCommand =
  | AttachAlerts
  | Acknowledge
  | Unacknowledge
  | Resolve
  | Reopen
  | ChangeSeverity
  | RecordActivity
  | LinkPager
  | Wake
  | ReportAccepted
  | ReportFailed
  | HoldPage
  | SupersedePage
  | RepairPage
  | CoordinationCommand
  | ActionRecordCommand;

/** Why a command changes nothing. `message` says what would be allowed. */
export interface Refusal {
  readonly kind: 'already' | 'not_allowed' | 'stale' | 'unknown_intent';
  readonly message: string;
}

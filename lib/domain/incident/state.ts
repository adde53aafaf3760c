import type { ActionSummary } from '../action/action.ts';
import type { ChangeFound } from '../action/event.ts';
import type { AlertLinks } from '../alert/alert.ts';
import type { Severity } from '../policy/policy.ts';
import type { EpochMs } from '../shared/time.ts';
import type { SlaClock } from '../sla/clock.ts';
import type { StageLadder } from '../sla/ladder.ts';
import type {
  AddedLink,
  CompletedPostmortem,
  Progress,
  RoleHolder,
  StakeholderUpdate,
} from './coordination.ts';
import type { Duties } from './duties.ts';
import type { AlertTotals, Reason, ResolveCause } from './event.ts';
import type { PageAction, PageChannel, PagePurpose } from './page-event.ts';
import type { Principal } from './principal.ts';

/** An outgoing page that is not yet confirmed, superseded or given up. */
export interface OpenIntent {
  readonly intentId: string;
  readonly channel: PageChannel;
  readonly action: PageAction;
  readonly purpose: PagePurpose;
  readonly text: string;
  /** Of REST: a user's id, a priority's name, or an urgency. */
  readonly target: string | null;
  readonly createdAtMs: EpochMs;
  /** Since when somebody should be told: the second channel's time runs from here. */
  readonly owedSinceMs: EpochMs;
  /** When it is next to be tried. */
  readonly dueAtMs: EpochMs;
  /** Attempts whose failure was recorded. */
  readonly failedAttempts: number;
  /** The last attempt was understood and refused: the next one says less. */
  readonly wasRejected: boolean;
  /** Waits for a summary that will carry it. */
  readonly isHeld: boolean;
}

/** What every state of an incident has. */
export interface IncidentFacts {
  readonly tenant: string;
  readonly id: string;
  /** Number of events folded in: the expected version of the next commit. */
  readonly version: number;
  readonly lastHash: string;
  readonly correlationKey: string;
  readonly dedupKey: string;
  readonly episode: string;
  readonly sourceId: string;
  readonly isOperator: boolean;
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
  readonly ordinal: number;
  readonly openedAtMs: EpochMs;
  readonly reopenCount: number;
  readonly totals: AlertTotals;
  /** The newest delivery left alerts out: nothing is concluded from all known ones being over. */
  readonly isIncomplete: boolean;
  readonly services: readonly string[];
  readonly blastRules: readonly string[];
  readonly ladder: StageLadder;
  readonly response: SlaClock;
  readonly resolution: SlaClock;
  readonly intents: readonly OpenIntent[];
  readonly trigger: TriggerState;
  /**
   * From when on the newest page that should wake somebody may leave. What PagerDuty tells of an
   * earlier instant is about the page before it.
   */
  readonly triggerAskedAtMs: EpochMs;
  /** When PagerDuty was last known to take a trigger of ours; null once it took a resolve since. */
  readonly pagedAtMs: EpochMs | null;
  /** When the second channel was asked to page since the last opening; null when it was not. */
  readonly fallbackAskedAtMs: EpochMs | null;
  /** The newest instant of a PagerDuty event that was applied. */
  readonly pagerSeenAtMs: EpochMs | null;
  readonly pagerIncidentId: string | null;
  readonly pagerUrl: string | null;
  readonly duties: Duties;
  /** How far the people are; null before anybody told since the last opening. */
  readonly progress: Progress | null;
  readonly roles: readonly RoleHolder[];
  readonly latestUpdate: StakeholderUpdate | null;
  /** When stakeholders are next to be told, or reminded of; null when they are not. */
  readonly updateDueAtMs: EpochMs | null;
  /** The last act of a person, by any channel. */
  readonly lastHumanAtMs: EpochMs | null;
  readonly addedLinks: readonly AddedLink[];
  /** When the post-mortem is to be written; null while it is open, or when none is asked for. */
  readonly postmortemDueAtMs: EpochMs | null;
  readonly isPostmortemReminded: boolean;
  readonly postmortem: CompletedPostmortem | null;
  /** When it is closed unless it is reopened; null while it is open. */
  readonly closeAtMs: EpochMs | null;
  readonly closedAtMs: EpochMs | null;
  /**
   * An action that has not helped made it open again: the end of all alerts, which did not keep it
   * from that, does not close it. A person does, or another alert begins it anew.
   */
  readonly isHeldOpen: boolean;
  /** Open ones all, and the last five that ended; in the order of their beginning. */
  readonly actions: readonly ActionSummary[];
  /** Changes near its beginning, the likeliest first, at most five. */
  readonly changes: readonly Omit<ChangeFound, 'type'>[];
  readonly checklists: readonly Checklist[];
}

/** A runbook's steps as people work through them. */
export interface Checklist {
  readonly runbookId: string;
  readonly title: string;
  readonly willNot: string;
  readonly steps: readonly {
    readonly text: string;
    /** Who ticked it, and when; null while it is to be done. */
    readonly done: { readonly by: string; readonly atMs: EpochMs } | null;
  }[];
}

/** Where the primary page of the current episode stands. */
export type TriggerState = 'none' | 'requested' | 'accepted' | 'superseded' | 'failed';

export interface Triggered extends IncidentFacts {
  readonly state: 'triggered';
  readonly settleAtMs: EpochMs | null;
}

export interface Acknowledged extends IncidentFacts {
  readonly state: 'acknowledged';
  readonly settleAtMs: EpochMs | null;
  readonly acknowledgedBy: Principal;
  readonly acknowledgedAtMs: EpochMs;
}

export interface Resolved extends IncidentFacts {
  readonly state: 'resolved';
  readonly cause: ResolveCause;
  readonly resolvedBy: Principal;
  readonly resolvedAtMs: EpochMs;
  readonly quietUntilMs: EpochMs | null;
}

export type Incident = Triggered | Acknowledged | Resolved;

import type { ActionPlanned } from '../action/event.ts';
import type { Incident } from '../incident/state.ts';
import type { TenantPolicy } from '../policy/policy.ts';
import type { EpochMs } from '../shared/time.ts';
import type { ChatMessage } from './message.ts';
import type { Phrase } from './phrase.ts';

/** How a line is to strike the eye. */
export type Tone = 'plain' | 'good' | 'warning' | 'bad';

/** One thing that happened, as told in an incident's thread or channel. */
export interface Line {
  readonly seq: number;
  readonly atMs: EpochMs;
  readonly tone: Tone;
  readonly phrase: Phrase;
  /** What people are asked for by it, shown with its buttons while it is still to be answered. */
  readonly asks?: Asks;
}

/** What a line asks of people. */
export type Asks =
  /** To approve a plan, or to deny it. */
  | { readonly kind: 'approval'; readonly plan: Omit<ActionPlanned, 'type'> }
  /** To work through a checklist. */
  | { readonly kind: 'steps'; readonly runbookId: string };

export interface CardInput {
  readonly incident: Incident;
  readonly tenant: TenantPolicy;
  /** Public address of the incident in the console. */
  readonly consoleUrl: string;
  /** Id of the incident's own channel; null when it has none, and on the card in that channel. */
  readonly ownChannel: string | null;
}

export interface LinesInput {
  readonly incident: Incident;
  readonly tenant: TenantPolicy;
  /** In order, at least one. Cut from the front when they do not fit one message. */
  readonly lines: readonly Line[];
}

/** Many lines that come late, as one message. */
export interface CatchUpInput extends LinesInput {
  /** Since when nothing could be told. */
  readonly sinceMs: EpochMs;
}

/** What happened while a whole workspace was out of reach. */
export interface OutageSummary {
  readonly tenant: TenantPolicy;
  readonly fromMs: EpochMs;
  readonly untilMs: EpochMs;
  readonly opened: number;
  readonly resolved: number;
  /** Counts are lower bounds: there was too much to count. */
  readonly isPartial: boolean;
  /** Gravest first, at most twenty: those that were opened meanwhile. */
  readonly incidents: readonly Incident[];
}

/**
 * Domain values as messages, within the chat's limits and with all data from outside escaped. Equal
 * input gives equal messages: what is relative to now is left to the reader's client.
 */
export interface ChatRenderer {
  readonly card: (input: CardInput) => ChatMessage;
  readonly lines: (input: LinesInput) => ChatMessage;
  readonly catchUp: (input: CatchUpInput) => ChatMessage;
  readonly summary: (input: OutageSummary) => ChatMessage;
}

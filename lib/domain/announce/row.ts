import type { EpochMs } from '../shared/time.ts';
import type { ChatPlace } from './message.ts';

/** An incident's card where it stands. */
export interface PostedCard {
  readonly channel: string;
  readonly ts: string;
  /** Digest of what it last showed: an equal one needs no update. */
  readonly digest: string;
}

/** The channel that an incident has for itself. */
export interface OwnChannel {
  readonly id: string;
  readonly name: string;
  /** Null until it is posted. */
  readonly card: PostedCard | null;
  /** As last set; empty before. */
  readonly topic: string;
  /** Slack ids of those who were invited. */
  readonly invited: readonly string[];
  /** Archived by policy, or out of reach: nothing is sent there any more. */
  readonly isOver: boolean;
}

/** What a post is for. */
export type PostPurpose =
  | { readonly kind: 'home-card'; readonly digest: string }
  | { readonly kind: 'own-card'; readonly digest: string }
  /** Tells the log up to and including `untilSeq`. */
  | { readonly kind: 'lines'; readonly untilSeq: number };

/** A post that was about to be made: written before, so that it is never made twice. */
export interface PendingPost {
  readonly key: string;
  readonly place: ChatPlace;
  readonly purpose: PostPurpose;
  readonly atMs: EpochMs;
}

/** What the chat shows of one incident, and what is still owed to it. */
export interface ChatRow {
  readonly tenant: string;
  readonly incidentId: string;
  /** Counts the writes of this row. */
  readonly version: number;
  /** In the tenant's default channel; the incident's thread hangs on it. */
  readonly home: PostedCard | null;
  readonly own: OwnChannel | null;
  /** Names for the own channel that were taken. */
  readonly takenNames: number;
  /** The workspace lets us create no channel: the thread serves. */
  readonly isOwnRefused: boolean;
  /** The log is told up to and including this sequence number. */
  readonly toldSeq: number;
  readonly pending: PendingPost | null;
  /** Failures since the last success. */
  readonly failures: number;
  /** When to look again without being asked; null: only on the next event. */
  readonly nextAtMs: EpochMs | null;
}

/** How a tenant's workspace answers. */
export interface ChatWorkspace {
  readonly tenant: string;
  /** Counts the writes of this row. */
  readonly version: number;
  /** Failures in a row that are the workspace's and no incident's. */
  readonly failures: number;
  /** The first of those failures; null while it answers. */
  readonly downSinceMs: EpochMs | null;
  /** Not to be called before; null while it is not taken to be out of reach. */
  readonly nextTryAtMs: EpochMs | null;
  /** The chat's word for what is wrong; empty while it answers. */
  readonly reason: string;
  /** The summary of an outage, while its post is on the way. */
  readonly pending: { readonly key: string; readonly atMs: EpochMs } | null;
}

/** A row before anything was sent. */
export const newChatRow = (tenant: string, incidentId: string): ChatRow => ({
  tenant,
  incidentId,
  version: 0,
  home: null,
  own: null,
  takenNames: 0,
  isOwnRefused: false,
  toldSeq: 0,
  pending: null,
  failures: 0,
  nextAtMs: null,
});

export const newChatWorkspace = (tenant: string): ChatWorkspace => ({
  tenant,
  version: 0,
  failures: 0,
  downSinceMs: null,
  nextTryAtMs: null,
  reason: '',
  pending: null,
});

import type { JsonObject } from '../../shared/json.ts';

/** A message as Slack keeps it: its text and blocks just as they came. */
export interface StoredMessage {
  /** Its id in the channel. */
  readonly ts: string;
  readonly channel: string;
  /** Who wrote it; the app's bot user for the app. */
  readonly user: string;
  /** Such as `channel_join`, for lines that Slack writes itself. */
  readonly subtype: string | null;
  /** With `&`, `<` and `>` escaped, as in all of Slack. */
  readonly text: string;
  readonly blocks: readonly JsonObject[];
  /** The parent's, for a reply. */
  readonly threadTs: string | null;
  /** A reply that is shown in the channel too. */
  readonly isBroadcast: boolean;
  readonly metadata: JsonObject | null;
  readonly editedTs: string | null;
}

/** What happened in a workspace. The ledger holds these, a line each. */
export type Fact =
  | {
      readonly kind: 'channel_created';
      readonly id: string;
      readonly name: string;
      readonly isPrivate: boolean;
      readonly by: string;
      readonly atMs: number;
    }
  | { readonly kind: 'joined'; readonly channel: string; readonly users: readonly string[] }
  | { readonly kind: 'topic_set'; readonly channel: string; readonly topic: string }
  | { readonly kind: 'archived'; readonly channel: string }
  | { readonly kind: 'posted'; readonly message: StoredMessage }
  | {
      readonly kind: 'updated';
      readonly channel: string;
      readonly ts: string;
      readonly text: string;
      readonly blocks: readonly JsonObject[];
      readonly metadata: JsonObject | null;
      readonly editedTs: string;
    };

export interface Channel {
  readonly id: string;
  readonly name: string;
  readonly isPrivate: boolean;
  readonly isArchived: boolean;
  readonly topic: string;
  readonly creator: string;
  readonly createdAtMs: number;
  /** Ids of users, in the order in which they came. */
  readonly members: readonly string[];
}

import type { ChatMessage, ChatPlace, ChatView } from '../domain/announce/message.ts';
import type { Result } from '../domain/shared/result.ts';
import type { EpochMs } from '../domain/shared/time.ts';
import type { PortFailure } from './failure.ts';

/**
 * What a failure is about, and so what to do: another channel, other credentials, another message,
 * another name, or the same once more later.
 */
export type ChatTrouble = 'channel' | 'access' | 'message' | 'name' | 'service';

export interface ChatFailure extends PortFailure {
  /** The chat's own word, such as `is_archived`; for operators, and never a secret. */
  readonly reason: string;
  readonly about: ChatTrouble;
}

export type ChatResult<Value> = Promise<Result<Value, ChatFailure>>;

/** A message of ours where it stands. `ts` is its name within the channel. */
export interface PostedMessage {
  readonly channel: string;
  readonly ts: string;
}

export interface ChatChannel {
  readonly id: string;
  /** Without the `#`. */
  readonly name: string;
}

/** Whose credentials these are. */
export interface ChatIdentity {
  readonly teamId: string;
  readonly enterpriseId: string | null;
  readonly botUserId: string;
}

/**
 * The chat of each tenant's workspace, called with the tenant's own credentials. Every call ends
 * within seconds and is made once: retrying is the caller's.
 *
 * After `timeout` and `unavailable` a call may have been carried out; after any other failure it
 * was not. `throttled` says in `retryAfterMs` how long to leave the method alone.
 */
export interface Chat {
  /** Not harmless to repeat: after an unknown outcome ask `findPosted` for `key`. */
  readonly post: (
    tenant: string,
    post: {
      readonly place: ChatPlace;
      readonly message: ChatMessage;
      /** Names the message for `findPosted`; nobody sees it. */
      readonly key: string;
    },
  ) => ChatResult<PostedMessage>;
  /** Replaces a message of ours whole. Harmless to repeat. */
  readonly update: (
    tenant: string,
    posted: PostedMessage & { readonly message: ChatMessage },
  ) => ChatResult<void>;
  /** The message of ours that carries the key, among those of the place since then; else null. */
  readonly findPosted: (
    tenant: string,
    wanted: { readonly place: ChatPlace; readonly key: string; readonly sinceMs: EpochMs },
  ) => ChatResult<PostedMessage | null>;
  /** `conflict` about the `name`: some channel, perhaps an archived one, has it. */
  readonly createChannel: (
    tenant: string,
    wanted: { readonly name: string; readonly isPrivate: boolean },
  ) => ChatResult<ChatChannel>;
  /** At most 250 characters. The channel is told of it each time. */
  readonly setTopic: (
    tenant: string,
    wanted: { readonly channel: string; readonly topic: string },
  ) => ChatResult<void>;
  /** Invites whom it can; those who are there, or whom the workspace no longer has, are no failure. */
  readonly invite: (
    tenant: string,
    wanted: { readonly channel: string; readonly userIds: readonly string[] },
  ) => ChatResult<void>;
  /** An archived channel stays as it is, and that is no failure. */
  readonly archive: (tenant: string, channel: string) => ChatResult<void>;
  /** `not_found` about the `channel` when the workspace has none, or hides it from us. */
  readonly describeChannel: (
    tenant: string,
    channel: string,
  ) => ChatResult<ChatChannel & { readonly isArchived: boolean }>;
  /** Must come within 3 s of the person's click; `rejected` about the `message` afterwards. */
  readonly openView: (
    tenant: string,
    wanted: { readonly triggerId: string; readonly view: ChatView },
  ) => ChatResult<void>;
  readonly whoAmI: (tenant: string) => ChatResult<ChatIdentity>;
}

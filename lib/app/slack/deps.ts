import type { Unreadable } from '../../domain/alert/alert.ts';
import type { ChatMessage, ChatView } from '../../domain/announce/message.ts';
import type { TenantPolicy } from '../../domain/policy/policy.ts';
import type { Result } from '../../domain/shared/result.ts';
import type { EpochMs } from '../../domain/shared/time.ts';
import type { SlackRequest } from '../../domain/slack/request.ts';
import type { Form } from '../../domain/verbs/form.ts';
import type { VerbReply } from '../../domain/verbs/reply.ts';
import type { Chat } from '../../ports/chat.ts';
import type { ChatRows } from '../../ports/chat-rows.ts';
import type { Secrets } from '../../ports/secrets.ts';
import type { VerbDeps } from '../verbs/verb.ts';

/** A reply that is shown as it is. */
export type Told = Exclude<VerbReply, { readonly kind: 'form' | 'invalid' }>;

/** What a reply is shown with. */
export interface Scene {
  readonly tenant: TenantPolicy;
  /** Public address of the incident of a card; empty for all else. */
  readonly consoleUrl: string;
}

/** Replies in Slack's own format, within its limits and with data from outside escaped. */
export interface SlackRenderer {
  /** For the one who typed a command. */
  readonly message: (reply: Told, scene: Scene) => ChatMessage;
  /** For the one who clicked: a small window with the same. */
  readonly notice: (reply: Told, scene: Scene) => ChatView;
  readonly form: (form: Form) => ChatView;
}

/** The two addresses that Slack sends to: a body of one is none of the other. */
export type SlackEntry = 'commands' | 'interactions';

/** What taking requests of Slack needs: the codecs are given, so that this stays pure. */
export interface SlackDeps extends VerbDeps {
  readonly secrets: Pick<Secrets, 'slack'>;
  /** The tenants whose signing secret made this signature, if it is fresh; else none. */
  readonly verify: (attempt: {
    readonly rawBody: Uint8Array;
    readonly timestamp: string | undefined;
    readonly signature: string | undefined;
    /** The valid signing secrets of each tenant. */
    readonly secrets: Readonly<Record<string, readonly string[]>>;
    readonly nowMs: EpochMs;
  }) => readonly string[];
  readonly decoders: Readonly<
    Record<SlackEntry, (body: Uint8Array) => Result<SlackRequest, Unreadable>>
  >;
  readonly render: SlackRenderer;
  readonly chat: Pick<Chat, 'openView'>;
  readonly chatRows: Pick<ChatRows, 'findByPlace'>;
  /**
   * Lets few requests run at the same time. In Lambda an environment has one; on one machine a
   * thread has them all, and those about one incident would have to decide again and again.
   */
  readonly inTurn: <Outcome>(work: () => Promise<Outcome>) => Promise<Outcome>;
}

/** What the body of the answer is. */
export type SlackAnswer =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'message'; readonly message: ChatMessage }
  /** For a form that was sent: what is wrong in it, by field. It stays open. */
  | { readonly kind: 'errors'; readonly errors: Readonly<Record<string, string>> }
  /** For a form that was sent: what takes its place. */
  | { readonly kind: 'view'; readonly view: ChatView };

/** A message that needs no renderer: our own words, without data. */
export const plainMessage = (text: string): SlackAnswer => ({
  kind: 'message',
  message: { text, blocks: [] },
});

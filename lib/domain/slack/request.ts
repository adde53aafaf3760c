import type { ChatPlace } from '../announce/message.ts';
import type { EpochMs } from '../shared/time.ts';
import type { DrawnTarget } from '../verbs/stamp.ts';

/**
 * Whose request it is, from the signed payload alone. Names, mail addresses and other decoration
 * of the payload are left out: they prove nothing.
 */
export interface SlackActor {
  /** The organisation `E…` of the installation, or null outside of a grid. */
  readonly enterpriseId: string | null;
  /** The workspace that the request came from; null where the app is installed for a whole grid. */
  readonly teamId: string | null;
  /** `U…` or `W…`. */
  readonly userId: string;
  /** The user's own workspace where the payload tells it: another one for a guest of Connect. */
  readonly userTeamId: string | null;
  /** What the payload admits. False proves nothing; the policy decides who may. */
  readonly isBot: boolean;
  readonly isGuest: boolean;
}

export interface SlackCommand {
  readonly kind: 'command';
  readonly actor: SlackActor;
  /** Null where the payload names no channel. */
  readonly place: ChatPlace | null;
  /**
   * What follows the slash command, made plain: entities are characters again, a mention is
   * `<@U…>`, a channel `#name`, a link its address.
   */
  readonly text: string;
  readonly triggerId: string;
}

/** A button, or an entry of an overflow menu. */
export interface SlackBlockAction {
  readonly kind: 'block_action';
  readonly actor: SlackActor;
  /** Null where the payload names no channel. */
  readonly place: ChatPlace | null;
  /** The name of a verb; empty when the element is none of ours. */
  readonly verb: string;
  readonly target: DrawnTarget | null;
  readonly triggerId: string;
}

export interface SlackViewSubmission {
  readonly kind: 'view_submission';
  readonly actor: SlackActor;
  /** The name of a form; empty when the view is none of ours. */
  readonly form: string;
  readonly target: DrawnTarget | null;
  /** When what the form is about happened, from the form's own metadata; null: now. */
  readonly occurredAtMs: EpochMs | null;
  /** What was filled in by the names of the fields (the ids of the input blocks); may be empty. */
  readonly fields: Readonly<Record<string, string>>;
}

/** A shortcut from the search box: of no channel. */
export interface SlackShortcut {
  readonly kind: 'shortcut';
  readonly actor: SlackActor;
  readonly callbackId: string;
  readonly triggerId: string;
}

/** A shortcut on a message. */
export interface SlackMessageAction {
  readonly kind: 'message_action';
  readonly actor: SlackActor;
  /** With the thread that the message is in, or would begin; null without a channel. */
  readonly place: ChatPlace | null;
  readonly callbackId: string;
  readonly triggerId: string;
  /** `text` made plain as in a command; `userId` is null for what no user wrote. */
  readonly message: {
    readonly text: string;
    readonly sentAtMs: EpochMs;
    readonly userId: string | null;
  };
}

/** One verified request of Slack. What asks for nothing (`view_closed`, …) is answered with 200. */
export type SlackRequest =
  | SlackCommand
  | SlackBlockAction
  | SlackViewSubmission
  | SlackShortcut
  | SlackMessageAction
  | { readonly kind: 'view_closed' }
  | { readonly kind: 'ssl_check' }
  | { readonly kind: 'other'; readonly type: string };

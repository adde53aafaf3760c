/** A part of a message's layout in the chat's own format. Only renderers look inside. */
export interface ChatBlock {
  readonly type: string;
}

/** A message as the chat takes it: whatever came from outside is escaped in it. */
export interface ChatMessage {
  /** For notifications, screen readers and clients that show no layout. Never empty. */
  readonly text: string;
  /** Empty: the text alone is shown. */
  readonly blocks: readonly ChatBlock[];
}

/** A form that the chat shows over its window. */
export interface ChatView {
  readonly type: 'modal';
}

/** Where messages go: a channel, or one thread in it. */
export interface ChatPlace {
  readonly channel: string;
  /** The message that began the thread; null for the channel itself. */
  readonly threadTs: string | null;
}

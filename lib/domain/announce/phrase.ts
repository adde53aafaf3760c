import type { EpochMs } from '../shared/time.ts';

/**
 * A piece of a sentence. Plain text may hold data from outside, which every renderer escapes; the
 * other pieces become what the chat has for them.
 */
export type Span =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'bold'; readonly text: string }
  /** An instant, shown in the reader's own time zone. */
  | { readonly kind: 'time'; readonly atMs: EpochMs }
  /** Pings the person. Only ids of the policy come here. */
  | { readonly kind: 'mention'; readonly slackUserId: string }
  /** A channel of ours, by its id. */
  | { readonly kind: 'channel'; readonly channel: string }
  /** Shown as a link where its host is allowed, and as text elsewhere. */
  | { readonly kind: 'link'; readonly title: string; readonly url: string };

export type Phrase = readonly Span[];

export const text = (words: string): Span => ({ kind: 'text', text: words });
export const bold = (words: string): Span => ({ kind: 'bold', text: words });
export const time = (atMs: EpochMs): Span => ({ kind: 'time', atMs });

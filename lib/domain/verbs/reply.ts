import type { Phrase } from '../announce/phrase.ts';
import type { Incident } from '../incident/state.ts';
import type { Form } from './form.ts';

/**
 * What a person gets to see who asked for something; nobody else does. Texts may hold data from
 * outside: whoever shows them escapes them, and decides which links are allowed.
 */
export type VerbReply =
  /** Committed. The incident as it is after it; null where it is about none. */
  | { readonly kind: 'done'; readonly text: string; readonly incident: Incident | null }
  /** Nothing was changed: the reason, and what would be allowed. May have several lines. */
  | { readonly kind: 'refused'; readonly text: string; readonly incident: Incident | null }
  /** Trouble of ours: whether it was done may be unknown. `why` is for operators. */
  | { readonly kind: 'failed'; readonly text: string; readonly why: string }
  /** The incident's card as it stands, below a line where there is something to say. */
  | { readonly kind: 'card'; readonly lead: string; readonly incident: Incident }
  | { readonly kind: 'lines'; readonly title: string; readonly lines: readonly Phrase[] }
  | { readonly kind: 'form'; readonly form: Form }
  /** What was filled in cannot be taken: a sentence for each field that is wrong. */
  | { readonly kind: 'invalid'; readonly errors: Readonly<Record<string, string>> };

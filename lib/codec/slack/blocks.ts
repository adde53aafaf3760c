import { slackLimits } from './limits.ts';
import { fitted, type Piece } from './mrkdwn.ts';

/** The parts of Block Kit that are used here, as Slack takes them. */

export interface PlainTextObject {
  readonly type: 'plain_text';
  readonly text: string;
  /** False: `:name:` stays what it is. */
  readonly emoji: false;
}

export interface MrkdwnObject {
  readonly type: 'mrkdwn';
  readonly text: string;
  /** True: Slack makes no links and mentions of its own from what looks like some. */
  readonly verbatim: true;
}

export interface HeaderBlock {
  readonly type: 'header';
  readonly text: PlainTextObject;
}

export interface SectionBlock {
  readonly type: 'section';
  readonly text: PlainTextObject | MrkdwnObject;
}

export interface ContextBlock {
  readonly type: 'context';
  readonly elements: readonly MrkdwnObject[];
}

export interface Confirmation {
  readonly title: PlainTextObject;
  readonly text: PlainTextObject;
  readonly confirm: PlainTextObject;
  readonly deny: PlainTextObject;
}

/** Asks once more: a thumb slips. */
export const confirmation = (
  title: string,
  { text, act }: { readonly text: string; readonly act: string },
): Confirmation => ({
  title: plainObject(title, slackLimits.confirmTitleLength),
  text: plainObject(text, slackLimits.confirmTextLength),
  confirm: plainObject(act, slackLimits.confirmButtonLength),
  deny: plainObject('Cancel', slackLimits.confirmButtonLength),
});

export interface ButtonElement {
  readonly type: 'button';
  readonly action_id: string;
  readonly text: PlainTextObject;
  readonly value: string;
  readonly style?: 'primary' | 'danger';
  readonly confirm?: Confirmation;
}

export interface OptionObject {
  readonly text: PlainTextObject;
  readonly value: string;
}

export interface OverflowElement {
  readonly type: 'overflow';
  readonly action_id: string;
  readonly options: readonly OptionObject[];
}

export interface ActionsBlock {
  readonly type: 'actions';
  readonly block_id: string;
  readonly elements: readonly (ButtonElement | OverflowElement)[];
}

/** What a message is made of. */
export type MessageBlock = HeaderBlock | SectionBlock | ContextBlock | ActionsBlock;

/**
 * A text of at most so many UTF-16 units, no character split. Slack reads no markup in it, so data
 * stands in it as it is. Slack refuses an empty one: a dash stands for it.
 */
export function plainObject(text: string, maxLength: number): PlainTextObject {
  return { type: 'plain_text', text: cutUnits(text, maxLength) || '–', emoji: false };
}

/** The beginning of a text, with an ellipsis where it was cut. */
export function cutUnits(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  const kept = text.slice(0, maxLength - 1);
  return `${kept.replace(/[\ud800-\udbff]$/, '')}…`;
}

export const header = (text: string): HeaderBlock => ({
  type: 'header',
  text: plainObject(text, slackLimits.headerLength),
});

const markup = (pieces: readonly Piece[]): MrkdwnObject => ({
  type: 'mrkdwn',
  text: fitted(pieces, slackLimits.textLength) || '–',
  verbatim: true,
});

export const section = (pieces: readonly Piece[]): SectionBlock => ({
  type: 'section',
  text: markup(pieces),
});

export const plainSection = (text: string): SectionBlock => ({
  type: 'section',
  text: plainObject(text, slackLimits.textLength),
});

/** Small and grey: what nobody needs first. */
export const context = (pieces: readonly Piece[]): ContextBlock => ({
  type: 'context',
  elements: [markup(pieces)],
});

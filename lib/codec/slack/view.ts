import type { ChatView } from '../../domain/announce/message.ts';
import {
  plainObject,
  type MessageBlock,
  type OptionObject,
  type PlainTextObject,
} from './blocks.ts';
import { slackLimits } from './limits.ts';

export interface TextInput {
  readonly type: 'plain_text_input';
  readonly action_id: string;
  readonly multiline: boolean;
  readonly max_length: number;
  readonly initial_value?: string;
}

/** `radio_buttons` shows all its options at once, `static_select` opens a menu. */
export interface ChoiceInput {
  readonly type: 'radio_buttons' | 'static_select';
  readonly action_id: string;
  readonly options: readonly OptionObject[];
  readonly initial_option?: OptionObject;
}

export interface InputBlock {
  readonly type: 'input';
  readonly block_id: string;
  readonly label: PlainTextObject;
  readonly optional: boolean;
  readonly hint?: PlainTextObject;
  readonly element: TextInput | ChoiceInput;
}

/** Unlike in messages, data stands here as plain text. */
export interface PlainContextBlock {
  readonly type: 'context';
  readonly elements: readonly PlainTextObject[];
}

export type ViewBlock = MessageBlock | InputBlock | PlainContextBlock;

/** A window over Slack, as `views.open` takes it. */
export interface SlackView extends ChatView {
  readonly callback_id: string;
  readonly private_metadata: string;
  readonly title: PlainTextObject;
  readonly close: PlainTextObject;
  readonly submit?: PlainTextObject;
  readonly blocks: readonly ViewBlock[];
}

/** A window; without `submit` there is only something to read. */
export function viewOf(of: {
  readonly callbackId: string;
  readonly metadata: string;
  readonly title: string;
  readonly submit?: string;
  readonly blocks: readonly ViewBlock[];
}): SlackView {
  const label = (text: string): PlainTextObject => plainObject(text, slackLimits.viewTitleLength);
  return {
    type: 'modal',
    callback_id: of.callbackId,
    private_metadata: of.metadata,
    title: label(of.title),
    close: label(of.submit === undefined ? 'Close' : 'Cancel'),
    ...(of.submit === undefined ? {} : { submit: label(of.submit) }),
    blocks: of.blocks,
  };
}

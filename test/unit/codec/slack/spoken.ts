import type { ChatMessage, ChatView } from '../../../../lib/domain/announce/message.ts';

interface AnyBlock {
  readonly type: string;
  readonly text?: { readonly text: string };
  readonly label?: { readonly text: string };
  readonly elements?: readonly { readonly text?: string | { readonly text: string } }[];
}

const textOf = (text: string | { readonly text: string } | undefined): string =>
  typeof text === 'object' ? text.text : (text ?? 'menu');

/** A message or a window as a list of its texts; what can be pressed stands in brackets. */
export function spoken(shown: ChatMessage | ChatView): readonly string[] {
  // Only renderers look inside of blocks; a test may.
  const { blocks } = shown as unknown as { readonly blocks: readonly AnyBlock[] };
  return blocks.map(({ type, text, label, elements = [] }) => {
    if (text !== undefined) return text.text;
    if (label !== undefined) return `${label.text}: ___`;
    const words = elements.map((element) => textOf(element.text));
    return type === 'actions' ? words.map((word) => `[${word}]`).join(' ') : words.join(' ');
  });
}

/**
 * Slack's markup as its documentation describes it, read anew and without the code that writes it:
 * https://docs.slack.dev/messaging/formatting-message-text. Where Slack is vague (what may stand
 * beside a formatting character) it sees markup rather than text.
 */
export type Token =
  /** Between angle brackets: a mention, a channel, a date, a link. */
  | { readonly kind: 'control'; readonly body: string }
  /** A character that can begin or end bold, italic, struck or code. */
  | { readonly kind: 'format'; readonly character: string }
  /** At the beginning of a line. */
  | { readonly kind: 'quote' }
  /** A control character that belongs to nothing. */
  | { readonly kind: 'stray'; readonly character: string }
  | { readonly kind: 'text'; readonly text: string };

const entities: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>' };

/** A control, an entity, or one character. */
const lexer = /<[^<>]*>|&(?:amp|lt|gt);|[^]/gu;

export const tokensOf = (markup: string): readonly Token[] =>
  Array.from(markup.matchAll(lexer), (match) => tokenAt(match[0], markup, match.index));

function tokenAt(found: string, markup: string, at: number): Token {
  const isLineStart = /(?:^|\n)\s*$/.test(markup.slice(0, at));
  if (isLineStart && (found === '&gt;' || found === '>')) return { kind: 'quote' };
  if (found.startsWith('<') && found.length > 1) {
    return { kind: 'control', body: found.slice(1, -1) };
  }
  const entity = entities[found];
  return entity === undefined ? single(found, markup, at) : { kind: 'text', text: entity };
}

function single(character: string, markup: string, at: number): Token {
  if ('<>&'.includes(character)) return { kind: 'stray', character };
  if ('*~`'.includes(character)) return { kind: 'format', character };
  const isInWord =
    /[A-Za-z0-9]_*$/.test(markup.slice(0, at)) && /^_+[A-Za-z0-9]/.test(markup.slice(at));
  return character === '_' && !isInWord
    ? { kind: 'format', character }
    : { kind: 'text', text: character };
}

/** What steers in a text: the words that only stand there left out. */
export const skeletonOf = (markup: string): readonly Token[] =>
  tokensOf(markup).filter(({ kind }) => kind !== 'text');

/** What a reader sees of the text itself. */
export const spokenOf = (markup: string): string =>
  tokensOf(markup)
    .map((token) => (token.kind === 'text' ? token.text : ''))
    .join('');

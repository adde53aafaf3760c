import type { Phrase, Span } from '../../domain/announce/phrase.ts';
import { linkOrText, type LinkRules } from './links.ts';
import { channelLink, instant, mention, strong, words, type Piece } from './mrkdwn.ts';

/** A sentence of the domain in Slack's markup. */
export const phrasePieces = (phrase: Phrase, rules: LinkRules): readonly Piece[] =>
  phrase.map((span) => spanPiece(span, rules));

function spanPiece(span: Span, rules: LinkRules): Piece {
  switch (span.kind) {
    case 'text':
      return words(span.text);
    case 'bold':
      return strong(span.text);
    case 'time':
      return instant(span.atMs);
    case 'mention':
      return mention(span.slackUserId);
    case 'channel':
      return channelLink(span.channel);
    case 'link':
      return linkOrText(span.title, span.url, rules);
  }
}

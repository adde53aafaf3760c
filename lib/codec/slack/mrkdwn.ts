import { plainText } from '../../domain/shared/plain-text.ts';
import { redact } from '../../domain/shared/redact.ts';
import { toIso, type EpochMs } from '../../domain/shared/time.ts';

/**
 * A piece of Slack's markup: what opens it, its characters, each escaped and never to be split, and
 * what closes it. Only this module writes characters that Slack reads as control.
 */
export interface Piece {
  readonly open: string;
  readonly characters: readonly string[];
  readonly close: string;
}

/** What Slack shows as it stands, and never takes for markup. */
const lookalikes: Readonly<Record<string, string>> = {
  '*': '\u2217',
  '~': '\u223c',
  '`': '\u02cb',
  _: '\u02cd',
  '|': '\u2223',
};

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/**
 * Text from anywhere as literal text: no mention, no link, no format, no quote. Slack has no escape
 * for its formatting characters, so look-alikes stand for them; an underscore inside of a word
 * formats nothing and stays, so that names of metrics can be copied.
 */
const literal = (text: string): readonly string[] =>
  Array.from(
    text
      .replace(/(?<![A-Za-z0-9_])_+|_+(?![A-Za-z0-9_])/g, (run) => look('_').repeat(run.length))
      .replace(/[*~`|]/g, look)
      .replace(/^\s*>/, '\u203a'),
    (character) => entities[character] ?? character,
  );

const look = (character: string): string => lookalikes[character] ?? character;

/** Data as one line that is fit to be shown, without credentials. */
export const shown = (text: string, maxCodePoints = 1_000): string =>
  plainText(redact(text), maxCodePoints);

/** Words of ours and data alike. Spaces at the ends stay: they part it from its neighbours. */
export const words = (text: string): Piece => piece('', spaced(text), '');

/** In bold; nothing for an empty text, since `**` would be shown. */
export const strong = (text: string): Piece => {
  const inside = shown(text);
  return inside === '' ? words('') : piece('*', inside, '*');
};

function spaced(text: string): string {
  const inside = shown(text);
  const before = /^\s/.test(text) ? ' ' : '';
  return inside === '' ? before : `${before}${inside}${/\s$/.test(text) ? ' ' : ''}`;
}

const piece = (open: string, text: string, close: string): Piece => ({
  open,
  characters: literal(text),
  close,
});

const token = (markup: string): Piece => ({ open: markup, characters: [], close: '' });

export const newline: Piece = token('\n');

/** An instant in the reader's own time zone; UTC where a client shows no such dates. */
export const instant = (atMs: EpochMs): Piece => {
  const utc = `${toIso(atMs).slice(0, 16).replace('T', ' ')} UTC`;
  return token(`<!date^${Math.floor(atMs / 1000)}^{date_short_pretty} at {time}|${utc}>`);
};

/** The time of day alone, for what is of today. */
export const timeOfDay = (atMs: EpochMs): Piece => {
  const utc = `${toIso(atMs).slice(11, 16)} UTC`;
  return token(`<!date^${Math.floor(atMs / 1000)}^{time}|${utc}>`);
};

/** Notifies somebody; nothing when the id is none of Slack's. */
export const mention = (userId: string): Piece =>
  /^[UW][A-Z0-9]{1,20}$/.test(userId) ? token(`<@${userId}>`) : words('');

/** Leads to a channel; nothing when the id is none of Slack's. */
export const channelLink = (channel: string): Piece =>
  /^[CG][A-Z0-9]{1,20}$/.test(channel) ? token(`<#${channel}>`) : words('');

/** A link to an address that was found good by `allowedLink`. */
export const linkTo = (href: string, title: string): Piece => ({
  open: `<${href.replaceAll('|', '%7C').replace(/[&<>]/g, (one) => entities[one] ?? one)}|`,
  characters: literal(shown(title, 200)),
  close: '>',
});

const ellipsis = '…';

/** The markup of some pieces, at most so many UTF-16 units; what is cut ends with an ellipsis. */
export function fitted(pieces: readonly Piece[], maxLength: number): string {
  let text = '';
  for (const [index, each] of pieces.entries()) {
    const whole = `${each.open}${each.characters.join('')}${each.close}`;
    const isLast = index === pieces.length - 1;
    if (text.length + whole.length + (isLast ? 0 : ellipsis.length) <= maxLength) text += whole;
    else return `${text}${beginningOf(each, maxLength - text.length)}`;
  }
  return text;
}

/** As many characters of a piece as fit with what opens and closes it; the ellipsis if none do. */
function beginningOf({ open, characters, close }: Piece, room: number): string {
  let left = room - open.length - close.length - ellipsis.length;
  const kept: string[] = [];
  for (const character of characters) {
    left -= character.length;
    if (left < 0) break;
    kept.push(character);
  }
  // At the end of a word an underscore would format.
  while (kept.at(-1) === '_') kept.pop();
  return kept.length === 0 ? ellipsis : `${open}${kept.join('')}${ellipsis}${close}`;
}

/** Pieces with another between each two of them. */
export const joined = (parts: readonly (readonly Piece[])[], between: Piece): readonly Piece[] =>
  parts.flatMap((part, index) => (index === 0 ? part : [between, ...part]));

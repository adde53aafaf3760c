import {
  exactText,
  externalLink,
  html,
  type Html,
  type SafeUrl,
} from '../../../../console/html.ts';
import { emojiNamed } from './emoji.ts';

/** What the ids in a text stand for, as the reader sees it. */
export interface Names {
  readonly userName: (id: string) => string | undefined;
  readonly channelName: (id: string) => string | undefined;
  readonly channelLink: (id: string) => SafeUrl;
  /** The reader, whose mentions stand out. */
  readonly readerId: string;
}

/**
 * Slack's mrkdwn as markup that cannot do anything but look so. All text is escaped. What would
 * ping or lead somewhere in Slack is shown as such, so that a reader sees when it should not be
 * there.
 */
export function renderMrkdwn(text: string, names: Names, { isVerbatim = false } = {}): Html {
  const how: How = { names, marks: '*_~', isVerbatim };
  const parts = text.split('```');
  return html`${parts.map((part, index) => {
    const isFenced = index % 2 === 1 && index < parts.length - 1;
    return isFenced ? html`<pre>${exactText(unescape(part))}</pre>` : lines(part, how);
  })}`;
}

const QUOTE = /^(?:&gt;|>) ?/;

/** Lines, those of a quotation together. */
function lines(text: string, how: How): Html {
  const groups: { readonly isQuote: boolean; readonly lines: string[] }[] = [];
  for (const line of text.split('\n')) {
    const isQuote = QUOTE.test(line);
    const last = groups.at(-1);
    const shown = line.replace(QUOTE, '');
    if (last?.isQuote === isQuote) last.lines.push(shown);
    else groups.push({ isQuote, lines: [shown] });
  }
  return html`${groups.map((group) => {
    const content = inline(group.lines.join('\n'), how);
    return group.isQuote
      ? html`<blockquote>${content}</blockquote>`
      : html`<span>${content}</span>`;
  })}`;
}

interface How {
  readonly names: Names;
  /** Signs that may still begin something: what is inside bold cannot be bold again. */
  readonly marks: string;
  /** Addresses that stand by themselves are left alone. */
  readonly isVerbatim: boolean;
}

interface Piece {
  readonly shown: Html;
  readonly length: number;
}

/** Text up to the next sign that may mean something. */
const PLAIN = /[^<`*_~:h]+|./suy;

function inline(text: string, how: How): readonly Html[] {
  const pieces: Html[] = [];
  for (let at = 0; at < text.length;) {
    const piece = pieceAt(text, at, how) ?? plainAt(text, at);
    pieces.push(piece.shown);
    at += piece.length;
  }
  return pieces;
}

function plainAt(text: string, at: number): Piece {
  PLAIN.lastIndex = at;
  const [plain = text.charAt(at)] = PLAIN.exec(text) ?? [];
  return { shown: exactText(unescape(plain)), length: plain.length };
}

function pieceAt(text: string, at: number, how: How): Piece | undefined {
  const sign = text.charAt(at);
  if (sign === '<') return special(text, at, how.names);
  if (sign === '`') return code(text, at);
  if (sign === ':') return emoji(text, at);
  if (sign === 'h') return how.isVerbatim ? undefined : bareAddress(text, at);
  return how.marks.includes(sign) ? marked(text, at, how) : undefined;
}

/** Something in angle brackets, which only an app or Slack itself can write. */
function special(text: string, at: number, names: Names): Piece | undefined {
  const content = /^<([^<>\n]+)>/.exec(text.slice(at, at + MAX_SPECIAL))?.[1];
  if (content === undefined) return undefined;
  const bar = content.indexOf('|');
  const target = bar < 0 ? content : content.slice(0, bar);
  const label = bar < 0 ? '' : unescape(content.slice(bar + 1));
  return { shown: named(target, label, names), length: content.length + 2 };
}

const MAX_SPECIAL = 4000;

function named(target: string, label: string, names: Names): Html {
  const id = target.slice(1);
  switch (target.charAt(0)) {
    case '@':
      return person(id, label, names);
    case '#':
      return html`<a href="${names.channelLink(id)}"
        >${exactText(`#${(names.channelName(id) ?? label) || id}`)}</a
      >`;
    case '!':
      return id.startsWith('date^') ? instant(id, label) : crowd(id, label);
    default:
      return address(unescape(target), label);
  }
}

function person(id: string, label: string, { userName, readerId }: Names): Html {
  const kind = id === readerId ? 'mention me' : 'mention';
  return html`<span class="${kind}">${exactText(`@${(userName(id) ?? label) || id}`)}</span>`;
}

/** `here`, `channel`, `everyone` and `subteam^S…`: the reader is one of them. */
function crowd(text: string, label: string): Html {
  const [name = '', id = ''] = text.split('^');
  const shown = name === 'subteam' ? label.replace(/^@/, '') || id : name;
  return html`<span class="mention me">${exactText(`@${shown}`)}</span>`;
}

/**
 * `date^<seconds>^<format>`, for the reader's own clock. Beyond the bound, no Date has an instant.
 */
function instant(text: string, label: string): Html {
  const [, seconds = '', format = ''] = text.split('^');
  const atMs = Number(seconds) * 1000;
  if (!/^\d+$/.test(seconds) || atMs > 8.64e15) return exactText(label);
  return html`<time
    datetime="${new Date(atMs).toISOString()}"
    data-date="${atMs}"
    data-format="${exactText(unescape(format))}"
    >${exactText(label)}</time
  >`;
}

/** What is no web address is shown whole, as text. */
function address(target: string, label: string): Html {
  const link = externalLink(target);
  const text = label === '' ? target : label;
  if (link === null) return exactText(label === '' ? target : `${label} (${target})`);
  return html`<a href="${link.url}" target="_blank" rel="noopener noreferrer"
    >${exactText(text)}</a
  >`;
}

/** Slack makes links of addresses that stand in a text by themselves. */
function bareAddress(text: string, at: number): Piece | undefined {
  const found = /^https?:\/\/[^\s<>|`"]+/.exec(text.slice(at, at + MAX_SPECIAL))?.[0];
  const target = found?.replace(/[.,;:!?)*_~]+$/, '');
  if (target === undefined) return undefined;
  return { shown: address(unescape(target), ''), length: target.length };
}

function code(text: string, at: number): Piece | undefined {
  const found = /^`([^`\n]+)`/.exec(text.slice(at))?.[1];
  if (found === undefined) return undefined;
  return { shown: html`<code>${exactText(unescape(found))}</code>`, length: found.length + 2 };
}

function emoji(text: string, at: number): Piece | undefined {
  const name = /^:([a-z0-9_+-]{1,60}):/.exec(text.slice(at, at + 64))?.[1];
  const character = name === undefined ? undefined : emojiNamed(name);
  if (name === undefined || character === undefined) return undefined;
  return { shown: exactText(character), length: name.length + 2 };
}

const WORD = /[\p{L}\p{Nd}]/u;

/** `*bold*`, `_italic_`, `~struck~`: the signs stand at the edges of words, on one line. */
function marked(text: string, at: number, how: How): Piece | undefined {
  const sign = text.charAt(at);
  if (WORD.test(text.charAt(at - 1)) || /^[\s*_~]?$/.test(text.charAt(at + 1))) return undefined;
  const end = closingOf(text, at, sign);
  if (end === undefined) return undefined;
  const content = inline(text.slice(at + 1, end), {
    ...how,
    marks: how.marks.replace(sign, ''),
  });
  return { shown: inMark(sign, content), length: end + 1 - at };
}

function closingOf(text: string, at: number, sign: string): number | undefined {
  for (let end = at + 2; end < text.length && text.charAt(end) !== '\n'; end += 1) {
    const isEdge = !/\s/.test(text.charAt(end - 1)) && !WORD.test(text.charAt(end + 1));
    if (text.charAt(end) === sign && isEdge) return end;
  }
  return undefined;
}

function inMark(sign: string, content: readonly Html[]): Html {
  if (sign === '*') return html`<strong>${content}</strong>`;
  return sign === '_' ? html`<em>${content}</em>` : html`<s>${content}</s>`;
}

const entities: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>' };

/** The signs that Slack has escaped; nothing else is an entity there. */
const unescape = (text: string): string =>
  text.replace(/&(?:amp|lt|gt);/g, (entity) => entities[entity] ?? entity);

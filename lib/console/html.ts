import { webLink } from '../codec/web-link.ts';
import { invariant } from '../domain/shared/invariant.ts';
import { plainText } from '../domain/shared/plain-text.ts';
import { redact } from '../domain/shared/redact.ts';

/** Markup that is safe to send. Made by `html` alone. */
class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** An address that may stand in `href`. Made by `ownPath` and `externalLink` alone. */
class SafeUrl {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export type { Html, SafeUrl };

type Part = string | number | Html | SafeUrl | null | readonly Html[];

const longestText = 4_000;

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};

const escaped = (text: string): string =>
  text.replace(/[&<>"'`]/g, (sign) => entities[sign] ?? sign);

/**
 * A template whose every value is text: redacted, one trimmed line, visible, cut, and escaped
 * for content and for attributes, which are always in double quotes. Markup comes only from this
 * function, and an address only from the two below: anything else in `href` is our own mistake.
 */
export function html(literals: TemplateStringsArray, ...parts: readonly Part[]): Html {
  const texts = literals.map((literal, index) => {
    const part = parts[index];
    return part === undefined ? literal : `${literal}${render(part, literal)}`;
  });
  return new Html(texts.join(''));
}

function render(part: Part, before: string): string {
  const isAddress = /\s(?:href|src|action|formaction)\s*=\s*"$/i.test(before);
  invariant(isAddress === part instanceof SafeUrl, 'an address, and only one, is a SafeUrl');
  invariant(!/=\s*$/.test(before), 'an attribute is in quotes');
  if (part === null) return '';
  if (typeof part === 'number') return String(part);
  if (typeof part === 'string') return escaped(shown(part));
  if (part instanceof SafeUrl) return escaped(part.text);
  return part instanceof Html ? part.text : part.map(({ text }) => text).join('');
}

/** Text from outside as people get to see it, before it is escaped. */
export const shown = (text: string): string => plainText(redact(text), longestText);

/** Text sign by sign, escaped and nothing else: where a reader is to see just what was sent. */
export const exactText = (text: string): Html => new Html(escaped(text));

/** Style or script of our own, which the page's policy names by its digest. Never data. */
export function inlineCode(tag: 'style' | 'script', code: string): Html {
  invariant(!/<[/!]/.test(code), 'code of our own has nothing that ends or hides it');
  return new Html(`<${tag}>${code}</${tag}>`);
}

/** An address within this console. */
export const ownPath = (path: string): SafeUrl => {
  invariant(/^\/(?![/\\])[\x21-\x7e]*$/.test(path), 'a path of our own begins with one slash');
  return new SafeUrl(path);
};

const longestLink = 2_048;

/** A web address from outside that may be clicked, with the host that it leads to. */
export function externalLink(
  text: string,
): { readonly url: SafeUrl; readonly host: string } | null {
  const link = webLink(text, longestLink);
  if (link === undefined || redact(link) !== link) return null;
  return { url: new SafeUrl(link), host: new URL(link).host };
}

import { plainText } from '../shared/plain-text.ts';
import { redact } from '../shared/redact.ts';

/**
 * Characters that can mean something within a line of Markdown, GitHub's extensions included:
 * emphasis, code, links, images, HTML, entities, tables, strikethrough, mentions, bare links.
 */
const meaningful = /[\\`*_[\]<>&|~#!@$]/g;
/** A colon begins an address or an emoji, unless a space follows or it stands in a time of day. */
const bindingColon = /(?<!\d):(?=\S)|(?<=\d):(?=[^\d\s])/g;
/** Also after an underscore, which renderers take for the end of a word. */
const bareWww = /www\./gi;

/**
 * Text from outside as Markdown that shows that text, without credentials. For use within a line: what means
 * something only at the start of one (lists, headings, quotes) is the caller's to avoid.
 */
export const escapeMarkdown = (text: string): string =>
  plainText(redact(text))
    .replace(meaningful, '\\$&')
    .replace(bindingColon, '\\:')
    .replace(bareWww, (www) => `${www.slice(0, 3)}\\.`);

import { plainText } from '../shared/plain-text.ts';

/**
 * Characters that can mean something within a line of Markdown, GitHub's extensions included:
 * emphasis, code, links, images, HTML, entities, tables, strikethrough, mentions, bare links.
 */
const meaningful = /[\\`*_[\]<>&|~#!@:$]/g;
const bareWww = /\bwww\./gi;

/**
 * Text from outside as Markdown that shows exactly that text. For use within a line: what means
 * something only at the start of one (lists, headings, quotes) is the caller's to avoid.
 */
export const escapeMarkdown = (text: string): string =>
  plainText(text)
    .replace(meaningful, '\\$&')
    .replace(bareWww, (www) => `${www.slice(0, 3)}\\.`);

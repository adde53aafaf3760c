import { cutText } from '../cut.ts';

/** More than any verb takes, and than Slack lets people type into a command. */
const maxCodePoints = 8_192;

const entities: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>' };

/**
 * What somebody typed, from Slack's escaped form (`should_escape` is on in our manifest): entities
 * are characters again, a mention is `<@U…>`, a channel `#name`, a link its address.
 * https://docs.slack.dev/interactivity/implementing-slash-commands
 */
export const typedText = (escaped: string): string =>
  cutText(
    escaped.replace(/<([^<>]*)>|&(?:amp|lt|gt);/g, (found, inside: string | undefined) =>
      inside === undefined ? (entities[found] ?? found) : controlText(inside),
    ),
    maxCodePoints,
  ).trim();

function controlText(inside: string): string {
  const [name = '', ...rest] = inside.split('|');
  const label = plain(rest.join('|'));
  switch (name.charAt(0)) {
    case '@':
      return `<${name}>`;
    case '#':
      return label === '' ? name : `#${label}`;
    case '!':
      return label || `@${name.slice(1)}`;
    default:
      return isAddressed(name) ? label || name : plain(name);
  }
}

/** Slack makes links of mail addresses and telephone numbers too, labelled with what was typed. */
const isAddressed = (name: string): boolean => /^(?:mailto|tel):/.test(name);

const plain = (text: string): string =>
  text.replace(/&(?:amp|lt|gt);/g, (entity) => entities[entity] ?? entity);

import { bold, text, type Phrase } from '../../domain/announce/phrase.ts';
import type { VerbReply } from '../../domain/verbs/reply.ts';
import { refused, type Refused } from './answers.ts';
import type { GeneralVerb, Verb } from './verb.ts';
import { firstWord, quoted } from './words.ts';

/** What there is, in lines that fit a phone; with a verb, all about that one. */
export const helpOn = (verbs: () => readonly Verb[]): GeneralVerb => ({
  name: 'help',
  aliases: ['h', '?'],
  usage: '[verb]',
  summary: 'All verbs, or all about one',
  right: 'read',
  subject: 'none',
  run: ({ args }) => Promise.resolve(helpAbout(verbs(), firstWord(args).word)),
});

function helpAbout(verbs: readonly Verb[], word: string): VerbReply {
  if (word === '') return overview(verbs);
  const verb = findVerb(verbs, word);
  return verb === null ? unknownVerb(verbs, word) : about(verb);
}

/** The verb with this name or alias. */
export function findVerb(verbs: readonly Verb[], word: string): Verb | null {
  const wanted = word.toLowerCase();
  return verbs.find(({ name, aliases }) => name === wanted || aliases.includes(wanted)) ?? null;
}

export function unknownVerb(verbs: readonly Verb[], word: string): Refused {
  const wanted = word.toLowerCase();
  const near = verbs.find(({ name }) => name.startsWith(wanted.slice(0, 3)) && wanted.length > 2);
  const hint = near === undefined ? '' : ` Did you mean \`${near.name}\`?`;
  return refused(`There is no verb ${quoted(word)}.${hint} \`help\` lists them all.`);
}

const overview = (verbs: readonly Verb[]): VerbReply => ({
  kind: 'lines',
  title: 'What you can say',
  lines: [
    ...verbs.map(({ name, summary }): Phrase => [bold(name), text(` ${summary}`)]),
    [text('Another incident than this channel’s: '), bold('ack 7k3qa')],
    [text('More about one: '), bold('help ack')],
  ],
});

function about({ name, aliases, usage, summary, subject }: Verb): VerbReply {
  const id = subject === 'incident' ? ' [id]' : '';
  const typed = `${name}${id}${usage === '' ? '' : ` ${usage}`}`;
  const short: readonly Phrase[] =
    aliases.length === 0 ? [] : [[text(`Short: ${aliases.join(', ')}`)]];
  return { kind: 'lines', title: summary, lines: [[bold(typed)], ...short] };
}

import type { ChatMessage } from '../../domain/announce/message.ts';
import type { CatchUpInput, Line, LinesInput, Tone } from '../../domain/announce/renderer.ts';
import { askBlocks } from './ask-blocks.ts';
import { context, section, type MessageBlock } from './blocks.ts';
import { headline } from './headline.ts';
import { slackLimits } from './limits.ts';
import { linkRules, type LinkRules } from './links.ts';
import { fitted, instant, strong, timeOfDay, words, type Piece } from './mrkdwn.ts';
import { packed } from './pack.ts';
import { phrasePieces } from './phrase.ts';

const signs: Readonly<Record<Tone, string>> = {
  plain: '',
  good: '✅ ',
  warning: '⚠️ ',
  bad: '🚨 ',
};

/** One line is at most this long, so that a message holds at least forty. */
const longestLine = 700;

/** What happened just now, for the thread: its lines, without their times where there is one. */
export function renderLines(input: LinesInput, ownHosts: readonly string[]): ChatMessage {
  const rules = linkRules(input.tenant, ownHosts);
  const { told, asked } = parted(input);
  const [only, ...others] = told;
  const isOne = only !== undefined && others.length === 0;
  const blocks = isOne
    ? [section(linePieces(only, rules))]
    : lineBlocks(told, (line) => [timeOfDay(line.atMs), words(' '), ...linePieces(line, rules)]);
  const [last] = input.lines.slice(-1);
  return { text: lineFallback(input, last, rules), blocks: [...blocks, ...asked] };
}

/** Questions in one message: far from Slack's fifty blocks. Older ones are lines without buttons. */
const mostAsked = 2;

/** What is only told, and at the end what people are asked for, with the buttons for it. */
function parted({ lines, incident }: LinesInput): {
  readonly told: readonly Line[];
  readonly asked: readonly MessageBlock[];
} {
  const asking = lines.filter((line) => askBlocks(line, incident) !== null).slice(-mostAsked);
  return {
    told: lines.filter((line) => !asking.includes(line)),
    asked: asking.flatMap((line) => askBlocks(line, incident) ?? []),
  };
}

/** What happened while nothing could be told, as one message. */
export function renderCatchUp(input: CatchUpInput, ownHosts: readonly string[]): ChatMessage {
  const rules = linkRules(input.tenant, ownHosts);
  const opening = [
    strong('Slack could not be reached'),
    words(' since '),
    instant(input.sinceMs),
    words('. Meanwhile:'),
  ];
  const { told, asked } = parted(input);
  const blocks = [
    section(opening),
    ...lineBlocks(told, (line) => [instant(line.atMs), words(' '), ...linePieces(line, rules)]),
    ...asked,
  ];
  const count = `${input.lines.length} ${input.lines.length === 1 ? 'entry' : 'entries'}`;
  return { text: fallbackOf([words(`${headline(input.incident)}: ${count} to catch up`)]), blocks };
}

const linePieces = ({ tone, phrase }: Line, rules: LinkRules): readonly Piece[] => [
  words(signs[tone]),
  ...phrasePieces(phrase, rules),
];

/** The newest lines in as many blocks as a message has room for, and how many are left out. */
function lineBlocks(
  lines: readonly Line[],
  piecesOf: (line: Line) => readonly Piece[],
): readonly MessageBlock[] {
  const { texts, leftOut } = packed(lines.map((line) => fitted(piecesOf(line), longestLine)));
  const before = leftOut === 0 ? [] : [context([words(`${leftOut} earlier: see the console`)])];
  return [...before, ...texts];
}

/** A notification says the newest. It notifies whom the line does. */
const lineFallback = ({ incident }: LinesInput, line: Line | undefined, rules: LinkRules): string =>
  fallbackOf([
    words(`${incident.severity} `),
    ...(line === undefined ? [words(incident.title)] : linePieces(line, rules)),
  ]);

const fallbackOf = (pieces: readonly Piece[]): string => fitted(pieces, slackLimits.fallbackLength);

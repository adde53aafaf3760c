import type { FormPart } from '../../domain/verbs/form.ts';
import { plainSection, type SectionBlock } from './blocks.ts';
import { slackLimits } from './limits.ts';
import { shown } from './mrkdwn.ts';

/** Far from the hundred blocks of a window, and more than anybody reads. */
const mostBlocks = 60;

/**
 * What is to be read in a window, as plain text: Slack reads no markup in it. Nothing is cut while
 * there is room, since whoever approves must have seen all; what is left out is said.
 */
export function partBlocks(parts: readonly FormPart[]): readonly SectionBlock[] {
  const texts = parts.flatMap(partTexts);
  const kept = texts.slice(0, mostBlocks);
  const left = texts.length - kept.length;
  const rest = left === 0 ? [] : [`${left} more parts: the console shows all of it.`];
  return [...kept, ...rest].map(plainSection);
}

/** A part in as few texts as hold it, its name in front. */
function partTexts({ name, lines }: FormPart): readonly string[] {
  const pieces = lines.map((line) => shown(line, 20_000)).flatMap(inPieces);
  const texts: string[] = [];
  let current = shown(name, 200);
  for (const piece of pieces.filter((one) => one !== '')) {
    const longer = current === '' ? piece : `${current}\n${piece}`;
    if (longer.length <= slackLimits.textLength) current = longer;
    else {
      texts.push(current);
      current = piece;
    }
  }
  return current === '' ? texts : [...texts, current];
}

/** A long line in pieces of which each fits, no character split. */
function inPieces(line: string): readonly string[] {
  if (line.length <= slackLimits.textLength) return [line];
  const pieces: string[] = [];
  let piece = '';
  for (const character of line) {
    if (piece.length + character.length > slackLimits.textLength) {
      pieces.push(piece);
      piece = '';
    }
    piece += character;
  }
  return [...pieces, piece];
}

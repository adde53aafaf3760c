import type { SectionBlock } from './blocks.ts';
import { slackLimits } from './limits.ts';

/** Sections of one message: far from Slack's fifty blocks, and as much as anybody reads. */
const mostSections = 12;

/** Lines of markup in as few sections as hold them. */
export interface Packed {
  readonly texts: readonly SectionBlock[];
  /** Lines at the front for which there was no room. */
  readonly leftOut: number;
}

/**
 * Lines, each whole and within a section's length, one below the other; the newest are kept. They
 * are markup already and are not escaped again.
 */
export function packed(lines: readonly string[]): Packed {
  const sections: string[] = [];
  let leftOut = 0;
  for (const line of lines.toReversed()) {
    const current = sections[0];
    const longer = current === undefined ? line : `${line}\n${current}`;
    if (leftOut > 0) leftOut += 1;
    else if (longer.length <= slackLimits.textLength) sections[0] = longer;
    else if (sections.length < mostSections) sections.unshift(line);
    else leftOut += 1;
  }
  return { texts: sections.map(sectionOf), leftOut };
}

const sectionOf = (text: string): SectionBlock => ({
  type: 'section',
  text: { type: 'mrkdwn', text: text || '–', verbatim: true },
});

import type { ChatMessage } from '../../domain/announce/message.ts';
import type { OutageSummary } from '../../domain/announce/renderer.ts';
import { header, section } from './blocks.ts';
import { headline } from './headline.ts';
import { fitted, instant, words } from './mrkdwn.ts';
import { packed } from './pack.ts';

const longestLine = 400;

/** What happened while the workspace was out of reach, for the default channel. */
export function renderSummary(summary: OutageSummary): ChatMessage {
  const { fromMs, untilMs, opened, resolved, isPartial, incidents } = summary;
  const least = isPartial ? 'at least ' : '';
  const counts =
    `${least}${opened} ${opened === 1 ? 'incident' : 'incidents'} opened, ` +
    `${least}${resolved} resolved`;
  const lines = incidents.map((incident) =>
    fitted([words(`${headline(incident)} (${incident.id})`)], longestLine),
  );
  const span = [
    words('From '),
    instant(fromMs),
    words(' to '),
    instant(untilMs),
    words(`: ${counts}. Paging went on meanwhile.`),
  ];
  const text = fitted([words(`Slack could be reached again: ${counts}`)], longestLine);
  const rest = lines.length === 0 ? [] : packed(lines).texts;
  return { text, blocks: [header('Slack was out of reach'), section(span), ...rest] };
}

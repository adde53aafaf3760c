import type { ChatRenderer } from '../../domain/announce/renderer.ts';
import { renderCard } from './card.ts';
import { renderCatchUp, renderLines } from './line.ts';
import { renderSummary } from './summary.ts';

/**
 * Messages for Slack. `ownHosts` are the host names of this installation's console, lower case and
 * without port: links to them are allowed beside those of the policy.
 */
export const createSlackRenderer = (ownHosts: readonly string[]): ChatRenderer => ({
  card: (input) => renderCard(input, ownHosts),
  lines: (input) => renderLines(input, ownHosts),
  catchUp: (input) => renderCatchUp(input, ownHosts),
  summary: renderSummary,
});

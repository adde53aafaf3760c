import { text } from '../../domain/announce/phrase.ts';
import type { VerbReply } from '../../domain/verbs/reply.ts';
import { readOpenIncidents } from '../read-incidents.ts';
import { failed, refused } from './answers.ts';
import { byUrgency, incidentLine } from './open-incidents.ts';
import type { GeneralVerb, VerbCall } from './verb.ts';
import { firstWord, quoted } from './words.ts';

/** What is open, or what was closed last. */
export const list: GeneralVerb = {
  name: 'list',
  aliases: ['ls', 'l'],
  usage: '[closed]',
  summary: 'What is open, most urgent first',
  right: 'read',
  subject: 'none',
  run: async (call) => {
    const { word } = firstWord(call.args);
    if (word === '' || word === 'open') return listOpen(call);
    if (word === 'closed' || word === 'resolved') return listClosed(call);
    return refused(`${quoted(word)} cannot be listed: \`list\` or \`list closed\`.`);
  },
};

const shownIncidents = 15;

async function listOpen({ deps, tenant }: VerbCall): Promise<VerbReply> {
  const open = await readOpenIncidents(deps, tenant.id);
  if (!open.ok) return failed(open.error);
  const { incidents, hasMore } = open.value;
  const ordered = incidents.toSorted(byUrgency);
  const lines = ordered.slice(0, shownIncidents).map(incidentLine);
  const orMore = hasMore ? ' or more' : '';
  const left = ordered.length - lines.length;
  return {
    kind: 'lines',
    title: ordered.length === 0 ? 'No incident is open' : `Open: ${ordered.length}${orMore}`,
    lines: left > 0 ? [...lines, [text(`and ${left}${orMore} others`)]] : lines,
  };
}

async function listClosed({ deps, tenant }: VerbCall): Promise<VerbReply> {
  const query = {
    tenant: tenant.id,
    status: 'closed',
    limit: shownIncidents,
    after: null,
  } as const;
  const closed = await deps.store.listIncidents(query);
  if (!closed.ok) return failed(closed.error);
  const lines = closed.value.incidents.map(incidentLine);
  return {
    kind: 'lines',
    title: lines.length === 0 ? 'No incident was ever resolved' : 'Resolved last',
    lines,
  };
}

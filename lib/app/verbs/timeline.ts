import { text, time, type Phrase } from '../../domain/announce/phrase.ts';
import { redact } from '../../domain/shared/redact.ts';
import { timelineOf, type TimelineEntry } from '../../domain/timeline/timeline.ts';
import type { VerbReply } from '../../domain/verbs/reply.ts';
import { failed, nameOf } from './answers.ts';
import type { IncidentCall, IncidentVerb } from './verb.ts';

/** What happened, the newest last. */
export const timeline: IncidentVerb = {
  name: 'timeline',
  aliases: ['tl', 't'],
  usage: '',
  summary: 'What happened so far',
  right: 'read',
  subject: 'incident',
  among: 'open',
  isProse: false,
  heedsStamp: false,
  run: tell,
};

const shownEntries = 15;

async function tell({ deps, tenant, incident }: IncidentCall): Promise<VerbReply> {
  const commits = await deps.store.loadCommits(tenant.id, incident.id);
  if (!commits.ok) return failed(commits.error);
  const entries = timelineOf(commits.value);
  const shown = entries.slice(-shownEntries).map(entryLine);
  const left = entries.length - shown.length;
  const url = await deps.consoleUrl(tenant.id, incident.id);
  const before: Phrase = [text(`${left} earlier: `), { kind: 'link', title: 'all of it', url }];
  return {
    kind: 'lines',
    title: nameOf(incident),
    lines: left > 0 ? [before, ...shown] : shown,
  };
}

function entryLine({ atMs, text: told, reason }: TimelineEntry): Phrase {
  const because = reason === null ? '' : `: ${reason}`;
  return [time(atMs), text(redact(` ${told}${because}`))];
}

import type { Commit } from '../domain/incident/event.ts';
import { postmortemMarkdown } from '../domain/postmortem/markdown.ts';
import { postmortemJson, projectPostmortem } from '../domain/postmortem/postmortem.ts';
import { err, ok, type Result } from '../domain/shared/result.ts';
import type { Blobs } from '../ports/blobs.ts';
import type { PortFailure } from '../ports/failure.ts';
import type { Store } from '../ports/store.ts';
import { readLog, type IncidentRef } from './read-incidents.ts';

export interface ExportDeps {
  readonly store: Store;
  readonly blobs: Blobs;
}

/** A resolve, by the sequence number of its event. */
export interface ResolvedEvent extends IncidentRef {
  readonly seq: number;
}

interface Document {
  readonly key: string;
  readonly body: string;
  readonly contentType: string;
}

/**
 * Writes the post-mortem as of a resolve: `<seq>.md` and `<seq>.json`, which cover the log up to
 * the end of that decision and so have the same bytes however often and late the event comes, and
 * `latest.*` when the incident was not resolved again since. Gives the keys that were written.
 */
export async function exportPostmortem(
  deps: ExportDeps,
  event: ResolvedEvent,
): Promise<Result<readonly string[], PortFailure>> {
  const log = await readLog(deps, event);
  if (!log.ok) return log;
  const covered = log.value.filter(({ firstSeq }) => firstSeq <= event.seq);
  const own = String(event.seq);
  const names = isNewest(log.value, event.seq) ? [own, 'latest'] : [own];
  const documents = documentsOf(covered, event, names);
  if (documents === null) {
    const message = `The log of incident ${event.incidentId} does not begin with its opening.`;
    return err({ kind: 'rejected', message });
  }
  for (const { key, body, contentType } of documents) {
    const put = await deps.blobs.put(key, new TextEncoder().encode(body), contentType);
    if (!put.ok) return put;
  }
  return ok(documents.map(({ key }) => key));
}

/** Whether no later resolve is in the log. */
const isNewest = (commits: readonly Commit[], seq: number): boolean =>
  commits.every(({ firstSeq, events }) =>
    events.every((event, index) => event.type !== 'incident.resolved' || firstSeq + index <= seq),
  );

function documentsOf(
  commits: readonly Commit[],
  { tenant, incidentId }: IncidentRef,
  names: readonly string[],
): readonly Document[] | null {
  const postmortem = projectPostmortem(commits);
  if (postmortem === null) return null;
  const markdown = postmortemMarkdown(postmortem);
  const json = `${JSON.stringify(postmortemJson(postmortem), undefined, 2)}\n`;
  return names.flatMap((name) => {
    const key = `postmortem/${tenant}/${incidentId}/${name}`;
    return [
      { key: `${key}.md`, body: markdown, contentType: 'text/markdown; charset=utf-8' },
      { key: `${key}.json`, body: json, contentType: 'application/json' },
    ];
  });
}

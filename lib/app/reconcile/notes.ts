import type { Incident } from '../../domain/incident/state.ts';
import { isOwnEcho } from '../../domain/paging/rest-mark.ts';
import { ok, type Result } from '../../domain/shared/result.ts';
import type { PagerNote } from '../../ports/pager.ts';
import type { ActFailure } from '../act.ts';
import { receivePagerEvent } from '../receive-pager-event.ts';
import { requestTimeoutMs, type ReconcileDeps } from './deps.ts';

/** More than these are not looked at again. */
const newestNotes = 50;

/**
 * Takes the notes that were written there and never told, as if their webhooks came now. A note
 * that was told is known by its id.
 */
export async function replayNotes(
  deps: ReconcileDeps,
  ours: Incident,
  pagerIncidentId: string,
): Promise<Result<void, ActFailure>> {
  const notes = await deps.pagerRest.notes(pagerIncidentId, requestTimeoutMs);
  if (!notes.ok) return notes;
  const byInstant = notes.value.toSorted((a, b) => a.atMs - b.atMs);
  for (const note of byInstant.slice(-newestNotes)) {
    if (isOwnEcho(note.text, ours.id)) continue;
    const taken = await take(deps, { ours, pagerIncidentId, note });
    if (!taken.ok) return taken;
  }
  return ok(undefined);
}

async function take(
  deps: ReconcileDeps,
  of: { readonly ours: Incident; readonly pagerIncidentId: string; readonly note: PagerNote },
): Promise<Result<void, ActFailure>> {
  const { ours, pagerIncidentId, note } = of;
  const { by } = note;
  const received = await receivePagerEvent(deps, {
    tenant: ours.tenant,
    event: {
      kind: 'annotated',
      eventId: `note-${note.id}`,
      occurredAtMs: note.atMs,
      agent: by.id === '' ? null : { ...by, type: 'user_reference' },
      pdIncident: {
        id: pagerIncidentId,
        incidentKey: ours.dedupKey,
        status: null,
        title: '',
        service: null,
        assignees: [],
        priority: null,
        urgency: null,
        htmlUrl: ours.pagerUrl,
      },
      noteId: note.id,
      note: note.text,
      trimmed: false,
    },
    body: new TextEncoder().encode(JSON.stringify(note)),
  });
  return received.ok ? ok(undefined) : received;
}

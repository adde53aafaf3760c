import type { Incident } from '../../domain/incident/state.ts';
import { err, ok, type Result } from '../../domain/shared/result.ts';
import { cursorOf, readCursor } from '../../codec/table/cursor.ts';
import { lastPart, padMs } from '../../codec/table/key-parts.ts';
import type { PortFailure } from '../../ports/failure.ts';
import type { IncidentPage, Store } from '../../ports/store.ts';
import type { Tables } from './tables.ts';

/** Newest first, from the place that the cursor names. */
export function listIncidents(
  tables: Tables,
  query: Parameters<Store['listIncidents']>[0],
): Result<IncidentPage, PortFailure> {
  const start = query.after === null ? ok(null) : readCursor(query.after);
  if (!start.ok) return err({ kind: 'rejected', message: start.error.reason });
  const before = start.value?.listSk;
  const limit = Math.min(Math.max(1, Math.floor(query.limit)), 100);
  const found = (tables.incidents.range('') as readonly Incident[])
    .filter(({ tenant, state }) => tenant === query.tenant && matches(state, query.status))
    .map((incident) => ({ incident, sk: `${padMs(incident.openedAtMs)}#${lastPart(incident.id)}` }))
    .filter(({ sk }) => before === undefined || sk < before)
    .toSorted((a, b) => (a.sk < b.sk ? 1 : -1));
  const page = found.slice(0, limit);
  const last = page.at(-1);
  return ok({
    incidents: page.map(({ incident }) => incident),
    next: found.length > limit && last !== undefined ? cursorOf(last.sk) : null,
  });
}

const matches = (state: Incident['state'], status: 'open' | 'closed'): boolean =>
  (state === 'resolved') === (status === 'closed');

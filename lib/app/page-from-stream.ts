import type { DueAt } from '../domain/incident/due.ts';
import type { PagingDeps } from './deps.ts';
import { sendIntent } from './send-page.ts';

/** A row of the outbox as the stream brought it. */
export interface StreamedRow {
  /** The stream's name for the record. */
  readonly position: string;
  readonly value: DueAt;
}

/**
 * Sends the pages that some new outbox rows ask for. A row that is due later is left to the
 * clock. Gives the position of the first row whose incident could not be read or written, from
 * which on the stream must come again; null when there is none.
 */
export async function pageFromStream(
  deps: PagingDeps,
  rows: readonly StreamedRow[],
): Promise<string | null> {
  for (const { position, value } of rows) {
    const { tenant, incidentId, row, dueAtMs } = value;
    if (row.kind !== 'intent' || dueAtMs > deps.clock.now()) continue;
    const sent = await sendIntent(deps, { tenant, incidentId, intentId: row.intentId });
    if (!sent.ok && sent.error.kind !== 'no_such_incident') {
      deps.log.error('A page is left to the next try.', { incident: incidentId, why: sent.error });
      return position;
    }
  }
  return null;
}

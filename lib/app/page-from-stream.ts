import type { DueAt, DueRow } from '../domain/incident/due.ts';
import type { EpochMs } from '../domain/shared/time.ts';
import type { PagingDeps } from './deps.ts';
import { sendIntent } from './send-page.ts';

/** A row of the outbox as the stream brought it. */
export interface StreamedRow {
  /** The stream's name for the record. */
  readonly position: string;
  readonly value: DueAt;
}

/**
 * Sends the pages that some new outbox rows ask for, and after them what goes through PagerDuty's
 * REST API, however slow that is. A row that is due later is left to the clock. Gives the position of the first row whose incident could not be read or written, from
 * which on the stream must come again; null when there is none.
 */
export async function pageFromStream(
  deps: PagingDeps,
  rows: readonly StreamedRow[],
): Promise<string | null> {
  const open = await withoutSent(deps, rows.filter(isDuePage(deps.clock.now())));
  const { pagerRest: _restLater, ...pagesOnly } = deps;
  const pages = await sendRows(pagesOnly, open);
  // They stand before the row that failed, which comes again with all that follow it.
  const others = await sendRows(deps, pages.left);
  return others.failedAt ?? pages.failedAt;
}

interface SentRows {
  /** The first row that could not be read or written; those after it were not looked at. */
  readonly failedAt: string | null;
  readonly left: readonly StreamedPage[];
}

async function sendRows(deps: PagingDeps, rows: readonly StreamedPage[]): Promise<SentRows> {
  const left: StreamedPage[] = [];
  for (const page of rows) {
    const { tenant, incidentId, row } = page.value;
    const sent = await sendIntent(deps, { tenant, incidentId, intentId: row.intentId });
    if (!sent.ok && sent.error.kind !== 'no_such_incident') {
      deps.log.error('A page is left to the next try.', { incident: incidentId, why: sent.error });
      return { failedAt: page.position, left };
    }
    if (sent.ok && sent.value.kind === 'left') left.push(page);
  }
  return { failedAt: null, left };
}

/** A row that asks for a page. */
interface StreamedPage extends StreamedRow {
  readonly value: DueAt & { readonly row: Extract<DueRow, { readonly kind: 'intent' }> };
}

const isDuePage =
  (nowMs: EpochMs) =>
  (row: StreamedRow): row is StreamedPage =>
    row.value.row.kind === 'intent' && row.value.dueAtMs <= nowMs;

/**
 * Leaves out what has its outcome already, as nearly every page has that ingest could send itself:
 * one look at all of them, so that in a storm those that are still to be sent do not queue behind.
 */
async function withoutSent(
  { store }: PagingDeps,
  pages: readonly StreamedPage[],
): Promise<readonly StreamedPage[]> {
  if (pages.length < 2) return pages;
  const incidents = await Promise.all(
    pages.map(({ value }) => store.loadIncident(value.tenant, value.incidentId)),
  );
  return pages.filter(({ value }, index) => {
    const incident = incidents[index];
    // What could not be read now is read again on sending.
    if (incident?.ok !== true) return true;
    const intents = incident.value?.intents ?? [];
    return intents.some(({ intentId }) => intentId === value.row.intentId);
  });
}

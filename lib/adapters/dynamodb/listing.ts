import type { Incident } from '../../domain/incident/state.ts';
import { err, ok, type Result } from '../../domain/shared/result.ts';
import { keyOf, textOf, type Image, type ItemKey } from '../../codec/table/attributes.ts';
import { cursorOf, readCursor, type Cursor } from '../../codec/table/cursor.ts';
import type { PortFailure } from '../../ports/failure.ts';
import type { IncidentPage, Store } from '../../ports/store.ts';
import { batchGet } from './batch-get.ts';
import { rejectedItem } from './failures.ts';
import { incidentKey, listPk, readIncident, statusOf } from './items.ts';
import { maxBatchGetKeys, maxPagesOfList } from './limits.ts';
import { queryItems, sdkKey, type TableDeps } from './table.ts';

type ListQuery = Parameters<Store['listIncidents']>[0];
type Step = Result<IncidentPage, PortFailure>;

/**
 * See the port. The index names candidates; an incident whose own item says otherwise by now is
 * left out, so a page may be short, even empty, while `next` leads on.
 */
export async function listIncidents(deps: TableDeps, query: ListQuery): Promise<Step> {
  const limit = Math.min(Math.max(1, Math.floor(query.limit)), maxBatchGetKeys);
  const incidents: Incident[] = [];
  let after = query.after;
  for (let page = 0; page < maxPagesOfList && incidents.length < limit; page += 1) {
    const step: Step = await listOnce(deps, { ...query, after, limit: limit - incidents.length });
    if (!step.ok) return step;
    incidents.push(...step.value.incidents);
    after = step.value.next;
    if (after === null) break;
  }
  return ok({ incidents, next: after });
}

async function listOnce(deps: TableDeps, query: ListQuery): Promise<Step> {
  const found = await findKeys(deps, query);
  if (!found.ok) return found;
  const page = found.value.slice(0, query.limit);
  const read = await readAll(deps, page.map(keyOf));
  if (!read.ok) return read;
  const last = found.value.length > query.limit ? page.at(-1) : undefined;
  return ok({
    incidents: read.value.filter((incident) => statusOf(incident) === query.status),
    next: last === undefined ? null : cursorOf(textOf(last, 'listSk') ?? ''),
  });
}

/** Keys by the index, one more than wanted: it tells whether there is a next page. */
async function findKeys(
  deps: TableDeps,
  { tenant, status, limit, after }: ListQuery,
): Promise<Result<readonly Image[], PortFailure>> {
  const start = after === null ? ok(null) : readCursor(after);
  if (!start.ok) return err({ kind: 'rejected', message: start.error.reason });
  const partition = { S: listPk(tenant, status) };
  const from = start.value === null ? {} : startAfter(tenant, partition, start.value);
  const found = await queryItems(
    deps,
    {
      IndexName: 'listing',
      KeyConditionExpression: 'listPk = :listPk',
      ExpressionAttributeValues: { ':listPk': partition },
      ScanIndexForward: false,
      Limit: limit + 1,
      ...from,
    },
    { doing: 'list incidents', maxPages: maxPagesOfList, enough: limit + 1 },
  );
  return found.ok ? ok(found.value.items) : found;
}

/** The tenant is the asker's own, never the cursor's: a cursor of another tenant leads nowhere. */
const startAfter = (tenant: string, partition: { readonly S: string }, cursor: Cursor) => ({
  ExclusiveStartKey: {
    ...sdkKey(incidentKey(tenant, cursor.incidentId)),
    listPk: partition,
    listSk: { S: cursor.listSk },
  },
});

/** The incidents of some keys, in their order; those that are gone are left out. */
async function readAll(
  deps: TableDeps,
  keys: readonly ItemKey[],
): Promise<Result<readonly Incident[], PortFailure>> {
  const images = await batchGet(deps, keys, 'read incidents');
  if (!images.ok) return images;
  const byPk = new Map(images.value.map((image) => [keyOf(image).pk, image]));
  const incidents: Incident[] = [];
  for (const { pk } of keys) {
    const image = byPk.get(pk);
    if (image === undefined) continue;
    const incident = readIncident(image);
    if (!incident.ok) return err(rejectedItem(incident.error));
    incidents.push(incident.value);
  }
  return ok(incidents);
}

import type { Action } from '../../domain/action/action.ts';
import type {
  ChangeRecord,
  Halt,
  Lease,
  RecentStarts,
  RunbookStanding,
} from '../../domain/action/rows.ts';
import { freeLease, neverHalted, noStarts } from '../../domain/action/unwritten.ts';
import { err, ok, type Result } from '../../domain/shared/result.ts';
import { actionListSk, actionStatusOf, tellingOf } from '../../codec/table/action-item.ts';
import { cursorOf, readCursor } from '../../codec/table/cursor.ts';
import type { ActionPage, ActionRows, Changes } from '../../ports/action-rows.ts';
import type { PortFailure } from '../../ports/failure.ts';
import { pairName, type Tables } from './tables.ts';
import { versionCondition } from './version.ts';

/**
 * The rows of actions in the memory store's tables (`store.tables`), so that its transactions and
 * its snapshots hold them. Every call is one step.
 */
export function createMemoryActionRows(tables: Tables): ActionRows {
  // What is under a name is what was stored there: hence the casts.
  return {
    load: (tenant, actionId) =>
      step(() => ok(tables.actions.get(pairName(tenant, actionId)) as Action | null)),
    loadPending: (untilMs, limit) =>
      step(() => {
        const instantOf = ({ nextAtMs }: Action): number => nextAtMs ?? Infinity;
        const pending = (tables.actions.range('') as readonly Action[])
          .filter((action) => instantOf(action) <= untilMs)
          .toSorted((a, b) => instantOf(a) - instantOf(b));
        return ok(pending.slice(0, Math.min(limit, 100)));
      }),
    list: (query) => step(() => listActions(tables, query)),
    loadLease: (tenant, name) =>
      step(() => {
        const held = tables.leases.get(pairName(tenant, name)) as Lease | null;
        return ok(held ?? freeLease(tenant, name));
      }),
    saveLease: (lease) =>
      step(() => save(tables.leases, pairName(lease.tenant, lease.name), lease)),
    loadHalt: (tenant) =>
      step(() => ok((tables.halts.get(tenant) as Halt | null) ?? neverHalted(tenant))),
    saveHalt: (halt) => step(() => save(tables.halts, halt.tenant, halt)),
    loadStarts: (tenant) =>
      step(() => ok((tables.starts.get(tenant) as RecentStarts | null) ?? noStarts(tenant))),
    loadStanding: (tenant, runbookId) =>
      step(() => ok(tables.standings.get(pairName(tenant, runbookId)) as RunbookStanding | null)),
  };
}

/** The change feed in the memory store's tables. */
export function createMemoryChanges(tables: Tables): Changes {
  const nameOf = ({ tenant, service, sourceId, id }: ChangeRecord): string =>
    JSON.stringify([tenant, service, sourceId, id]);
  return {
    put: (change) =>
      step(() => {
        const held = tables.changes.get(nameOf(change)) as ChangeRecord | null;
        if (held !== null && tellingOf(held) >= tellingOf(change)) return ok(false);
        tables.changes.put(nameOf(change), change);
        return ok(true);
      }),
    near: ({ tenant, service, fromMs, untilMs }) =>
      step(() => {
        const found = (tables.changes.range('') as readonly ChangeRecord[])
          .filter((change) => change.tenant === tenant && change.service === service)
          .filter(({ atMs }) => atMs >= fromMs && atMs <= untilMs)
          .toSorted((a, b) => b.atMs - a.atMs);
        return ok(found.slice(0, 100));
      }),
  };
}

/** One call of the port: it happens whole, then the caller goes on. */
const step = <Value>(call: () => Result<Value, PortFailure>): Promise<Result<Value, PortFailure>> =>
  Promise.resolve().then(call);

function save(
  table: Tables['leases'],
  name: string,
  row: { readonly version: number },
): Result<void, PortFailure> {
  const failure = versionCondition(table.get(name), row.version - 1);
  if (failure !== null) return err(failure);
  table.put(name, row);
  return ok(undefined);
}

function listActions(
  tables: Tables,
  query: Parameters<ActionRows['list']>[0],
): Result<ActionPage, PortFailure> {
  const start = query.after === null ? ok(null) : readCursor(query.after);
  if (!start.ok) return err({ kind: 'rejected', message: start.error.reason });
  const before = start.value?.listSk;
  const limit = Math.min(Math.max(1, Math.floor(query.limit)), 100);
  const found = (tables.actions.range('') as readonly Action[])
    .filter((action) => action.tenant === query.tenant && actionStatusOf(action) === query.status)
    .map((action) => ({ action, sk: actionListSk(action) }))
    .filter(({ sk }) => before === undefined || sk < before)
    .toSorted((a, b) => (a.sk < b.sk ? 1 : -1));
  const page = found.slice(0, limit);
  const last = page.at(-1);
  return ok({
    actions: page.map(({ action }) => action),
    next: found.length > limit && last !== undefined ? cursorOf(last.sk) : null,
  });
}

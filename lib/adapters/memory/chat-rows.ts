import type { ChatRow, ChatWorkspace } from '../../domain/announce/row.ts';
import { err, ok, type Result } from '../../domain/shared/result.ts';
import { chatPlaceKey, chatRowKey, chatWorkspaceKey } from '../../codec/table/chat-item.ts';
import type { ItemKey } from '../../codec/table/attributes.ts';
import type { ChatRows } from '../../ports/chat-rows.ts';
import type { PortFailure } from '../../ports/failure.ts';
import { createMemoryTable, type MemoryTable } from './table.ts';

/** The chat's rows in memory, with what tests may see beyond the port. */
export interface MemoryChatRows extends ChatRows {
  readonly rows: () => readonly ChatRow[];
  /** Everything, as plain data, to be put back. */
  readonly snapshot: () => readonly (readonly [string, string])[];
  readonly restore: (rows: ReturnType<MemoryChatRows['snapshot']>) => void;
}

/** With DynamoDB's conditions, and nothing shared by reference. Every call is one step. */
export function createMemoryChatRows(): MemoryChatRows {
  const table = createMemoryTable();
  const rows = (): readonly ChatRow[] => table.range('row ') as readonly ChatRow[];
  return {
    // What is under a name is what was stored there: hence the casts.
    load: (tenant, incidentId) =>
      step(() => ok(table.get(rowName(tenant, incidentId)) as ChatRow | null)),
    save: (row, places = []) =>
      step(() => {
        const saved = put(table, rowName(row.tenant, row.incidentId), row);
        if (!saved.ok) return saved;
        for (const place of places) {
          table.put(`place ${nameOf(chatPlaceKey(row.tenant, place))}`, row.incidentId);
        }
        return saved;
      }),
    loadPending: (tenant, untilMs, limit) =>
      step(() => {
        const instantOf = ({ nextAtMs }: ChatRow): number => nextAtMs ?? Infinity;
        const pending = rows()
          .filter((row) => row.tenant === tenant && instantOf(row) <= untilMs)
          .toSorted((a, b) => instantOf(a) - instantOf(b));
        return ok(pending.slice(0, Math.min(limit, 100)));
      }),
    findByPlace: (tenant, place) =>
      step(() => ok(table.get(`place ${nameOf(chatPlaceKey(tenant, place))}`) as string | null)),
    loadWorkspace: (tenant) =>
      step(() => ok(table.get(workspaceName(tenant)) as ChatWorkspace | null)),
    saveWorkspace: (workspace) =>
      step(() => put(table, workspaceName(workspace.tenant), workspace)),
    rows,
    snapshot: () => table.takeAll(),
    restore: (taken) => table.putBack(taken),
  };
}

const nameOf = ({ pk, sk }: ItemKey): string => `${pk} ${sk}`;
const rowName = (tenant: string, incidentId: string): string =>
  `row ${nameOf(chatRowKey(tenant, incidentId))}`;
const workspaceName = (tenant: string): string => `workspace ${nameOf(chatWorkspaceKey(tenant))}`;

const step = <Value>(call: () => Result<Value, PortFailure>): Promise<Result<Value, PortFailure>> =>
  Promise.resolve().then(call);

function put(
  table: MemoryTable,
  name: string,
  value: { readonly version: number },
): Result<void, PortFailure> {
  const held = table.get(name) as { readonly version: number } | null;
  if ((held?.version ?? 0) !== value.version - 1) {
    return err({ kind: 'conflict', message: 'Somebody else wrote this row meanwhile.' });
  }
  table.put(name, value);
  return ok(undefined);
}

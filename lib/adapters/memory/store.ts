import type { Thread } from '../../domain/correlation/thread.ts';
import type { DueAt } from '../../domain/incident/due.ts';
import type { Commit } from '../../domain/incident/event.ts';
import type { Incident } from '../../domain/incident/state.ts';
import { ok, type Result } from '../../domain/shared/result.ts';
import { after } from '../../domain/shared/time.ts';
import { padMs } from '../../codec/table/key-parts.ts';
import { dueEnd, dueKey, type StoredDue } from '../../codec/table/due-item.ts';
import type { PortFailure } from '../../ports/failure.ts';
import type { KnownDelivery, Receipt, Store, Transaction } from '../../ports/store.ts';
import type { Clock } from '../../ports/system.ts';
import { planWrites, type Writes } from './conditions.ts';
import { listIncidents } from './listing.ts';
import { createMemoryTable, type MemoryTable } from './table.ts';
import {
  deliveryKeptMs,
  deliveryName,
  pairName,
  type StoredBody,
  type StoredReceipt,
  type Tables,
} from './tables.ts';

/** What the table's stream tells: rows that were not there before, after their transaction. */
export type StoreChange =
  | { readonly kind: 'commit'; readonly commit: Commit }
  | { readonly kind: 'intent'; readonly due: DueAt };

/** A copy of everything, as plain data. */
export type StoreSnapshot = Readonly<Record<keyof Tables, readonly (readonly [string, string])[]>>;

/** The store in memory, with what tests and the simulator's oracle may do beyond the port. */
export interface MemoryStore extends Store {
  readonly snapshot: () => StoreSnapshot;
  readonly restore: (snapshot: StoreSnapshot) => void;
  /** Every stored delivery with its body as received, in order of arrival within its group. */
  readonly deliveries: () => readonly StoredBody[];
  readonly receipts: () => readonly StoredReceipt[];
  readonly threads: () => readonly Thread[];
  readonly incidents: () => readonly Incident[];
  /** All rows there are, due or not. */
  readonly dueRows: () => readonly StoredDue[];
  /** What `createMemoryActionRows` and `createMemoryChanges` read: one table, as on AWS. */
  readonly tables: Tables;
}

interface MemoryStoreDeps {
  readonly clock: Pick<Clock, 'now'>;
  /** Told of each inserted commit and intent, in order, before the writer is answered. */
  readonly onChange?: (change: StoreChange) => void;
}

/**
 * The store with DynamoDB's semantics and nothing shared by reference: conditions, all or nothing,
 * 100 items, 400 KB an item, tokens for ten minutes, expiry by the clock. Held to the same contract
 * tests as the real adapter. Every call is one step: no other call runs in the midst of it.
 */
export function createMemoryStore(deps: MemoryStoreDeps): MemoryStore {
  const tables = createTables();
  return {
    ...readers(tables, deps),
    ...observers(tables),
    commit: (transaction) => step(() => commit(tables, transaction, deps)),
    putReceipt: (receipt) => step(() => putReceipt(tables, receipt)),
    dropDue: (rows) => step(() => dropDue(tables, rows)),
    countInMinute(counter, atMs, n) {
      const key = pairName(counter, String(Math.floor(atMs / 60_000)));
      const sum = Number(tables.counters.get(key) ?? 0) + n;
      tables.counters.put(key, sum);
      return Promise.resolve(ok(sum));
    },
    claim({ tenant, id, atMs, keepForMs }) {
      const key = pairName(tenant, id);
      const untilMs = Number(tables.claims.get(key) ?? -Infinity);
      if (untilMs > atMs) return Promise.resolve(ok(false));
      tables.claims.put(key, atMs + keepForMs);
      return Promise.resolve(ok(true));
    },
    listIncidents: (query) => step(() => listIncidents(tables, query)),
  };
}

/** One call of the port: it happens whole, then the caller goes on. */
const step = <Value>(call: () => Result<Value, PortFailure>): Promise<Result<Value, PortFailure>> =>
  Promise.resolve().then(call);

function createTables(): Tables {
  return {
    threads: createMemoryTable(),
    incidents: createMemoryTable(),
    commits: createMemoryTable(),
    due: createMemoryTable(),
    deliveries: createMemoryTable(),
    receipts: createMemoryTable(),
    claims: createMemoryTable(),
    counters: createMemoryTable(),
    tokens: createMemoryTable(),
    actions: createMemoryTable(),
    leases: createMemoryTable(),
    halts: createMemoryTable(),
    starts: createMemoryTable(),
    standings: createMemoryTable(),
    changes: createMemoryTable(),
  };
}

type Readers = Pick<
  Store,
  'loadDelivery' | 'loadThread' | 'loadIncident' | 'loadCommits' | 'loadDue' | 'countRepeats'
>;

/** Values come back as what was stored under that name: hence the casts. */
function readers(tables: Tables, { clock }: MemoryStoreDeps): Readers {
  return {
    loadDelivery: (key) =>
      step(() => {
        const found = tables.deliveries.get(deliveryName(key)) as StoredBody | null;
        if (found === null || found.untilMs <= clock.now()) return ok(null);
        const { key: _key, body: _body, untilMs: _untilMs, ...known } = found;
        return ok(known satisfies KnownDelivery);
      }),
    loadThread: (tenant, hash) =>
      step(() => ok(tables.threads.get(pairName(tenant, hash)) as Thread | null)),
    loadIncident: (tenant, id) =>
      step(() => ok(tables.incidents.get(pairName(tenant, id)) as Incident | null)),
    loadCommits: (tenant, id) =>
      step(() => ok(tables.commits.range(pairName(tenant, id)) as Commit[])),
    loadDue: (untilMs, limit) =>
      step(() => ok((tables.due.range('', dueEnd(untilMs)) as StoredDue[]).slice(0, limit))),
    countRepeats: (key) =>
      step(() => {
        const live = (tables.receipts.range(deliveryName(key)) as StoredReceipt[]).filter(
          ({ untilMs }) => untilMs > clock.now(),
        );
        return ok({ count: live.length, lastAtMs: live.at(-1)?.receivedAtMs ?? null });
      }),
  };
}

function observers(tables: Tables): Omit<MemoryStore, keyof Store> {
  const entries = Object.entries(tables) as [keyof Tables, MemoryTable][];
  return {
    tables,
    snapshot: () =>
      Object.fromEntries(entries.map(([name, table]) => [name, table.takeAll()])) as StoreSnapshot,
    restore(snapshot) {
      for (const [name, table] of entries) table.putBack(snapshot[name]);
    },
    deliveries: () => tables.deliveries.range('') as StoredBody[],
    receipts: () => tables.receipts.range('') as StoredReceipt[],
    threads: () => tables.threads.range('') as Thread[],
    incidents: () => tables.incidents.range('') as Incident[],
    dueRows: () => tables.due.range('') as StoredDue[],
  };
}

function commit(
  tables: Tables,
  transaction: Transaction,
  deps: MemoryStoreDeps,
): Result<void, PortFailure> {
  const planned = planWrites(tables, transaction, deps.clock.now());
  if (!planned.ok || planned.value === 'done before') return planned.ok ? ok(undefined) : planned;
  const changes = changesOf(tables, transaction);
  apply(tables, planned.value);
  for (const change of changes) deps.onChange?.(change);
  return ok(undefined);
}

function apply(tables: Tables, writes: Writes): void {
  for (const { table, key } of writes.removed) tables[table].remove(key);
  for (const { table, key, value } of writes.put) tables[table].put(key, value);
}

/** Only insertions: a row that is written again is no news to the stream's readers. */
function changesOf(tables: Tables, { incident }: Transaction): readonly StoreChange[] {
  if (incident === undefined) return [];
  const intents = incident.dueAdded
    .filter((due) => due.row.kind === 'intent' && !tables.due.has(dueKey(due).sk))
    .map((due): StoreChange => ({ kind: 'intent', due: structuredClone(due) }));
  return [{ kind: 'commit', commit: structuredClone(incident.commit) }, ...intents];
}

function putReceipt(tables: Tables, receipt: Receipt): Result<void, PortFailure> {
  const key = `${deliveryName(receipt.key)}${padMs(receipt.receivedAtMs)}${receipt.requestId}`;
  const untilMs = after(receipt.receivedAtMs, deliveryKeptMs);
  tables.receipts.put(key, { ...receipt, untilMs } satisfies StoredReceipt);
  return ok(undefined);
}

function dropDue(tables: Tables, rows: readonly StoredDue[]): Result<void, PortFailure> {
  for (const row of rows) {
    const { sk } = dueKey(row);
    const held = tables.due.get(sk) as StoredDue | null;
    const seen = row.writtenAtVersion;
    if (seen === undefined || held?.writtenAtVersion === seen) tables.due.remove(sk);
  }
  return ok(undefined);
}

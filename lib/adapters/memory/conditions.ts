import { err, ok, type Result } from '../../domain/shared/result.ts';
import { after, minutes, type EpochMs } from '../../domain/shared/time.ts';
import { dueKey } from '../../codec/table/due-item.ts';
import { hashOfText, padSeq } from '../../codec/table/key-parts.ts';
import type { PortFailure } from '../../ports/failure.ts';
import type { IncidentWrite, StoredDelivery, Transaction } from '../../ports/store.ts';
import { actionCondition, actionPuts } from './action-writes.ts';
import { sizeFailure } from './table.ts';
import { conflict, versionCondition, type Condition, type Put } from './version.ts';
import { deliveryKeptMs, deliveryName, pairName, type StoredBody, type Tables } from './tables.ts';

/** What a transaction comes to, once its conditions hold. */
export interface Writes {
  readonly put: readonly Put[];
  readonly removed: readonly Omit<Put, 'value'>[];
}

const tokenKeptMs = minutes(10);
const maxItems = 100;

/**
 * Checks a transaction against what is stored. `done before` when the same transaction came with
 * the same token within ten minutes; the same token with other content is a conflict.
 */
export function planWrites(
  tables: Tables,
  transaction: Transaction,
  nowMs: EpochMs,
): Result<Writes | 'done before', PortFailure> {
  const { token, ...content } = transaction;
  const contentHash = hashOfText(JSON.stringify(content));
  const before = tables.tokens.get(token) as { contentHash: string; untilMs: EpochMs } | null;
  if (before !== null && before.untilMs > nowMs) {
    return before.contentHash === contentHash
      ? ok('done before')
      : err(conflict('This token has been used for another decision.'));
  }
  const writes = writesOf(transaction);
  const failure = sizeOf(writes, rowsBeside(transaction)) ?? conditionsOf(tables, transaction);
  if (failure !== null) return err(failure);
  const used = { contentHash, untilMs: after(nowMs, tokenKeptMs) };
  return ok({ ...writes, put: [...writes.put, { table: 'tokens', key: token, value: used }] });
}

function writesOf({ incident, thread, delivery, action }: Transaction): Writes {
  const rows = incident === undefined ? { put: [], removed: [] } : incidentWrites(incident);
  return {
    put: [
      ...rows.put,
      ...(thread === undefined ? [] : [threadPut(thread.value)]),
      ...(delivery === undefined ? [] : [deliveryPut(delivery)]),
      ...(action === undefined ? [] : actionPuts(action)),
    ],
    removed: rows.removed,
  };
}

function incidentWrites(write: IncidentWrite): Writes {
  const { incident, commit, dueAdded, dueRemoved } = write;
  const name = pairName(incident.tenant, incident.id);
  const writtenAtVersion = incident.version;
  const rows = new Map(dueAdded.map((due) => [dueKey(due).sk, { ...due, writtenAtVersion }]));
  const removed = new Set(dueRemoved.map((due) => dueKey(due).sk));
  return {
    put: [
      { table: 'incidents', key: name, value: incident },
      { table: 'commits', key: `${name}${padSeq(commit.firstSeq)}`, value: commit },
      ...[...rows].map(([key, value]): Put => ({ table: 'due', key, value })),
    ],
    removed: [...removed]
      .filter((key) => !rows.has(key))
      .map((key): Omit<Put, 'value'> => ({ table: 'due', key })),
  };
}

const threadPut = (value: { readonly tenant: string; readonly threadHash: string }): Put => ({
  table: 'threads',
  key: pairName(value.tenant, value.threadHash),
  value,
});

function deliveryPut(delivery: StoredDelivery): Put {
  const body = delivery.body === null ? null : Buffer.from(delivery.body).toString('base64');
  const untilMs = after(delivery.receivedAtMs, deliveryKeptMs);
  const value: StoredBody = { ...delivery, body, untilMs };
  return { table: 'deliveries', key: deliveryName(delivery.key), value };
}

/** What an action takes on DynamoDB beside its rows here: the row that waits, and a condition. */
const rowsBeside = ({ action }: Transaction): number =>
  action === undefined ? 0 : action.mustNotBeHalted ? 2 : 1;

function sizeOf({ put, removed }: Writes, beside: number): Condition {
  const count = put.length + removed.length + beside;
  if (count > maxItems) {
    return {
      kind: 'too_large',
      message: `A decision takes ${count} items, and a transaction holds at most ${maxItems}.`,
    };
  }
  for (const { table, value } of put) {
    const failure = sizeFailure(`item of ${table}`, value);
    if (failure !== null) return failure;
  }
  return null;
}

function conditionsOf(
  tables: Tables,
  { incident, thread, delivery, action }: Transaction,
): Condition {
  return (
    (incident === undefined ? null : incidentCondition(tables, incident)) ??
    (thread === undefined
      ? null
      : versionCondition(
          tables.threads.get(threadPut(thread.value).key),
          thread.expectedVersion,
        )) ??
    (delivery === undefined ? null : deliveryCondition(tables, delivery)) ??
    (action === undefined ? null : actionCondition(tables, action))
  );
}

function incidentCondition(tables: Tables, write: IncidentWrite): Condition {
  const { incident, expectedVersion, commit } = write;
  const name = pairName(incident.tenant, incident.id);
  if (tables.commits.has(`${name}${padSeq(commit.firstSeq)}`)) {
    return conflict(`There is a commit at ${commit.firstSeq} of ${incident.id} already.`);
  }
  return versionCondition(tables.incidents.get(name), expectedVersion);
}

function deliveryCondition(tables: Tables, delivery: StoredDelivery): Condition {
  const held = tables.deliveries.get(deliveryName(delivery.key)) as StoredBody | null;
  if (held === null || held.untilMs <= delivery.receivedAtMs) return null;
  return conflict('There is a delivery with this group and alert set already.');
}

import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { Commit } from '../../domain/incident/event.ts';
import { err, ok, type Result } from '../../domain/shared/result.ts';
import { epochMs, type EpochMs } from '../../domain/shared/time.ts';
import { keyOf } from '../../codec/table/attributes.ts';
import { decodeCommitImage, incidentPk } from '../../codec/table/commit-item.ts';
import type { PortFailure } from '../../ports/failure.ts';
import type { DeliveryKey, KnownDelivery, Receipt, Store } from '../../ports/store.ts';
import {
  deliveryKey,
  readDelivery,
  receiptItem,
  receiptPrefix,
  receivedAtOf,
} from './delivery-items.ts';
import { dropDue, loadDue } from './due.ts';
import { attempt, rejectedItem } from './failures.ts';
import { incidentKey, isLive, readIncident, readThread, threadKey } from './items.ts';
import { createItemReader, readValue, type ReadItem } from './item-reader.ts';
import { maxPagesOfLog, maxPagesOfReceipts } from './limits.ts';
import { listIncidents } from './listing.ts';
import { claim, countInMinute } from './marks.ts';
import { queryItems, type TableDeps } from './table.ts';
import { writeTransaction } from './transaction.ts';

/**
 * The store on one DynamoDB table; keys and costs are in docs/data.md. The client comes with
 * deadlines of its own (`clientSettings`); its tries, and nothing here, repeat a call.
 */
export function createDynamoDbStore(deps: TableDeps): Store {
  const readItem = createItemReader(deps);
  return {
    loadDelivery: (key) => loadDelivery(deps, readItem, key),
    loadThread: (tenant, threadHash) =>
      readValue(readItem, threadKey(tenant, threadHash), {
        doing: 'read a thread',
        read: readThread,
      }),
    loadIncident: (tenant, incidentId) =>
      readValue(readItem, incidentKey(tenant, incidentId), {
        doing: 'read an incident',
        read: readIncident,
      }),
    loadCommits: (tenant, incidentId) => loadCommits(deps, incidentPk(tenant, incidentId)),
    commit: (transaction) => writeTransaction(deps, transaction),
    putReceipt: (receipt) => putReceipt(deps, receipt),
    countRepeats: (key) => countRepeats(deps, key),
    loadDue: (untilMs, limit) => loadDue(deps, untilMs, limit),
    dropDue: (rows) => dropDue(deps, rows),
    countInMinute: (counter, atMs, n) => countInMinute(deps, { counter, atMs, n }),
    claim: (mark) => claim(deps, mark),
    listIncidents: (query) => listIncidents(deps, query),
  };
}

async function loadDelivery(
  { clock }: TableDeps,
  readItem: ReadItem,
  key: DeliveryKey,
): Promise<Result<KnownDelivery | null, PortFailure>> {
  const image = await readItem(deliveryKey(key), 'read a delivery');
  if (!image.ok) return image;
  if (image.value === null || !isLive(image.value, clock.now())) return ok(null);
  const known = readDelivery(image.value);
  return known.ok ? known : err(rejectedItem(known.error));
}

async function loadCommits(
  deps: TableDeps,
  pk: string,
): Promise<Result<readonly Commit[], PortFailure>> {
  const found = await queryItems(
    deps,
    {
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :commit)',
      ExpressionAttributeValues: { ':pk': { S: pk }, ':commit': { S: 'C#' } },
      ConsistentRead: true,
    },
    { doing: 'read the log of an incident', maxPages: maxPagesOfLog },
  );
  if (!found.ok) return found;
  if (!found.value.isWhole) {
    return err({ kind: 'too_large', message: `The log at ${pk} is over ${maxPagesOfLog} MB.` });
  }
  const commits: Commit[] = [];
  for (const image of found.value.items) {
    const commit = decodeCommitImage(image);
    if (!commit.ok) return err(rejectedItem(commit.error));
    commits.push(commit.value);
  }
  return ok(commits);
}

async function putReceipt(deps: TableDeps, receipt: Receipt): Promise<Result<void, PortFailure>> {
  const command = new PutItemCommand({ TableName: deps.tableName, Item: receiptItem(receipt) });
  const answer = await attempt('write a receipt', () => deps.client.send(command));
  return answer.ok ? ok(undefined) : answer;
}

/** Newest first; over 20 MB of receipts (about 50,000) the count is a lower bound. */
async function countRepeats(
  deps: TableDeps,
  key: DeliveryKey,
): Promise<Result<{ readonly count: number; readonly lastAtMs: EpochMs | null }, PortFailure>> {
  const { pk, sk } = receiptPrefix(key);
  const found = await queryItems(
    deps,
    {
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :receipts)',
      FilterExpression: 'untilMs > :nowMs',
      ExpressionAttributeValues: {
        ':pk': { S: pk },
        ':receipts': { S: sk },
        ':nowMs': { N: String(deps.clock.now()) },
      },
      ProjectionExpression: 'pk, sk',
      ScanIndexForward: false,
    },
    { doing: 'count repeats', maxPages: maxPagesOfReceipts },
  );
  if (!found.ok) return found;
  const newest = found.value.items[0];
  return ok({
    count: found.value.items.length,
    lastAtMs: newest === undefined ? null : epochMs(receivedAtOf(keyOf(newest).sk)),
  });
}

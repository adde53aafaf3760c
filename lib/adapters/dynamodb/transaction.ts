import { TransactWriteItemsCommand, type TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { err, ok, type Result } from '../../domain/shared/result.ts';
import type { Item } from '../../codec/table/attributes.ts';
import { commitItem } from '../../codec/table/commit-item.ts';
import { dueItem, dueKey } from '../../codec/table/due-item.ts';
import { hashOfText } from '../../codec/table/key-parts.ts';
import type { PortFailure } from '../../ports/failure.ts';
import type { IncidentWrite, Transaction } from '../../ports/store.ts';
import { actionWriteItems } from './action-writes.ts';
import { absent, absentOrExpired, atVersion } from './conditions.ts';
import { deliveryItems } from './delivery-items.ts';
import { attempt } from './failures.ts';
import { incidentItem, threadItem } from './items.ts';
import { maxTokenLength, maxTransactionItems } from './limits.ts';
import { sdkKey, type TableDeps } from './table.ts';

/** Writes everything or nothing. See the port for what the failures mean. */
export async function writeTransaction(
  deps: TableDeps,
  transaction: Transaction,
): Promise<Result<void, PortFailure>> {
  const items = actionsOf(deps.tableName, transaction);
  if (items.length > maxTransactionItems) return err(tooMany(items.length));
  const command = new TransactWriteItemsCommand({
    TransactItems: items,
    ClientRequestToken: requestToken(deps.tableName, transaction.token),
  });
  const answer = await attempt('commit a decision', () => deps.client.send(command));
  return answer.ok ? ok(undefined) : answer;
}

/** Tokens are one space for a whole account: two stages in it may take the same decision. */
const requestToken = (tableName: string, token: string): string =>
  hashOfText(JSON.stringify([tableName, token])).slice(0, maxTokenLength);

/** Conditions first, so that a refusal names the incident rather than a follow-up row. */
function actionsOf(TableName: string, transaction: Transaction): TransactWriteItem[] {
  const { incident, thread, delivery, action } = transaction;
  const put = (item: Item, condition: object = {}): TransactWriteItem => ({
    Put: { TableName, Item: item, ...condition },
  });
  return [
    ...(incident === undefined ? [] : incidentActions(TableName, incident)),
    ...(thread === undefined
      ? []
      : [put(threadItem(thread.value), atVersion(thread.expectedVersion))]),
    ...(delivery === undefined
      ? []
      : deliveryItems(delivery).map((item, index) =>
          put(item, index === 0 ? absentOrExpired(delivery.receivedAtMs) : {}),
        )),
    ...(action === undefined ? [] : actionWriteItems(TableName, action)),
  ];
}

function incidentActions(TableName: string, write: IncidentWrite): TransactWriteItem[] {
  const { incident, expectedVersion, commit, dueAdded, dueRemoved } = write;
  const idOf = ({ pk, sk }: { readonly pk: string; readonly sk: string }): string => `${pk} ${sk}`;
  // No two actions of a transaction may be on one item: a row that is both stays.
  const added = new Map(dueAdded.map((row) => [idOf(dueKey(row)), row]));
  const removed = new Map(dueRemoved.map((row) => [idOf(dueKey(row)), row]));
  return [
    { Put: { TableName, Item: incidentItem(incident), ...atVersion(expectedVersion) } },
    { Put: { TableName, Item: commitItem(commit), ...absent } },
    ...[...added.values()].map((row) => ({
      Put: { TableName, Item: dueItem(row, incident.version) },
    })),
    ...[...removed]
      .filter(([id]) => !added.has(id))
      .map(([, row]) => ({ Delete: { TableName, Key: sdkKey(dueKey(row)) } })),
  ];
}

const tooMany = (count: number): PortFailure => ({
  kind: 'too_large',
  message:
    `A decision takes ${count} items, and a transaction holds at most ${maxTransactionItems}: ` +
    'bound the rows that one decision adds and removes.',
});

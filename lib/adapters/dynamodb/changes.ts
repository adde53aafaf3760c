import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { ChangeRecord } from '../../domain/action/rows.ts';
import { ok, type Result } from '../../domain/shared/result.ts';
import { keyOf } from '../../codec/table/attributes.ts';
import { changeItem, changeListPk, readChange, tellingOf } from '../../codec/table/action-item.ts';
import { dueEnd } from '../../codec/table/due-item.ts';
import { padMs } from '../../codec/table/key-parts.ts';
import type { Changes } from '../../ports/action-rows.ts';
import type { PortFailure } from '../../ports/failure.ts';
import { batchGet } from './batch-get.ts';
import { attempt } from './failures.ts';
import { maxChangesNear, maxPagesOfList } from './limits.ts';
import { queryItems, type TableDeps } from './table.ts';

/** The change feed on the store's table; keys and costs are in docs/data.md. */
export function createDynamoDbChanges(deps: TableDeps): Changes {
  return {
    put: (change) => putChange(deps, change),
    near: (query) => changesNear(deps, query),
  };
}

/** Of two tellings the one that knows more stays, in whatever order they come. */
async function putChange(
  { client, tableName }: TableDeps,
  change: ChangeRecord,
): Promise<Result<boolean, PortFailure>> {
  const command = new PutItemCommand({
    TableName: tableName,
    Item: changeItem(change),
    ConditionExpression: 'attribute_not_exists(pk) OR v < :telling',
    ExpressionAttributeValues: { ':telling': { N: String(tellingOf(change)) } },
  });
  const answer = await attempt('keep a change', () => client.send(command));
  if (answer.ok) return ok(true);
  return answer.error.kind === 'conflict' ? ok(false) : answer;
}

async function changesNear(
  deps: TableDeps,
  { tenant, service, fromMs, untilMs }: Parameters<Changes['near']>[0],
): Promise<Result<readonly ChangeRecord[], PortFailure>> {
  const found = await queryItems(
    deps,
    {
      IndexName: 'listing',
      KeyConditionExpression: 'listPk = :listPk AND listSk BETWEEN :from AND :end',
      ExpressionAttributeValues: {
        ':listPk': { S: changeListPk(tenant, service) },
        ':from': { S: padMs(fromMs) },
        ':end': { S: dueEnd(untilMs) },
      },
      ScanIndexForward: false,
      Limit: maxChangesNear,
    },
    { doing: 'find changes', maxPages: maxPagesOfList, enough: maxChangesNear },
  );
  if (!found.ok) return found;
  const keys = found.value.items.slice(0, maxChangesNear).map(keyOf);
  const images = await batchGet(deps, keys, 'read changes');
  if (!images.ok) return images;
  const changes = images.value.flatMap((image): readonly ChangeRecord[] => {
    const change = readChange(image);
    if (change.ok) return [change.value];
    deps.log.error('A change cannot be read and is left out.', { reason: change.error.reason });
    return [];
  });
  return ok(changes.toSorted((a, b) => b.atMs - a.atMs));
}

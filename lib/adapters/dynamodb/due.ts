import { DeleteItemCommand } from '@aws-sdk/client-dynamodb';
import type { DueAt } from '../../domain/incident/due.ts';
import { ok, type Result } from '../../domain/shared/result.ts';
import type { EpochMs } from '../../domain/shared/time.ts';
import type { Image } from '../../codec/table/attributes.ts';
import {
  decodeDueImage,
  dueEnd,
  dueKey,
  duePk,
  dueShards,
  type StoredDue,
} from '../../codec/table/due-item.ts';
import type { PortFailure } from '../../ports/failure.ts';
import { attempt } from './failures.ts';
import { deletesAtOnce, maxPagesOfDue } from './limits.ts';
import { queryItems, sdkKey, type TableDeps } from './table.ts';

/** See the port. Reads one unit a partition, however many rows are not due yet. */
export async function loadDue(
  deps: TableDeps,
  untilMs: EpochMs,
  limit: number,
): Promise<Result<readonly StoredDue[], PortFailure>> {
  const shards = Array.from({ length: dueShards }, (_, shard) => duePk(shard));
  const answers = await Promise.all(shards.map((pk) => loadShard(deps, pk, { untilMs, limit })));
  const rows: StoredDue[] = [];
  for (const answer of answers) {
    if (!answer.ok) return answer;
    rows.push(...answer.value);
  }
  return ok(rows.toSorted((a, b) => a.dueAtMs - b.dueAtMs).slice(0, limit));
}

async function loadShard(
  deps: TableDeps,
  pk: string,
  until: { readonly untilMs: EpochMs; readonly limit: number },
): Promise<Result<readonly StoredDue[], PortFailure>> {
  const found = await queryItems(
    deps,
    {
      KeyConditionExpression: 'pk = :pk AND sk < :end',
      ExpressionAttributeValues: { ':pk': { S: pk }, ':end': { S: dueEnd(until.untilMs) } },
      ConsistentRead: true,
      Limit: until.limit,
    },
    { doing: 'read what is due', maxPages: maxPagesOfDue, enough: until.limit },
  );
  return found.ok ? ok(found.value.items.flatMap((image) => readDue(deps, image))) : found;
}

/**
 * A row that cannot be read was written by newer code, during a deployment: it is left for that
 * code and told to operators, rather than stopping every other incident's clock.
 */
function readDue(deps: TableDeps, image: Image): readonly StoredDue[] {
  const due = decodeDueImage(image);
  if (due.ok) return [due.value];
  deps.log.error('A due row cannot be read and is left in place', { reason: due.error.reason });
  return [];
}

/** See the port. A row that was written again since it was read stays. */
export async function dropDue(
  deps: TableDeps,
  rows: readonly StoredDue[],
): Promise<Result<void, PortFailure>> {
  for (let from = 0; from < rows.length; from += deletesAtOnce) {
    const some = rows.slice(from, from + deletesAtOnce);
    const answers = await Promise.all(some.map((row) => dropRow(deps, row)));
    const failed = answers.find((answer) => !answer.ok && answer.error.kind !== 'conflict');
    if (failed !== undefined) return failed;
  }
  return ok(undefined);
}

async function dropRow(
  deps: TableDeps,
  row: DueAt & Pick<StoredDue, 'writtenAtVersion'>,
): Promise<Result<void, PortFailure>> {
  const version = row.writtenAtVersion;
  const command = new DeleteItemCommand({
    TableName: deps.tableName,
    Key: sdkKey(dueKey(row)),
    ...(version === undefined
      ? {}
      : {
          ConditionExpression: 'attribute_not_exists(pk) OR v = :seen',
          ExpressionAttributeValues: { ':seen': { N: String(version) } },
        }),
  });
  const answer = await attempt('drop a due row', () => deps.client.send(command));
  return answer.ok ? ok(undefined) : answer;
}

import {
  QueryCommand,
  type DynamoDBClient,
  type QueryCommandInput,
} from '@aws-sdk/client-dynamodb';
import { ok, type Result } from '../../domain/shared/result.ts';
import type { Image, ItemKey } from '../../codec/table/attributes.ts';
import type { PortFailure } from '../../ports/failure.ts';
import type { Clock, Log, Rng } from '../../ports/system.ts';
import { attempt } from './failures.ts';

/** What the parts of the store work with. */
export interface TableDeps {
  readonly client: DynamoDBClient;
  readonly tableName: string;
  /** For expiry, and for waits between tries. */
  readonly clock: Clock;
  /** For jitter, and for telling one's own claim from another's. */
  readonly rng: Rng;
  readonly log: Log;
}

/** A key as the SDK wants it. */
export const sdkKey = ({ pk, sk }: ItemKey): { pk: { S: string }; sk: { S: string } } => ({
  pk: { S: pk },
  sk: { S: sk },
});

/** Which items a query collects, and where it stops. */
export interface Collect {
  readonly doing: string;
  readonly maxPages: number;
  /** Stops when it has at least so many. */
  readonly enough?: number;
}

/** The items of a query over all its pages, up to the bound. */
export async function queryItems(
  deps: TableDeps,
  input: Omit<QueryCommandInput, 'TableName'>,
  { doing, maxPages, enough = Infinity }: Collect,
): Promise<Result<{ readonly items: readonly Image[]; readonly isWhole: boolean }, PortFailure>> {
  const items: Image[] = [];
  let from: QueryCommandInput['ExclusiveStartKey'];
  for (let page = 0; page < maxPages && items.length < enough; page += 1) {
    const command = new QueryCommand({
      ...input,
      TableName: deps.tableName,
      ...(from === undefined ? {} : { ExclusiveStartKey: from }),
    });
    const answer = await attempt(doing, () => deps.client.send(command));
    if (!answer.ok) return answer;
    items.push(...(answer.value.Items ?? []));
    from = answer.value.LastEvaluatedKey;
    if (from === undefined) return ok({ items, isWhole: true });
  }
  return ok({ items, isWhole: false });
}

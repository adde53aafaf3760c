import {
  GetItemCommand,
  QueryCommand,
  type DynamoDBClient,
  type QueryCommandInput,
} from '@aws-sdk/client-dynamodb';
import { err, ok, type Result } from '../../domain/shared/result.ts';
import type { Image, ItemKey, UnreadableItem } from '../../codec/table/attributes.ts';
import type { PortFailure } from '../../ports/failure.ts';
import type { Clock, Log, Rng } from '../../ports/system.ts';
import { attempt, rejectedItem } from './failures.ts';

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

/** One item, read strongly consistently; null when there is none. */
export async function getItem(
  deps: TableDeps,
  key: ItemKey,
  doing: string,
): Promise<Result<Image | null, PortFailure>> {
  const command = new GetItemCommand({
    TableName: deps.tableName,
    Key: sdkKey(key),
    ConsistentRead: true,
  });
  const answer = await attempt(doing, () => deps.client.send(command));
  return answer.ok ? ok(answer.value.Item ?? null) : answer;
}

/** One value, read strongly consistently; null when there is no item. */
export async function getValue<Value>(
  deps: TableDeps,
  key: ItemKey,
  how: {
    readonly doing: string;
    readonly read: (image: Image) => Result<Value, UnreadableItem>;
  },
): Promise<Result<Value | null, PortFailure>> {
  const image = await getItem(deps, key, how.doing);
  if (!image.ok || image.value === null) return image.ok ? ok(null) : image;
  const value = how.read(image.value);
  return value.ok ? value : err(rejectedItem(value.error));
}

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

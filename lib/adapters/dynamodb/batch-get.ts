import { BatchGetItemCommand, type KeysAndAttributes } from '@aws-sdk/client-dynamodb';
import { err, ok, type Result } from '../../domain/shared/result.ts';
import { durationMs } from '../../domain/shared/time.ts';
import type { Image, ItemKey } from '../../codec/table/attributes.ts';
import type { PortFailure } from '../../ports/failure.ts';
import { attempt } from './failures.ts';
import { maxBatchGetTries } from './limits.ts';
import { sdkKey, type TableDeps } from './table.ts';

type SdkKeys = NonNullable<KeysAndAttributes['Keys']>;

/**
 * The items of up to `maxBatchGetKeys` different keys, read strongly consistently, in no order;
 * those that are absent are left out. Asks again for what DynamoDB leaves unread, a few times.
 */
export async function batchGet(
  deps: TableDeps,
  keys: readonly ItemKey[],
  doing: string,
): Promise<Result<readonly Image[], PortFailure>> {
  const images: Image[] = [];
  let left: SdkKeys = keys.map(sdkKey);
  for (let tries = 0; left.length > 0 && tries < maxBatchGetTries; tries += 1) {
    if (tries > 0) await deps.clock.sleep(durationMs(deps.rng() * 50 * 2 ** tries));
    const answer = await batchGetOnce(deps, left, doing);
    if (!answer.ok) return answer;
    images.push(...answer.value.images);
    left = answer.value.left;
  }
  return left.length === 0 ? ok(images) : err(leftUnread(left.length));
}

async function batchGetOnce(
  { client, tableName }: TableDeps,
  keys: SdkKeys,
  doing: string,
): Promise<Result<{ readonly images: readonly Image[]; readonly left: SdkKeys }, PortFailure>> {
  const request = { [tableName]: { Keys: keys, ConsistentRead: true } };
  const command = new BatchGetItemCommand({ RequestItems: request });
  const answer = await attempt(doing, () => client.send(command));
  if (!answer.ok) return answer;
  const { Responses, UnprocessedKeys } = answer.value;
  return ok({
    images: Responses?.[tableName] ?? [],
    left: UnprocessedKeys?.[tableName]?.Keys ?? [],
  });
}

const leftUnread = (count: number): PortFailure => ({
  kind: 'throttled',
  message: `DynamoDB left ${count} items unread after ${maxBatchGetTries} tries.`,
});

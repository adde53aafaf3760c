import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { err, ok, type Result } from '../../domain/shared/result.ts';
import {
  keyOf,
  type Image,
  type ItemKey,
  type UnreadableItem,
} from '../../codec/table/attributes.ts';
import type { PortFailure } from '../../ports/failure.ts';
import { batchGet } from './batch-get.ts';
import { attempt, rejectedItem } from './failures.ts';
import { maxBatchGetKeys } from './limits.ts';
import { sdkKey, type TableDeps } from './table.ts';

/** One item, read strongly consistently; null when there is none. `doing` completes "could not". */
export type ReadItem = (key: ItemKey, doing: string) => Promise<Result<Image | null, PortFailure>>;

interface Asked {
  readonly key: ItemKey;
  readonly doing: string;
  readonly answer: PromiseWithResolvers<Result<Image | null, PortFailure>>;
}

/**
 * Reads items by key. What is asked for in one step of the program, before it waits for anything,
 * goes out as one BatchGetItem: it costs the same units, and one round trip instead of several.
 */
export function createItemReader(deps: TableDeps): ReadItem {
  let waiting: Asked[] = [];
  const send = (): void => {
    const asked = waiting;
    waiting = [];
    for (let from = 0; from < asked.length; from += maxBatchGetKeys) {
      void answerAll(deps, asked.slice(from, from + maxBatchGetKeys));
    }
  };
  return (key, doing) => {
    const answer = Promise.withResolvers<Result<Image | null, PortFailure>>();
    if (waiting.length === 0) queueMicrotask(send);
    waiting.push({ key, doing, answer });
    return answer.promise;
  };
}

/** One value; null when there is no item. */
export async function readValue<Value>(
  readItem: ReadItem,
  key: ItemKey,
  how: {
    readonly doing: string;
    readonly read: (image: Image) => Result<Value, UnreadableItem>;
  },
): Promise<Result<Value | null, PortFailure>> {
  const image = await readItem(key, how.doing);
  if (!image.ok || image.value === null) return image.ok ? ok(null) : image;
  const value = how.read(image.value);
  return value.ok ? value : err(rejectedItem(value.error));
}

async function answerAll(deps: TableDeps, asked: readonly Asked[]): Promise<void> {
  try {
    const images = await readAll(deps, asked);
    for (const { key, answer } of asked) {
      answer.resolve(images.ok ? ok(images.value.get(nameOf(key)) ?? null) : images);
    }
  } catch (mistake) {
    for (const { answer } of asked) answer.reject(mistake);
  }
}

async function readAll(
  deps: TableDeps,
  asked: readonly Asked[],
): Promise<Result<ReadonlyMap<string, Image>, PortFailure>> {
  // DynamoDB refuses a batch with the same key twice.
  const keys = new Map(asked.map(({ key }) => [nameOf(key), key]));
  const doing = [...new Set(asked.map((one) => one.doing))].join(' and ');
  const [only] = keys.values();
  const images =
    only !== undefined && keys.size === 1
      ? await getItem(deps, only, doing)
      : await batchGet(deps, [...keys.values()], doing);
  return images.ok
    ? ok(new Map(images.value.map((image) => [nameOf(keyOf(image)), image])))
    : images;
}

async function getItem(
  { client, tableName }: TableDeps,
  key: ItemKey,
  doing: string,
): Promise<Result<readonly Image[], PortFailure>> {
  const command = new GetItemCommand({
    TableName: tableName,
    Key: sdkKey(key),
    ConsistentRead: true,
  });
  const answer = await attempt(doing, () => client.send(command));
  if (!answer.ok) return answer;
  return ok(answer.value.Item === undefined ? [] : [answer.value.Item]);
}

/** No key of ours holds a blank: names that do stand as their hash. */
const nameOf = ({ pk, sk }: ItemKey): string => `${pk} ${sk}`;

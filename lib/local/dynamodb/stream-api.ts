import { isJsonObject, type JsonObject } from '../shared/json.ts';
import type { Shard, ShardStart, StreamSource } from '../stream/stream-source.ts';
import { DynamoDbError, type DynamoDbClient } from './client.ts';
import type { CreatedTable } from './create-table.ts';

/** Reads the stream of a table over the DynamoDB Streams API. */
export function createStreamSource(client: DynamoDbClient, table: CreatedTable): StreamSource {
  const { streamArn, hashKey, tableName } = table;
  if (streamArn === undefined) {
    throw new Error(`Table ${tableName} has no stream, and a mapping of the template reads one.`);
  }
  return {
    streamArn,
    hashKey,
    listShards: () => listShards(client, streamArn),
    open: async (shardId, start) => {
      try {
        return await openShard(client, { streamArn, shardId, start });
      } catch (error) {
        const isTrimmed =
          error instanceof DynamoDbError && error.code === 'TrimmedDataAccessException';
        if (!isTrimmed) throw error;
        return await openShard(client, { streamArn, shardId, start: { kind: 'oldest' } });
      }
    },
    read: async (iterator, limit) => {
      const answer = await client.streams('GetRecords', { ShardIterator: iterator, Limit: limit });
      return {
        records: listOf(answer, 'Records'),
        next: optionalText(answer, 'NextShardIterator'),
      };
    },
  };
}

async function listShards(client: DynamoDbClient, streamArn: string): Promise<readonly Shard[]> {
  const shards: Shard[] = [];
  let from: string | undefined;
  do {
    const answer = await client.streams('DescribeStream', {
      StreamArn: streamArn,
      ...(from === undefined ? {} : { ExclusiveStartShardId: from }),
    });
    const description = answer['StreamDescription'];
    if (!isJsonObject(description)) throw unexpected('DescribeStream', answer);
    shards.push(
      ...listOf(description, 'Shards').map((shard) => ({
        shardId: text(shard, 'ShardId'),
        parentShardId: optionalText(shard, 'ParentShardId'),
      })),
    );
    from = optionalText(description, 'LastEvaluatedShardId');
  } while (from !== undefined);
  return shards;
}

async function openShard(
  client: DynamoDbClient,
  given: { readonly streamArn: string; readonly shardId: string; readonly start: ShardStart },
): Promise<string> {
  const answer = await client.streams('GetShardIterator', {
    StreamArn: given.streamArn,
    ShardId: given.shardId,
    ...iteratorType(given.start),
  });
  return text(answer, 'ShardIterator');
}

function iteratorType(start: ShardStart): JsonObject {
  switch (start.kind) {
    case 'oldest':
      return { ShardIteratorType: 'TRIM_HORIZON' };
    case 'latest':
      return { ShardIteratorType: 'LATEST' };
    case 'after':
      return {
        ShardIteratorType: 'AFTER_SEQUENCE_NUMBER',
        SequenceNumber: start.sequenceNumber,
      };
  }
}

function listOf(answer: JsonObject, name: string): readonly JsonObject[] {
  const value = answer[name] ?? [];
  if (!Array.isArray(value)) throw unexpected(name, answer);
  return value.filter(isJsonObject);
}

function text(answer: JsonObject, name: string): string {
  const value = answer[name];
  if (typeof value !== 'string') throw unexpected(name, answer);
  return value;
}

function optionalText(answer: JsonObject, name: string): string | undefined {
  const value = answer[name] ?? undefined;
  return value === undefined ? undefined : text(answer, name);
}

function unexpected(name: string, answer: JsonObject): Error {
  return new Error(
    `DynamoDB's ${name} is not as expected: ${JSON.stringify(answer).slice(0, 200)}`,
  );
}

import {
  ConditionalCheckFailedException,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { err, ok, type Result } from '../../domain/shared/result.ts';
import type { EpochMs } from '../../domain/shared/time.ts';
import { numberOf } from '../../codec/table/attributes.ts';
import type { PortFailure } from '../../ports/failure.ts';
import type { Claim } from '../../ports/store.ts';
import { absentOrExpired } from './conditions.ts';
import { attempt } from './failures.ts';
import { counterOf, claimItem } from './items.ts';
import { sdkKey, type TableDeps } from './table.ts';

/**
 * See the port. When the SDK tries again because an answer was lost, the first try may have made
 * the mark; the nonce in it then tells that it is ours, so that somebody does hold the claim.
 */
export async function claim(deps: TableDeps, wanted: Claim): Promise<Result<boolean, PortFailure>> {
  const nonce = String(deps.rng());
  const command = new PutItemCommand({
    TableName: deps.tableName,
    Item: claimItem(wanted, nonce),
    ...absentOrExpired(wanted.atMs),
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });
  const answer = await attempt('make a claim', () => deps.client.send(command));
  if (answer.ok) return ok(true);
  const { cause } = answer.error;
  if (!(cause instanceof ConditionalCheckFailedException)) return answer;
  return ok(cause.Item?.['nonce']?.S === nonce);
}

/** See the port. A try whose answer was lost may count twice: a rate errs on the careful side. */
export async function countInMinute(
  deps: TableDeps,
  count: { readonly counter: string; readonly atMs: EpochMs; readonly n: number },
): Promise<Result<number, PortFailure>> {
  const { key, untilMs } = counterOf(count.counter, count.atMs);
  const command = new UpdateItemCommand({
    TableName: deps.tableName,
    Key: sdkKey(key),
    UpdateExpression: 'SET kind = :kind, expiresAtS = :expiresAtS ADD n :n',
    ExpressionAttributeValues: {
      ':kind': { S: 'rate' },
      ':expiresAtS': { N: String(Math.ceil(untilMs / 1000)) },
      ':n': { N: String(count.n) },
    },
    ReturnValues: 'UPDATED_NEW',
  });
  const answer = await attempt('count', () => deps.client.send(command));
  if (!answer.ok) return answer;
  const sum = numberOf(answer.value.Attributes ?? {}, 'n');
  return sum === null
    ? err({ kind: 'unavailable', message: 'DynamoDB counted and did not say how far.' })
    : ok(sum);
}

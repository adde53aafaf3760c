import { invariant } from '../../domain/shared/invariant.ts';
import type { Discard } from './delivery.ts';

/** What a failure destination is told about one batch: where the records were, not what they held. */
export interface FailureMessage {
  readonly requestContext: {
    readonly requestId: string;
    readonly functionArn: string;
    readonly condition: string;
    readonly approximateInvokeCount: number;
  };
  readonly responseContext: {
    readonly statusCode: number;
    readonly executedVersion: string;
    readonly functionError?: string;
  };
  readonly version: string;
  readonly timestamp: string;
  readonly DDBStreamBatchInfo: {
    readonly shardId: string;
    readonly startSequenceNumber: string;
    readonly endSequenceNumber: string;
    readonly approximateArrivalOfFirstRecord: string;
    readonly approximateArrivalOfLastRecord: string;
    readonly batchSize: number;
    readonly streamArn: string;
  };
}

/** Where and when records were given up. */
export interface FailureContext {
  readonly requestId: string;
  readonly functionArn: string;
  readonly shardId: string;
  readonly streamArn: string;
  readonly nowMs: number;
}

/** Lambda's message; fields as in https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html . */
export function failureMessage(discard: Discard, context: FailureContext): FailureMessage {
  const { records, condition, invocations, functionError } = discard;
  const [first, last] = [records.at(0), records.at(-1)];
  invariant(first !== undefined && last !== undefined, 'what is given up holds a record');
  return {
    requestContext: {
      requestId: context.requestId,
      functionArn: context.functionArn,
      condition,
      approximateInvokeCount: invocations,
    },
    responseContext: {
      statusCode: 200,
      executedVersion: '$LATEST',
      ...(functionError === undefined ? {} : { functionError }),
    },
    version: '1.0',
    timestamp: new Date(context.nowMs).toISOString(),
    DDBStreamBatchInfo: {
      shardId: context.shardId,
      startSequenceNumber: first.sequenceNumber,
      endSequenceNumber: last.sequenceNumber,
      approximateArrivalOfFirstRecord: toTheSecond(first.createdAtMs),
      approximateArrivalOfLastRecord: toTheSecond(last.createdAtMs),
      batchSize: records.length,
      streamArn: context.streamArn,
    },
  };
}

function toTheSecond(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d{3}Z$/, 'Z');
}

import { Duration } from 'aws-cdk-lib';
import { EventSourceMapping, FilterCriteria, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { streamArnOf } from '../permissions.ts';
import type { TocsinFunction } from './tocsin-function.ts';

/** What one function reads from the table's stream. */
export interface StreamReaderProps {
  readonly table: TableV2;
  readonly reader: TocsinFunction;
  /** Only new rows whose `kind` attribute is this one; what is filtered out costs nothing. */
  readonly kind: 'intent' | 'commit';
  readonly batchSize: number;
  readonly deadLetters: IQueue;
}

/**
 * One event source mapping. There is no batching window, since a page may be in the batch. Every
 * bound that Lambda leaves open is set: its defaults retry a poison record for a day and block
 * the records behind it. Reading starts at the oldest record, so a new mapping misses nothing.
 */
export class StreamReader extends Construct {
  constructor(scope: Construct, id: string, props: StreamReaderProps) {
    super(scope, id);
    const mapping = new EventSourceMapping(this, 'Mapping', {
      target: props.reader.fn,
      eventSourceArn: streamArnOf(props.table),
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: props.batchSize,
      parallelizationFactor: 10,
      bisectBatchOnError: true,
      reportBatchItemFailures: true,
      retryAttempts: 5,
      maxRecordAge: Duration.hours(1),
      onFailure: { bind: () => ({ destination: props.deadLetters.queueArn }) },
      filters: [
        FilterCriteria.filter({
          eventName: ['INSERT'],
          dynamodb: { NewImage: { kind: { S: [props.kind] } } },
        }),
      ],
    });
    // Lambda checks the role's permissions when the mapping is created.
    mapping.node.addDependency(props.reader.role);
  }
}

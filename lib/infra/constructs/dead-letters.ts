import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { FunctionName } from '../functions.ts';
import type { StageSettings } from '../stage.ts';

/**
 * The functions that nobody waits for. Whatever they finally cannot do, at the hands of a stream
 * mapping, a rule or an asynchronous call, ends in a queue of the function's own for 14 days.
 */
export const UNATTENDED = [
  'page',
  'relay',
  'clock',
  'postmortem',
  'announce',
  'reconcile',
  'coverage',
  'act',
] as const satisfies readonly FunctionName[];
export type UnattendedName = (typeof UNATTENDED)[number];

/** One dead-letter queue for each function that nobody waits for. */
export class DeadLetters extends Construct {
  readonly queues: Readonly<Record<UnattendedName, Queue>>;

  constructor(scope: Construct, id: string, settings: StageSettings) {
    super(scope, id);
    const create = (name: UnattendedName): Queue => {
      const queue = new Queue(this, name, {
        encryption: QueueEncryption.SQS_MANAGED,
        enforceSSL: true,
        retentionPeriod: Duration.days(14),
        removalPolicy: settings.retained ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
      });
      Validations.of(queue).acknowledge({
        id: 'AwsSolutions::AwsSolutions-SQS3',
        reason: 'It is itself the dead-letter queue: of a mapping, a rule or an async call.',
      });
      return queue;
    };
    this.queues = {
      page: create('page'),
      relay: create('relay'),
      clock: create('clock'),
      postmortem: create('postmortem'),
      announce: create('announce'),
      reconcile: create('reconcile'),
      coverage: create('coverage'),
      act: create('act'),
    };
  }
}

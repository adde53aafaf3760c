import { Duration } from 'aws-cdk-lib';
import { EventBus, Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

/** The bus that every domain event is put on, for us and for rules that users add. */
export class DomainBus extends Construct {
  readonly bus: EventBus;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.bus = new EventBus(this, 'Bus', {
      description: 'Tocsin: every domain event, at least once and in no order',
    });
  }
}

/** A function that a rule calls, with the queue for what could not be done. */
export interface RuleTarget {
  readonly fn: IFunction;
  readonly deadLetters: IQueue;
}

/**
 * The rules that call functions. A rule's own dead letters are calls that never reached Lambda;
 * once Lambda has queued a call, failures are the function's and go to its failure destination.
 */
export class Rules extends Construct {
  constructor(
    scope: Construct,
    id: string,
    targets: {
      readonly bus: EventBus;
      readonly clock: RuleTarget;
      readonly postmortem: RuleTarget;
    },
  ) {
    super(scope, id);
    this.#onResolved(targets.bus, targets.postmortem);
    this.#everyMinute(targets.clock);
  }

  #onResolved(bus: EventBus, { fn, deadLetters }: RuleTarget): void {
    new Rule(this, 'Resolved', {
      description: 'Writes the post-mortem when an incident is resolved',
      eventBus: bus,
      eventPattern: { detailType: ['incident.resolved'] },
      targets: [
        new LambdaFunction(fn, {
          deadLetterQueue: deadLetters,
          maxEventAge: Duration.hours(6),
          retryAttempts: 20,
        }),
      ],
    });
    fn.configureAsyncInvoke({
      onFailure: { bind: () => ({ destination: deadLetters.queueArn }) },
      maxEventAge: Duration.hours(6),
      retryAttempts: 2,
    });
  }

  /** No retries: the next tick comes in a minute and does the work of the one that failed. */
  #everyMinute({ fn, deadLetters }: RuleTarget): void {
    new Rule(this, 'EveryMinute', {
      description: 'Starts the clock, which looks one minute ahead',
      schedule: Schedule.rate(Duration.minutes(1)),
      targets: [
        new LambdaFunction(fn, {
          deadLetterQueue: deadLetters,
          maxEventAge: Duration.minutes(1),
          retryAttempts: 0,
        }),
      ],
    });
    fn.configureAsyncInvoke({
      onFailure: { bind: () => ({ destination: deadLetters.queueArn }) },
      maxEventAge: Duration.minutes(1),
      retryAttempts: 0,
    });
  }
}

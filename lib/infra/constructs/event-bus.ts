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

/** The functions that a schedule starts. */
export const SCHEDULED = ['clock', 'announce', 'reconcile', 'coverage'] as const;
export type ScheduledName = (typeof SCHEDULED)[number];

interface ScheduleSpec {
  readonly id: string;
  readonly description: string;
  readonly period: Duration;
  /** A start that waited longer than this is dropped. Lambda's least is a minute. */
  readonly maxAge: Duration;
}

const SCHEDULES: Readonly<Record<ScheduledName, ScheduleSpec>> = {
  clock: {
    id: 'EveryMinute',
    description: 'Starts the clock, which looks one minute ahead',
    period: Duration.minutes(1),
    maxAge: Duration.minutes(1),
  },
  announce: {
    id: 'Announcing',
    description: 'Tells Slack what it has not taken yet',
    period: Duration.minutes(1),
    maxAge: Duration.minutes(1),
  },
  reconcile: {
    id: 'Reconciling',
    description: 'Compares open incidents with those of PagerDuty',
    period: Duration.minutes(4),
    maxAge: Duration.minutes(2),
  },
  // Twice a day, so that one run comes some hours before each night, wherever the night is.
  coverage: {
    id: 'Covering',
    description: 'Looks for gaps in the coverage of the coming week',
    period: Duration.hours(12),
    maxAge: Duration.hours(1),
  },
};

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
      readonly postmortem: RuleTarget;
      readonly scheduled: Readonly<Record<ScheduledName, RuleTarget>>;
    },
  ) {
    super(scope, id);
    this.#onResolved(targets.bus, targets.postmortem);
    for (const name of SCHEDULED) this.#every(SCHEDULES[name], targets.scheduled[name]);
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

  /** No retries: the next run comes soon enough and does the work of the one that failed. */
  #every({ id, description, period, maxAge }: ScheduleSpec, target: RuleTarget): void {
    const { fn, deadLetters } = target;
    new Rule(this, id, {
      description,
      schedule: Schedule.rate(period),
      targets: [
        new LambdaFunction(fn, {
          deadLetterQueue: deadLetters,
          maxEventAge: maxAge,
          retryAttempts: 0,
        }),
      ],
    });
    fn.configureAsyncInvoke({
      onFailure: { bind: () => ({ destination: deadLetters.queueArn }) },
      maxEventAge: maxAge,
      retryAttempts: 0,
    });
  }
}

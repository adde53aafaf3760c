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
export const SCHEDULED = ['clock', 'announce', 'act', 'reconcile', 'coverage'] as const;
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
  act: {
    id: 'Acting',
    description: 'Carries on with actions that are under way',
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

/** The functions that domain events start. */
const ON_EVENTS = ['postmortem', 'act'] as const;
type OnEventsName = (typeof ON_EVENTS)[number];

const LISTENERS: Readonly<
  Record<OnEventsName, { readonly id: string; readonly why: string; readonly types: string[] }>
> = {
  postmortem: {
    id: 'Resolved',
    why: 'Writes the post-mortem when an incident is resolved',
    types: ['incident.resolved'],
  },
  // The stream has its readers: another one would slow those that page.
  act: {
    id: 'ToAct',
    why: 'Looks for what may help an incident, and carries on with what was asked or approved',
    types: [
      'incident.opened',
      'incident.reopened',
      'incident.resolved',
      'alerts.attached',
      'severity.changed',
      'change.found',
      'action.requested',
      'action.planned',
      'action.approved',
    ],
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
      readonly onEvents: Readonly<Record<OnEventsName, RuleTarget>>;
      readonly scheduled: Readonly<Record<ScheduledName, RuleTarget>>;
    },
  ) {
    super(scope, id);
    for (const name of ON_EVENTS) this.#listen(targets.bus, name, targets.onEvents[name]);
    for (const name of SCHEDULED) this.#every(SCHEDULES[name], targets.scheduled[name]);
    const all = { ...targets.scheduled, ...targets.onEvents };
    for (const [name, target] of Object.entries(all)) {
      // The entries are those of the two records, whose keys are exactly these.
      retry(target, RETRIES[name as ScheduledName | OnEventsName]);
    }
  }

  #listen(bus: EventBus, name: OnEventsName, { fn, deadLetters }: RuleTarget): void {
    const { id, why, types } = LISTENERS[name];
    new Rule(this, id, {
      description: why,
      eventBus: bus,
      eventPattern: { detailType: types },
      targets: [
        new LambdaFunction(fn, {
          deadLetterQueue: deadLetters,
          maxEventAge: Duration.hours(6),
          retryAttempts: 20,
        }),
      ],
    });
  }

  /** No retries: the next run comes soon enough and does the work of the one that failed. */
  #every({ id, description, period, maxAge }: ScheduleSpec, { fn, deadLetters }: RuleTarget): void {
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
  }
}

interface Retries {
  readonly maxAge: Duration;
  readonly attempts: number;
}

/** What Lambda does with a call that it queued and that failed. */
const RETRIES: Readonly<Record<ScheduledName | OnEventsName, Retries>> = {
  clock: { maxAge: SCHEDULES.clock.maxAge, attempts: 0 },
  announce: { maxAge: SCHEDULES.announce.maxAge, attempts: 0 },
  reconcile: { maxAge: SCHEDULES.reconcile.maxAge, attempts: 0 },
  coverage: { maxAge: SCHEDULES.coverage.maxAge, attempts: 0 },
  postmortem: { maxAge: Duration.hours(6), attempts: 2 },
  // Domain events come once; a tick that is tried again finds nothing left to do.
  act: { maxAge: Duration.hours(1), attempts: 2 },
};

function retry({ fn, deadLetters }: RuleTarget, { maxAge, attempts }: Retries): void {
  fn.configureAsyncInvoke({
    onFailure: { bind: () => ({ destination: deadLetters.queueArn }) },
    maxEventAge: maxAge,
    retryAttempts: attempts,
  });
}

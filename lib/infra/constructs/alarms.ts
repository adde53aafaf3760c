import { Duration, Stack } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  Metric,
  TreatMissingData,
  type IMetric,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { FilterPattern, MetricFilter, type ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { FUNCTION_NAMES, type FunctionName } from '../functions.ts';
import { UNATTENDED, type UnattendedName } from './dead-letters.ts';

/** What is watched. */
export interface AlarmsProps {
  readonly functions: Readonly<Record<FunctionName, IFunction>>;
  readonly deadLetters: Readonly<Record<UnattendedName, IQueue>>;
  /** Logs of those functions that decide about incidents. */
  readonly decisionLogs: readonly ILogGroup[];
  readonly api: HttpApi;
  readonly fallbackTopic: ITopic;
  /** Who is told, of trouble and of its end. */
  readonly topic: ITopic;
}

const MINUTE = Duration.minutes(1);
/** The functions that read the stream. */
const STREAM_READERS = ['page', 'relay', 'announce'] as const;

interface Watch {
  readonly metric: IMetric;
  /** What happened, and where to look: the text that the operator is woken with. */
  readonly description: string;
  readonly over: number;
}

/** An alarm on everything that can fail. Each is about one cause, named in its description. */
export class Alarms extends Construct {
  readonly #topic: ITopic;

  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    this.#topic = props.topic;
    for (const name of FUNCTION_NAMES) this.#watchFunction(name, props.functions[name]);
    for (const name of UNATTENDED) this.#watchDeadLetters(name, props.deadLetters[name]);
    for (const name of STREAM_READERS) this.#watchStream(name, props.functions[name]);
    this.#watchClock(props.functions.clock);
    this.#watchFallback(props.fallbackTopic);
    this.#watchGivenUp(props.decisionLogs);
    this.#watch('api-server-errors', {
      metric: props.api.metricServerError({ period: MINUTE, statistic: 'Sum' }),
      description: 'The HTTP API answered 5xx. Senders retry; look at the access log.',
      over: 0,
    });
  }

  #watchFunction(name: FunctionName, fn: IFunction): void {
    this.#watch(`${name}-errors`, {
      metric: fn.metricErrors({ period: MINUTE, statistic: 'Sum' }),
      description: `The ${name} function failed or ran out of time. Look at its log.`,
      over: 0,
    });
    this.#watch(`${name}-throttles`, {
      metric: fn.metricThrottles({ period: MINUTE, statistic: 'Sum' }),
      description:
        `Lambda refused calls of the ${name} function: its reserved concurrency or the ` +
        `account's is used up.`,
      over: 0,
    });
  }

  #watchDeadLetters(name: UnattendedName, queue: IQueue): void {
    this.#watch(`${name}-dead-letters`, {
      metric: queue.metricApproximateNumberOfMessagesVisible({ period: MINUTE, statistic: 'Max' }),
      description: `The ${name} function gave something up. Its dead-letter queue holds what.`,
      over: 0,
    });
  }

  #watchStream(name: FunctionName, fn: IFunction): void {
    const metric = new Metric({
      namespace: 'AWS/Lambda',
      metricName: 'IteratorAge',
      dimensionsMap: { FunctionName: fn.functionName },
      period: MINUTE,
      statistic: 'Max',
    });
    this.#watch(`${name}-stream-behind`, {
      metric,
      description: `The ${name} function is more than two minutes behind the table's stream.`,
      over: Duration.minutes(2).toMilliseconds(),
    });
  }

  /** The only alarm to which silence is trouble: without ticks nobody sees a deadline pass. */
  #watchClock(clock: IFunction): void {
    const alarm = new Alarm(this, 'clock-stopped', {
      metric: clock.metricInvocations({ period: MINUTE, statistic: 'Sum' }),
      alarmDescription: this.#text('The clock has not been started for three minutes.'),
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      threshold: 1,
      evaluationPeriods: 3,
      treatMissingData: TreatMissingData.BREACHING,
    });
    this.#notify(alarm);
  }

  #watchFallback(topic: ITopic): void {
    this.#watch('fallback-used', {
      metric: topic.metricNumberOfMessagesPublished({ period: MINUTE, statistic: 'Sum' }),
      description: 'People were paged by the second channel. Is PagerDuty reachable?',
      over: 0,
    });
    this.#watch('fallback-undelivered', {
      metric: topic.metricNumberOfNotificationsFailed({ period: MINUTE, statistic: 'Sum' }),
      description: 'A page by the second channel was not delivered. Check its subscriptions.',
      over: 0,
    });
  }

  /** Whichever function finds that a page's time is over writes the line that is counted here. */
  #watchGivenUp(logs: readonly ILogGroup[]): void {
    const metricNamespace = Stack.of(this).stackName;
    const metricName = 'PagesGivenUp';
    for (const [index, logGroup] of logs.entries()) {
      new MetricFilter(this, `given-up-${index}`, {
        logGroup,
        filterPattern: FilterPattern.stringValue('$.message', '=', 'A page was given up.'),
        metricNamespace,
        metricName,
      });
    }
    this.#watch('page-given-up', {
      metric: new Metric({
        namespace: metricNamespace,
        metricName,
        period: MINUTE,
        statistic: 'Sum',
      }),
      description:
        'A page was given up: PagerDuty or the second channel never took it. Make sure that ' +
        "whoever is on call knows; the incident's timeline says why.",
      over: 0,
    });
  }

  #watch(id: string, watch: Watch): void {
    const alarm = new Alarm(this, id, {
      metric: watch.metric,
      alarmDescription: this.#text(watch.description),
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      threshold: watch.over,
      evaluationPeriods: 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    this.#notify(alarm);
  }

  #notify(alarm: Alarm): void {
    const action = new SnsAction(this.#topic);
    alarm.addAlarmAction(action);
    alarm.addOkAction(action);
  }

  #text(description: string): string {
    return `${Stack.of(this).stackName}: ${description}`;
  }
}
